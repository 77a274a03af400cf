// Where the rows measure: processes that end with the script, pinned to a core; a centre to measure; medians of rounds.
//
// Servers stand on core 0 and who asks on core 1. Everything lies in a folder of the build's, on the disk that the build is on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { cpus, constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pause } from '../http/patience.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
export const slug = 'haidian';

// Debian's nginx gives up being root.
const nginxHead = (folder) => `daemon off; master_process off; pid ${folder}/pid; error_log stderr;
events { worker_connections 16384; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 600;
open_file_cache max=16; default_type application/json; client_max_body_size 64m;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
`;

class Server {
  constructor(child, name, err) {
    Object.assign(this, { child, name, err, pid: child.pid });
  }

  get gone() { return this.child.exitCode !== null || this.child.signalCode !== null; }

  stat() { return readFileSync(`/proc/${this.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' '); }

  // Milliseconds of processor time so far, in steps of ten.
  processor() {
    const stat = this.stat();
    return (Number(stat[11]) + Number(stat[12])) * 10;
  }

  // In bytes: "VmRSS" now, "RssAnon" its own of that, "VmHWM" at most so far.
  memory(field = 'VmRSS') {
    const text = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)[1]) * 1024;
  }

  async stop(signal = 'SIGTERM') {
    if (!this.gone) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
  }

  said() { return readFileSync(this.err, 'utf8').slice(-4000); }
}

// Those of which something may be left behind.
const scenes = new Set();
process.on('exit', () => scenes.forEach((scene) => scene.clean()));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(128 + constants.signals[signal]));

export class Scene {
  running = new Set();
  servers = 0;

  constructor(build, quick) {
    mkdirSync(join(build, '..', 'bench'), { recursive: true });
    this.build = build;
    this.quick = quick;
    this.rounds = quick ? 1 : 5;
    this.folder = mkdtempSync(join(build, '..', 'bench', 'scratch-'));
    this.tools = join(build, 'tests', 'bench');
    this.node = join(root, 'tests/bench/node_modules/.bin/node');
    this.kaowu = join(build, 'kaowu');
    scenes.add(this);
  }

  clean() {
    scenes.delete(this);
    for (const child of this.running) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  path(name) { return join(this.folder, name); }

  spawn(command, { core, env, stdio }) {
    const words = core === undefined ? command : ['taskset', '-c', String(core), ...command];
    const child = spawn(words[0], words.slice(1), { stdio, cwd: root, env: { ...process.env, ...env } });
    this.running.add(child);
    child.on('exit', () => this.running.delete(child));
    return child;
  }

  // Runs to its end, which must be good: what it prints.
  async run(command, { core, env, input } = {}) {
    const child = this.spawn(command, { core, env, stdio: ['pipe', 'pipe', 'pipe'] });
    const parts = { stdout: [], stderr: [] };
    for (const name of Object.keys(parts)) child[name].on('data', (part) => parts[name].push(part));
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
    const [code] = await once(child, 'close');
    const [out, err] = Object.values(parts).map((part) => Buffer.concat(part).toString());
    if (code !== 0) throw new Error(`${command.slice(0, 4).join(' ')}: ${code}\n${err}\n${out}`.slice(0, 4000));
    return out;
  }

  // What disk.c makes of fsync: "slow", or "never" for what is only prepared.
  disk(how) { return { LD_PRELOAD: join(this.tools, 'disk.so'), FSYNC: how }; }

  prepareBy(command, options) { return this.run(command, { ...options, env: this.disk('never') }); }

  // A server that is ready once it answers at `port`, or else at the port that its first line tells.
  async start(name, command, { core = 0, env, port } = {}) {
    const [out, err] = ['out', 'err'].map((end) => this.path(`${name}.${++this.servers}.${end}`));
    const [outFile, errFile] = [out, err].map((path) => openSync(path, 'w'));
    const from = performance.now();
    const server = new Server(this.spawn(command, { core, env, stdio: ['ignore', outFile, errFile] }), name, err);
    closeSync(outFile);
    closeSync(errFile);
    for (;;) {
      if (server.gone) throw new Error(`${name} ended:\n${server.said()}`);
      if (performance.now() - from > 60000) throw new Error(`${name} does not answer:\n${server.said()}`);
      server.port = port ?? Number(/^listening on .*:(\d+)$/m.exec(readFileSync(out, 'utf8'))?.[1] ?? 0);
      if (server.port && (await answers(server.port))) break;
      await pause(1);
    }
    server.started_ms = performance.now() - from;
    return server;
  }

  // ---- Who asks ----

  // `requests`: lines for load.c. `options`: more of its command line.
  async load(port, connections, requests, options = [], { core = 1 } = {}) {
    return JSON.parse(await this.run([join(this.tools, 'load'), port, connections, ...options].map(String), { core, input: requests.join('\n') + '\n' }));
  }

  // Each of them in turn, round by round, so that the machine's mood is the same for all: what each gave, in their order.
  async inTurns(count, measures) {
    const seen = Object.fromEntries(Object.keys(measures).map((name) => [name, []]));
    for (let round = 0; round < count; round++)
      for (const [name, measure] of Object.entries(measures)) seen[name].push(await measure(round));
    return seen;
  }

  // ---- A centre ----

  // Its own plans, but for as many candidates as there are; the clock stands inside the application period.
  async centre(name, tenants = [slug]) {
    const data = this.path(name);
    if (!existsSync(this.path('pattern'))) await this.patternMake();
    cpSync(this.path('pattern'), data, { recursive: true });
    for (const tenant of tenants.filter((each) => each !== slug)) await this.tenantMake(data, tenant);
    return data;
  }

  async tenantMake(data, tenant) {
    await this.prepareBy([this.kaowu, 'tenant', 'add', tenant, '--data', data]);
    const folder = this.path(`tenant-${tenant}`);
    cpSync(this.path('tenant'), folder, { recursive: true });
    const document = JSON.parse(readFileSync(join(folder, 'tenant.json'), 'utf8'));
    writeFileSync(join(folder, 'tenant.json'), JSON.stringify({ ...document, slug: tenant, hosts: [] }));
    await this.prepareBy([this.kaowu, 'tenant', 'apply', folder, '--data', data]);
  }

  async patternMake() {
    const plans = this.path('tenant/plans');
    const data = this.path('pattern');
    cpSync(join(root, 'tenants', slug), this.path('tenant'), { recursive: true });
    let from = '';
    for (const file of readdirSync(plans)) {
      const { places, ...plan } = JSON.parse(readFileSync(join(plans, file), 'utf8'));
      from = plan.apply.from > from ? plan.apply.from : from;
      writeFileSync(join(plans, file), JSON.stringify(plan));
    }
    this.clock = new Date(Date.parse(from) + 3 * 86400000).toISOString().replace(/\.\d+/, '');
    const plugins = readdirSync(join(this.build, 'plugins')).map((file) => join(this.build, 'plugins', file));
    await this.prepareBy([this.kaowu, 'plugin', 'install', ...plugins, '--trust-unsigned', '--data', data]);
    await this.prepareBy([this.kaowu, 'tenant', 'add', slug, '--data', data]);
    await this.prepareBy([this.kaowu, 'tenant', 'apply', this.path('tenant'), '--data', data]);
  }

  serveWords(data) {
    return [this.kaowu, 'serve', '--data', data, '--listen', '127.0.0.1:0', '--demo', '--clock', this.clock];
  }

  serve(data, options) { return this.start('kaowu', this.serveWords(data), options); }

  // So many candidates, each with an application that wants nothing but to be handed in.
  async prepare(data, count, tenant = slug) {
    const out = await this.prepareBy([join(this.tools, 'prepare'), data, tenant, this.clock, String(count)]);
    return out.trim().split('\n').map((line) => {
      const [token, id, version, mobile] = line.split(' ');
      return { token, id, version, mobile, line, path: `/t/${tenant}/api/v1/applications/${id}` };
    });
  }

  // Staff of the centre: the token.
  async signIn(data, port, login) {
    const invited = JSON.parse(await this.run([this.kaowu, 'tenant', 'invite', slug, login, '--json', '--data', data]));
    const password = 'placeholder of staff';
    await ask(port, 'POST', '/staff/passwords', { body: { token: invited.token, password } });
    return (await ask(port, 'POST', '/staff/sessions', { body: { login, password } })).token;
  }

  // The statements of such requests, in a file that play.c and others' servers read.
  async record(data, kind, prepared, file, tenant = slug) {
    const input = prepared.map((each) => each.line).join('\n');
    writeFileSync(file, await this.run([join(this.tools, 'record'), data, tenant, this.clock, kind], { input }));
    return file;
  }

  // A tape for each part. They are recorded in one go: what is recorded is rolled back, so that parts recorded one by one would all
  // begin with the same number of the audit's chain, and the second could not be played after the first.
  async recordParts(data, kind, parts, file, tenant = slug) {
    const lines = readFileSync(await this.record(data, kind, parts.flat(), file, tenant), 'utf8').trim().split('\n');
    const isStatement = (line) => line.startsWith('{"statement":');
    const statements = lines.filter(isStatement);
    const requests = lines.filter((line) => !isStatement(line));
    return parts.map((part, i) => {
      const tape = `${file}.${i}`;
      writeFileSync(tape, [...statements, ...requests.splice(0, part.length)].join('\n') + '\n');
      return tape;
    });
  }

  async play(kind, batch, threads, tapes, options) {
    return JSON.parse(await this.run([join(this.tools, 'play'), kind, batch, threads, ...tapes.flat()].map(String), options));
  }

  // ---- Beside whom ----

  async nginx(servers, options = {}) {
    const folder = this.path(`nginx-${++this.servers}`);
    const port = await portFree();
    mkdirSync(folder, { mode: 0o777 });
    writeFileSync(join(folder, 'conf'), `${nginxHead(folder)} server { listen 127.0.0.1:${port} backlog=1024; ${servers} } }\n`);
    return this.start('nginx', ['nginx', '-c', join(folder, 'conf'), '-p', folder, '-e', 'stderr'], { port, ...options });
  }

  fastify(words, options) {
    return this.start('fastify', [this.node, '--no-warnings', join(root, 'tests/bench/peer_fastify.mjs'), ...words], options);
  }

  // As its authors advise for blocking work: processes with threads, which keep connections open.
  async flask(words, options = {}) {
    const port = await portFree();
    const command = ['/usr/bin/gunicorn', '--chdir', join(root, 'tests/bench'), '--bind', `127.0.0.1:${port}`, '--workers', '4',
      '--worker-class', 'gthread', '--threads', '16', '--keep-alive', '60', '--log-level', 'error', '--preload', 'peer_flask:app'];
    return this.start('flask', command, { port, ...options, env: { PEER_FILES: words.join(' '), PYTHONDONTWRITEBYTECODE: '1', ...options.env } });
  }

  // ---- Instructions: they do not depend on the machine's mood ----

  // Per request: of a run with so many more requests, less one with a few. `drive(server, count)` asks; `command` is the server's,
  // or gives it for a count. Beside it the functions in which they were spent.
  async instructions(name, command, drive, [few, many], options = {}) {
    const spent = [];
    for (const count of [few, many]) {
      const file = this.path(`callgrind.${++this.servers}`);
      const words = typeof command === 'function' ? command(count) : command;
      const server = await this.start(name, ['valgrind', '--tool=callgrind', `--callgrind-out-file=${file}`, ...words], options);
      await drive(server, count);
      await server.stop();
      spent.push(await this.functions(file));
    }
    const [less, more] = spent;
    const each = [...more].map(([name, count]) => [name, (count - (less.get(name) ?? 0)) / (many - few)]).sort((a, b) => b[1] - a[1]);
    const all = each.reduce((sum, [, count]) => sum + count, 0);
    const share = ([name, count]) => `${((100 * count) / all).toFixed(1)} % ${name}`;
    return { per_request: Math.round(all), functions: each.slice(0, 15).map(share) };
  }

  // What each has spent by itself.
  async functions(file) {
    const out = await this.run(['callgrind_annotate', '--auto=no', '--tree=none', '--threshold=100', '--show-percs=no', file]);
    const spent = new Map();
    for (const [, count, name] of out.matchAll(/^ *([\d,]+) {2}(\S+:.+)$/gm)) {
      const short = name.replace(/^(?:\S*\/)?([^/:]*:)/, '$1').replace(/ \[.*\/([^/]+)\]$/, ' [$1]').replace(/^\?\?\?:/, '');
      spent.set(short, (spent.get(short) ?? 0) + Number(count.replaceAll(',', '')));
    }
    return spent;
  }
}

// One request of the centre's, for its answer and not for its time.
export async function ask(port, method, path, { body, token } = {}) {
  const headers = { ...(body && { 'Content-Type': 'application/json' }), ...(token && { Authorization: `Bearer ${token}` }) };
  const response = await fetch(`http://127.0.0.1:${port}/t/${slug}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'));
    const say = (yes) => { socket.destroy(); resolve(yes); };
    socket.on('data', () => say(true));
    socket.on('error', () => say(false));
    socket.on('end', () => say(false));
  });
}

function portFree() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export const cores = cpus().length;
