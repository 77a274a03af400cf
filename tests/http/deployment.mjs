// A deployment of its own for a test: data folder, plugins, tenants from tenants/, a real server on port 0.
//
// The server's clock is set into the plans' application period, so that the tests do not depend on the day they run.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './patience.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const build = process.env.KAOWU_BUILD ?? join(root, 'build', 'test');
const binary = join(build, 'kaowu');

// Both the plans of tenants/ and the calendar know this day: a Monday inside the application period.
export const today = '2026-11-23T09:00:00+08:00';

export function kaowu(words, options = {}) {
  return execFileSync(binary, words, { encoding: 'utf8', env: { ...process.env, LANG: 'en_US.UTF-8' }, ...options });
}

const shipped = join(root, 'tenants');

// Names what a pattern comes of: the program, its plugins and the centres' files, as they are in this hour, since what is in it (an
// invitation) ends some day.
function patternName(files, tenants) {
  const written = tenants.flatMap((slug) => readdirSync(join(shipped, slug), { recursive: true }).map((name) => join(shipped, slug, name)));
  const state = [binary, ...files, ...written].map((file) => [file, statSync(file).mtimeMs]);
  const hour = Math.floor(Date.now() / 3600000);
  return createHash('sha256').update(JSON.stringify([state, tenants, hour])).digest('hex').slice(0, 16);
}

export class Deployment {
  // `plugins`: which of the build's files; by themselves those that the plans of tenants/ name. Deployments that are made alike are
  // copies of one pattern, with the same master key: whoever is to see that two have not begins another with an empty folder.
  static async make({ tenants = ['haidian', 'shijingshan'], folder = shipped, plugins = /_level_1\.so$/ } = {}) {
    const files = readdirSync(join(build, 'plugins'))
      .filter((name) => plugins.test(name))
      .map((name) => join(build, 'plugins', name));
    const copied = folder === shipped ? tenants : [];
    const deployment = new Deployment();
    deployment.data = mkdtempSync(join(tmpdir(), 'kaowu-test-'));
    deployment.copy(files, copied);
    for (const slug of tenants.slice(copied.length)) deployment.add(slug, join(folder, slug));
    return deployment;
  }

  // Making one takes longer than many a test: a pattern is made by the first that needs it, whole under another name first.
  copy(files, tenants) {
    const pattern = join(build, 'patterns', patternName(files, tenants));
    if (!existsSync(pattern)) patternMake(pattern, files, tenants);
    execFileSync('cp', ['-a', `${pattern}/data/.`, this.data]);
    this.invitations = JSON.parse(readFileSync(join(pattern, 'invitations.json'), 'utf8'));
  }

  add(slug, folder) {
    kaowu(['tenant', 'add', slug, '--data', this.data]);
    this.apply(slug, folder);
  }

  apply(slug, folder) {
    const lines = kaowu(['tenant', 'apply', folder, '--json', '--data', this.data])
      .trim()
      .split('\n')
      .filter(Boolean);
    this.invitations[slug] = Object.fromEntries(lines.map(JSON.parse).map((line) => [line.login, line.token]));
  }

  // `words`: more of the command line; only a demo's clock can be set; `descriptors`: how many files it may have open. Resolves once
  // the server says where it listens.
  async start({ clock = today, listen = '127.0.0.1:0', words = [], env = {}, demo = true, descriptors } = {}) {
    this.log = '';
    const [program, ...first] = [...(descriptors ? ['prlimit', `--nofile=${descriptors}`] : []), binary];
    this.server = spawn(program, [
      ...first,
      'serve',
      '--data',
      this.data,
      '--listen',
      listen,
      ...(demo ? ['--demo', '--clock', clock] : []),
      ...words,
    ], { env: { ...process.env, ...env } });
    this.server.stderr.on('data', (part) => (this.log += part));
    this.exited = new Promise((resolve) => this.server.on('exit', (code, signal) => resolve(signal ?? code)));
    const [, host, port] = await new Promise((resolve, reject) => {
      let out = '';
      this.server.stdout.on('data', (part) => {
        out += part;
        const line = out.match(/listening on (\S+):(\d+)\n/);
        if (line) resolve(line);
      });
      this.exited.then((code) => reject(new Error(`the server ended with ${code}:\n${this.log}`)));
    });
    this.base = `http://${host}:${port}`;
    this.port = Number(port);
    return this;
  }

  // Drains and ends: the exit status, which must be 0.
  async stop() {
    this.server.kill('SIGTERM');
    return this.exited;
  }

  // For after(): ends the server, if it runs, and takes the data away.
  async end() {
    if (this.server?.exitCode === null && this.server.signalCode === null) await this.stop();
    this.remove();
  }

  async kill() {
    this.server.kill('SIGKILL');
    return this.exited;
  }

  // What the spool has sent to a number, oldest first. A line without its end is still being written.
  messages(slug, mobile) {
    const file = join(this.data, 'tenants', slug, 'spool', 'sms.jsonl');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
      .filter((line) => line.mobile === mobile);
  }

  // Waits for the next message of an event to a number; the outbox sends after the commit.
  async message(slug, mobile, event, { after = 0 } = {}) {
    return eventually(() => `message ${event} to ${mobile} in ${slug}\n${this.log}`,
      () => this.messages(slug, mobile).filter((line) => line.event === event)[after]);
  }

  remove() {
    rmSync(this.data, { recursive: true, force: true });
  }
}

function patternMake(pattern, files, tenants) {
  const patterns = dirname(pattern);
  mkdirSync(patterns, { recursive: true });
  for (const name of readdirSync(patterns)) {
    const old = statSync(join(patterns, name), { throwIfNoEntry: false })?.mtimeMs < Date.now() - 86400000;
    if (old) rmSync(join(patterns, name), { recursive: true, force: true });
  }
  const made = mkdtempSync(join(patterns, 'new-'));
  const deployment = Object.assign(new Deployment(), { data: join(made, 'data'), invitations: {} });
  mkdirSync(deployment.data, { mode: 0o700 });
  kaowu(['plugin', 'install', ...files, '--trust-unsigned', '--data', deployment.data], { stdio: 'pipe' });
  for (const slug of tenants) deployment.add(slug, join(shipped, slug));
  writeFileSync(join(made, 'invitations.json'), JSON.stringify(deployment.invitations));
  try {
    renameSync(made, pattern);
  } catch (error) {
    if (!['EEXIST', 'ENOTEMPTY'].includes(error.code)) throw error;
    rmSync(made, { recursive: true }); // another process was faster
  }
}
