// The server as a server: methods, statuses, limits, caching, signals. (Framing byte by byte: tests/unit/net.)
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client, openapi } from './client.mjs';
import { Deployment, kaowu, root } from './deployment.mjs';
import { eventually, pause } from './patience.mjs';
import { scan } from './pictures.mjs';

let deployment;
before(async () => {
  deployment = await (await Deployment.make({ tenants: ['haidian'] })).start({ words: ['--proxy', '127.0.0.1'] });
});
after(() => deployment.end());

// What a command says when it fails: {status, stderr}.
function refused(words, options = {}) {
  try {
    kaowu(words, { stdio: 'pipe', ...options });
  } catch (error) {
    return error;
  }
  return assert.fail(`${words.join(' ')} was taken`);
}

// The documents of haidian with one of them changed, a plan by itself, applied beside the running server.
function applyChanged(change, document = 'plans/2026-scm-1.json') {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-tenant-'));
  cpSync(join(root, 'tenants', 'haidian'), folder, { recursive: true });
  const file = join(folder, document);
  const content = JSON.parse(readFileSync(file, 'utf8'));
  change(content);
  writeFileSync(file, JSON.stringify(content));
  try {
    kaowu(['tenant', 'apply', folder, '--data', deployment.data], { stdio: 'pipe' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const raw = (path, options) => fetch(deployment.base + path, options);

test('health, readiness, metrics and the API description are served', async () => {
  assert.equal(await (await raw('/healthz')).text(), 'ok\n');
  assert.equal((await raw('/readyz')).status, 200);
  assert.match(await (await raw('/metrics')).text(), /^kaowu_requests_total \d+$/m);
  assert.deepEqual(await (await raw('/openapi.json')).json(), openapi);
});

test('every route of the table is described, and every description has its route', () => {
  const routes = kaowu(['routes', '--json']).trim().split('\n').map(JSON.parse);
  const table = routes.map((route) => `${route.method} ${route.path}`).sort();
  const described = Object.entries(openapi.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`)).sort();
  assert.deepEqual(described, table);
});

test('unknown centre, unknown route, wrong method, wrong media types', async () => {
  const client = new Client(deployment, 'haidian');
  assert.equal((await raw('/t/nowhere/api/v1/plans')).status, 404);
  assert.equal((await raw('/')).status, 404);
  await client.get('/nothing', { expect: 404 });
  const wrong = await client.delete('/plans', { expect: 405 });
  assert.match(wrong.headers.get('allow'), /GET/);
  const options = await client.call('OPTIONS', '/plans', { expect: 204 });
  assert.match(options.headers.get('allow'), /GET, HEAD/);
  await client.get('/plans', { headers: { accept: 'text/html' }, expect: 406 });
  await client.get('/plans', { headers: { accept: 'Application/JSON' }, expect: 200 });
  const answer = await raw('/t/haidian/api/v1/codes', { method: 'POST', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(answer.status, 415);
});

test('invalid JSON is refused with its line and column', async () => {
  const answer = await raw('/t/haidian/api/v1/codes', { method: 'POST', body: '{"mobile": 01}', headers: { 'content-type': 'application/json' } });
  assert.equal(answer.status, 400);
  assert.equal((await answer.json()).params.column, '12');
});

test('a body over the limit is refused with 413, headers over theirs with 431', async () => {
  const big = await raw('/t/haidian/api/v1/codes', { method: 'POST', body: `"${'a'.repeat(300000)}"`, headers: { 'content-type': 'application/json' } });
  assert.equal(big.status, 413);
  assert.equal((await raw('/healthz', { headers: { 'x-long': 'a'.repeat(15000) } })).status, 200);
  const answer = await ask(`GET /healthz HTTP/1.1\r\nHost: a\r\n${'x: y\r\n'.repeat(5000)}\r\n`);
  assert.match(answer, /^HTTP\/1.1 431/);
});

test('HEAD gives the headers of GET, and a known ETag gives 304', async () => {
  const get = await raw('/t/haidian/api/v1/plans');
  const head = await raw('/t/haidian/api/v1/plans', { method: 'HEAD' });
  assert.equal(head.headers.get('content-length'), String(Buffer.byteLength(await get.text())));
  const known = await raw('/t/haidian/api/v1/plans', { headers: { 'if-none-match': get.headers.get('etag') } });
  assert.equal(known.status, 304);
});

test('a public answer says how long it is good and that the language matters; any other is nobody else\'s', async () => {
  const open = await raw('/t/haidian/api/v1/plans');
  assert.match(open.headers.get('cache-control'), /^public, max-age=[0-5]$/);
  assert.equal(open.headers.get('vary'), 'Accept-Language');
  for (const path of ['/t/haidian/api/v1/session', '/t/haidian/api/v1/plans/nothing', '/t/haidian/api/v1/nothing', '/nothing']) {
    const own = await raw(path);
    assert.equal(own.headers.get('cache-control'), 'no-store', path);
    assert.equal(own.headers.get('x-content-type-options'), 'nosniff', path);
  }
});

test('a draft is not shown to the public because staff have looked at it', async () => {
  applyChanged((plan) => Object.assign(plan, { code: 'draft-1', filing_no: 'draft-1', name: '草稿中的计划', state: 'draft' }));
  const admin = await new Client(deployment, 'haidian').accept('admin');
  const { body } = await admin.get('/admin/plans', { expect: 200 });
  const draft = body.plans.find((plan) => plan.code === 'draft-1');
  const stranger = new Client(deployment, 'haidian');
  await admin.get(`/plans/${draft.id}`, { expect: 404 });
  await stranger.get(`/plans/${draft.id}`, { expect: 404 });
});

test('a level that there is none of is refused, not answered with no plan', async () => {
  const client = new Client(deployment, 'haidian');
  for (const level of ['x', '1x', '-1', '0', '6', '9', '4294967297'])
    assert.equal((await client.get(`/plans?level=${level}`, { expect: 422 })).body.errors[0].pointer, '/level', level);
  for (const level of ['1', '']) assert.equal((await client.get(`/plans?level=${level}`, { expect: 200 })).body.plans.length, 3, level);
});

test('the counters are not for who comes through a proxy', async () => {
  for (const headers of [{ 'x-forwarded-for': '192.0.2.1' }, { 'x-real-ip': '192.0.2.1' }, { 'x-forwarded-proto': 'https' }, { via: '1.1 example' }])
    assert.equal((await raw('/metrics', { headers })).status, 404, JSON.stringify(headers));
  assert.equal((await raw('/healthz', { headers: { 'x-forwarded-for': '192.0.2.1' } })).status, 200);
});

function ask(bytes) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(deployment.port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    socket.on('data', (part) => (answer += part));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

test('a centre is found by its own host name too', async () => {
  const bytes = 'GET /api/v1/profile HTTP/1.1\r\nHost: haidian.kaowu.example\r\nConnection: close\r\n\r\n';
  assert.match(await ask(bytes), /"slug":"haidian"/);
  assert.match(await ask(bytes.replace('haidian.', 'other.')), /^HTTP\/1.1 404/);
});

test('on a centre\'s own host there is no other centre', async () => {
  const bytes = (path) => `GET ${path} HTTP/1.1\r\nHost: haidian.kaowu.example\r\nConnection: close\r\n\r\n`;
  assert.match(await ask(bytes('/api/v1/profile')), /^HTTP\/1.1 200/);
  assert.match(await ask(bytes('/t/haidian/api/v1/profile')), /^HTTP\/1.1 404/);
});

test('over TLS below /t/ a session lives in a cookie that nobody can set without TLS', async () => {
  const client = await new Client(deployment, 'haidian').signUp('13800002903', 'placeholder-password-1');
  const over = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' };
  const sent = { mobile: client.mobile, password: 'placeholder-password-1' };
  const { headers } = await client.post('/sessions', sent, { headers: over, expect: 201 });
  const [, token] = headers.get('set-cookie').match(/^__Secure-kaowu_session=(\S+); Path=\/t\/haidian\/; HttpOnly; SameSite=Lax; Secure$/);
  const holds = async (name) => (await fetch(`${client.root}/session`, { headers: { ...over, cookie: `${name}=${token}` } })).status;
  assert.deepEqual([await holds('__Secure-kaowu_session'), await holds('kaowu_session')], [200, 401]);
});

test('over TLS on its own host a session lives in a cookie that no neighbour can set', async () => {
  const client = await new Client(deployment, 'haidian').signUp('13800002001', 'placeholder-password-1');
  const forwarded = 'X-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\n';
  const head = (line, more) =>
    `${line} HTTP/1.1\r\nHost: haidian.kaowu.example\r\n${forwarded}Connection: close\r\n${more}\r\n`;
  const body = JSON.stringify({ mobile: client.mobile, password: 'placeholder-password-1' });
  const answer = await ask(head('POST /api/v1/sessions', `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`) + body);
  const [, token] = answer.match(/Set-Cookie: __Host-kaowu_session=(\S+); Path=\/; HttpOnly; SameSite=Lax; Secure/);
  assert.match(await ask(head('GET /api/v1/session', `Cookie: __Host-kaowu_session=${token}\r\n`)), /^HTTP\/1.1 200/);
  assert.match(await ask(head('GET /api/v1/session', `Cookie: kaowu_session=${token}\r\n`)), /^HTTP\/1.1 401/);
});

test('ambiguous framing is refused and the connection closed', async () => {
  for (const head of [
    'Host: a\r\nHost: b',
    'Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked',
    'Host: a\r\nContent-Length: 1\r\nContent-Length: 2',
    'Host:',
  ])
    assert.match(await ask(`POST /healthz HTTP/1.1\r\n${head}\r\n\r\n`), /^HTTP\/1.1 400/, head);
});

const answers = (client, status) => eventually(`the status ${status}`, async () => (await client.get('/profile')).status === status);

test('a suspended centre is 404 after SIGHUP, and back when it is resumed', async () => {
  const client = new Client(deployment, 'haidian');
  const settled = async (status) => {
    deployment.server.kill('SIGHUP');
    await answers(client, status);
  };
  kaowu(['tenant', 'suspend', 'haidian', '--data', deployment.data]);
  await settled(404);
  kaowu(['tenant', 'resume', 'haidian', '--data', deployment.data]);
  await settled(200);
});

test('a server notices a suspended centre by itself', async () => {
  const client = new Client(deployment, 'haidian');
  kaowu(['tenant', 'suspend', 'haidian', '--data', deployment.data]);
  await answers(client, 404);
  kaowu(['tenant', 'resume', 'haidian', '--data', deployment.data]);
  await answers(client, 200);
});

// Before it looks at a database: it may be of a newer kaowu, which would bring them up to date under the older one's hands.
test('a second server on the same data is refused, and has changed nothing', () => {
  const words = ['serve', '--data', deployment.data, '--listen', '127.0.0.1:0'];
  const told = (change) => execFileSync('python3', ['-c', `import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as db: db.execute("${change}")`,
    join(deployment.data, 'control.db')]);
  told("INSERT INTO migration (file, sha256, applied_at) VALUES ('control_9999_of_another.sql', '', 0)");
  try {
    assert.throws(() => kaowu(words, { stdio: 'pipe' }), /command\.served_already/);
  } finally {
    told("DELETE FROM migration WHERE file LIKE 'control_9999%'");
  }
});

test('a mistyped folder is told, and none is made', () => {
  const data = `${deployment.data}-typo`;
  for (const line of ['tenant list', 'serve --listen 127.0.0.1:0']) {
    assert.throws(() => kaowu([...line.split(' '), '--data', data], { stdio: 'pipe', timeout: 10000 }), /no deployment/, line);
    assert.equal(existsSync(data), false);
  }
});

test('faulty documents are refused with every fault by JSON pointer', () => {
  const { status, stderr } = refused(['tenant', 'apply', new URL('faulty/', import.meta.url).pathname, '--data', deployment.data]);
  assert.equal(status, 1);
  for (const pointer of ['/name', '/staff/0/roles/0', '/fee_fen', '/apply/until']) assert.match(stderr, new RegExp(`  ${pointer}: `));
});

test('plans that cannot be read are not taken for none', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-planless-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(new URL('../../tenants/haidian/tenant.json', import.meta.url), join(folder, 'tenant.json'));
  symlinkSync(join(folder, 'plans'), join(folder, 'plans'));
  const { status, stderr } = refused(['tenant', 'apply', folder, '--data', deployment.data]);
  assert.equal(status, 1);
  assert.match(stderr, /plans cannot be read .* \[file\.unreadable\]/);
});

test('two files of one plan are refused: neither takes the place of the other', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-plan-twice-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(new URL('../../tenants/haidian/', import.meta.url), folder, { recursive: true });
  const plan = JSON.parse(readFileSync(join(folder, 'plans', '2026-scm-1.json'), 'utf8'));
  writeFileSync(join(folder, 'plans', '2026-scm-2.json'), JSON.stringify({ ...plan, name: '2026年12月海淀第4批供应链管理师一级认定' }));
  const { status, stderr } = refused(['tenant', 'apply', folder, '--data', deployment.data]);
  assert.equal(status, 1);
  assert.match(stderr, /2026-scm-2\.json: 2026-scm-1\.json has the plan 2026-scm-1 already.* \[command\.plan_twice\]/);
});

test("an exam that nobody could sit is refused, each fault by its place in the plan's document", () => {
  const twisted = (plan) => {
    const [theory, skill, review] = plan.exam.subjects;
    theory.until = theory.from;
    review.from = '2026-12-27T14:00:00+08:00';
    skill.from = '2026-12-01T13:00:00+08:00';
    plan.exam.rooms[1].name = plan.exam.rooms[0].name;
  };
  assert.throws(() => applyChanged(twisted), ({ status, stderr }) => {
    assert.equal(status, 1);
    for (const pointer of ['subjects/0/until', 'subjects/1/from', 'subjects/2/from', 'rooms/1/name'])
      assert.match(stderr.toString(), new RegExp(`  /exam/${pointer}: `));
    assert.match(stderr.toString(), /before the papers are in, at 20 December 2026, 17:00/);
    return true;
  });
});

test('a host that another centre has is refused, and nothing else of the documents is kept', () => {
  kaowu(['tenant', 'add', 'shijingshan', '--data', deployment.data]);
  deployment.apply('shijingshan', join(root, 'tenants', 'shijingshan'));
  const stored = () => kaowu(['tenant', 'list', '--data', deployment.data]);
  const before = stored();
  const twisted = (tenant) => Object.assign(tenant, {
    hosts: ['shijingshan.kaowu.example'], staff: [...tenant.staff, { login: 'stranger', name: '示例', roles: ['auditor'] }],
  });
  assert.throws(() => applyChanged(twisted, 'tenant.json'), ({ status, stdout, stderr }) => {
    assert.deepEqual([status, stdout.toString()], [1, '']);
    assert.match(stderr.toString(), /\[tenant\.host_taken\]/);
    return true;
  });
  assert.equal(stored(), before);
  assert.throws(() => kaowu(['tenant', 'invite', 'haidian', 'stranger', '--data', deployment.data], { stdio: 'pipe' }), /staff\.unknown/);
});

test('an option that there is none of, or without its value, is told and nothing done', () => {
  for (const line of ['serve --lisen 127.0.0.1:0', 'serve --listen', 'doctor --data --demo', 'tenant list haidian', 'routes --jsn'])
    assert.equal(refused(line.split(' ')).status, 2, line);
  const name = refused(['serve', '--data', deployment.data, '--listen', '127.0.0.1:0', '--proxy', 'localhost']);
  assert.equal(name.status, 1);
  assert.match(name.stderr, /--proxy takes an IP address/);
});

test('the server tells where it listens, also on IPv6', async () => {
  const six = await (await Deployment.make({ tenants: [] })).start({ listen: '[::1]:0' });
  assert.match(six.base, /^http:\/\/\[::1\]:\d+$/);
  assert.equal((await fetch(`${six.base}/healthz`)).status, 200);
  assert.equal(await six.stop(), 0);
  six.remove();
});

test('a centre may have more plans than fit one hand, and a lost invitation is made anew', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-tenant-'));
  cpSync(join(root, 'tenants', 'haidian'), folder, { recursive: true });
  const plan = JSON.parse(readFileSync(join(folder, 'plans', '2026-scm-1.json'), 'utf8'));
  for (let number = 0; number < 90; number++) {
    const more = { ...plan, code: `more-${number}`, filing_no: `more-${number}`, state: 'closed' };
    writeFileSync(join(folder, 'plans', `more-${number}.json`), JSON.stringify(more));
  }
  kaowu(['tenant', 'apply', folder, '--data', deployment.data]);
  rmSync(folder, { recursive: true });

  const first = deployment.invitations.haidian.auditor;
  const again = JSON.parse(kaowu(['tenant', 'invite', 'haidian', 'auditor', '--json', '--data', deployment.data])).token;
  const client = new Client(deployment, 'haidian');
  const accept = (token, expect) => client.post('/staff/passwords', { token, password: 'placeholder staff' }, { expect });
  await accept(first, 422);
  const signedIn = await accept(again, 201);
  const third = JSON.parse(kaowu(['tenant', 'invite', 'haidian', 'auditor', '--json', '--data', deployment.data])).token;
  client.token = signedIn.body.token;
  await client.get('/audit', { expect: 200 });
  await new Client(deployment, 'haidian').post('/staff/passwords', { token: third, password: 'another placeholder' }, { expect: 201 });
  await client.get('/audit', { expect: 401 });
  assert.match(refused(['tenant', 'invite', 'haidian', 'nobody', '--data', deployment.data]).stderr, /no member of staff/);
});

test('doctor finds nothing wrong, and the audit chain verifies', async () => {
  const client = await new Client(deployment, 'haidian').signUp('13800002003');
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.topic(client, 'condition', { condition: '1-1' });
  await candidate.upload(client, 'id_card_front', scan());
  const told = kaowu(['doctor', '--data', deployment.data]);
  assert.match(told, /audit chain/);
  assert.match(told, /^ok +tenant haidian: files of each plan \(\d+\)$/m);
  assert.match(kaowu(['audit', 'verify', 'haidian', '--data', deployment.data]), /haidian: \d+ rows, head [0-9a-f]{64}/);
});

// As the linker knows them; a worker's are its own.
const loads = ({ server }, library) => readFileSync(`/proc/${server.pid}/maps`, 'utf8').includes(`/${library}`);
const drawsAndCalls = ['libpango-1.0', 'libcairo', 'libfontconfig', 'libxlsxwriter', 'libcurl', 'libssl'];

test('what draws is loaded when something is drawn', async () => {
  const fresh = await (await Deployment.make({ tenants: ['haidian'] })).start();
  const client = await new Client(fresh, 'haidian').signUp('13800002005');
  assert.deepEqual(drawsAndCalls.filter((library) => loads(fresh, library)), []);
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.topic(client, 'condition', { condition: '1-1' });
  await client.get(`/applications/${client.application}/templates`, { expect: 200 });
  assert.deepEqual(drawsAndCalls.filter((library) => loads(fresh, library)), drawsAndCalls.slice(0, 4));
  assert.equal(await fresh.stop(), 0);
  fresh.remove();
});

test('a library that is missing hinders what needs it and nothing else, and who can install it hears its name', async () => {
  const bare = await Deployment.make({ tenants: ['haidian'] });
  const libraries = join(bare.data, 'libraries');
  mkdirSync(libraries);
  for (const name of ['libqrencode.so.4', 'libcurl.so.4']) writeFileSync(join(libraries, name), '');
  await bare.start({ env: { LD_LIBRARY_PATH: libraries } });
  const client = await new Client(bare, 'haidian').signUp('13800002006');
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.topic(client, 'condition', { condition: '1-1' });
  for (const time of ['first', 'second']) {
    const { body } = await client.get(`/applications/${client.application}/templates`, { expect: 503 });
    assert.equal(body.code, 'part.not_loaded', time);
  }
  assert.match(bare.log, /kaowu-drawing: [^"]*libqrencode\.so\.4: file too short; install/);
  assert.equal(await bare.stop(), 0);

  const env = { ...process.env, LANG: 'en_US.UTF-8', LD_LIBRARY_PATH: libraries };
  const { stderr } = refused(['doctor', '--data', bare.data], { env });
  assert.match(stderr, /fonts: A part of the system[^\n]*\n +kaowu-drawing: [^\n]*libqrencode/);
  assert.match(stderr, /payment providers[^\n]*: A part of the system[^\n]*\n +kaowu-https: [^\n]*libcurl/);
  bare.remove();
});

test('a centre that was added and has nothing applied says so', async () => {
  const bare = await Deployment.make({ tenants: [] });
  kaowu(['tenant', 'add', 'empty', '--data', bare.data]);
  await bare.start();
  const client = new Client(bare, 'empty');
  assert.equal((await client.get('/profile', { expect: 404 })).body.code, 'profile.none');
  assert.equal((await client.post('/codes', { purpose: 'sign_up', mobile: '13800002004' }, { expect: 404 })).body.code, 'profile.none');
  assert.equal(await bare.stop(), 0);
  bare.remove();
});

test('a centre whose database is broken is told about, without haste, and hinders no other', async () => {
  const broken = await Deployment.make();
  for (const file of ['tenant.db', 'tenant.db-wal', 'tenant.db-shm']) rmSync(join(broken.data, 'tenants', 'haidian', file), { force: true });
  writeFileSync(join(broken.data, 'tenants', 'haidian', 'tenant.db'), 'this is no database'.repeat(1000));
  await broken.start();
  await new Client(broken, 'shijingshan').signUp('13800002002');
  await new Client(broken, 'haidian').get('/plans', { expect: 503 });
  await pause(2000);
  const told = broken.log.split('\n').filter((line) => line.includes('"chore.trouble"'));
  const { warnings } = await (await fetch(`${broken.base}/status`, { headers: { 'accept-language': 'en' } })).json();
  const unavailable = warnings.filter(({ code }) => code === 'api.tenants_unavailable').map(({ detail }) => detail.match(/opened: ([^.]*)/)[1]);
  const metrics = await (await fetch(`${broken.base}/metrics`)).text();
  const status = await broken.stop();
  broken.remove();
  assert.deepEqual(unavailable, ['haidian']);
  assert.match(metrics, /^kaowu_tenants_unavailable 1$/m);
  assert.ok(told.length >= 1 && told.length <= 6, `${told.length} lines`); // one of each chore
  assert.equal(status, 0);
});

// More of them than have room at once; trouble is what tells from outside that a chore's turn has come.
test('of many centres each is looked after in its turn', async () => {
  const many = await Deployment.make({ tenants: [] });
  const slugs = Array.from({ length: 12 }, (_, i) => `broken-${i}`);
  for (const slug of slugs) {
    kaowu(['tenant', 'add', slug, '--data', many.data]);
    for (const file of ['tenant.db-wal', 'tenant.db-shm']) rmSync(join(many.data, 'tenants', slug, file), { force: true });
    writeFileSync(join(many.data, 'tenants', slug, 'tenant.db'), 'this is no database'.repeat(1000));
  }
  await many.start();
  const troubles = () => many.log.split('\n').filter((line) => line.includes('"chore.trouble"')).map((line) => JSON.parse(line));
  const chores = () => new Set(troubles().map(({ tenant, chore }) => `${tenant}: ${chore}`));
  await eventually(() => [...chores()].sort().join('\n'), () => chores().size === 6 * slugs.length); // a round and five kinds of errands
  const status = await many.stop();
  many.remove();
  assert.equal(status, 0);
});

test('a plan that has applications is no draft again, and a filing number stands for one plan', () => {
  const refusedChange = (change) => {
    try {
      applyChanged(change);
    } catch (error) {
      return error.stderr;
    }
    return assert.fail('it was taken');
  };
  assert.match(refusedChange((plan) => (plan.state = 'draft')), /\/state: .*\[plan\.has_applications\]/);
  assert.match(refusedChange((plan) => (plan.code = 'another')), /\/filing_no: .*\[plan\.filing_no_taken\]/);
});

test('doctor tells an exposed key, an open folder, a damaged files database, and makes no deployment of its own', () => {
  const key = join(deployment.data, 'master.key');
  const doctor = (data = deployment.data) => refused(['doctor', '--data', data]);
  chmodSync(key, 0o644);
  assert.equal(doctor().status, 1);
  chmodSync(key, 0o600);
  chmodSync(deployment.data, 0o777);
  assert.match(doctor().stderr, /Others may write/);
  chmodSync(deployment.data, 0o750);
  assert.match(kaowu(['doctor', '--data', deployment.data]), /^note +the data folder has mode 0750/m);
  chmodSync(deployment.data, 0o700);
  assert.doesNotMatch(kaowu(['doctor', '--data', deployment.data]), /has mode/);
  const files = join(deployment.data, 'tenants', 'haidian', 'files');
  writeFileSync(join(files, '00000000-0000-7000-8000-000000000000.db'), 'this is no database'.repeat(1000));
  assert.match(doctor().stderr, /files of plan 00000000/);
  rmSync(join(files, '00000000-0000-7000-8000-000000000000.db'));
  const nothing = join(deployment.data, 'nothing');
  assert.match(doctor(nothing).stderr, /no deployment/);
  assert.ok(!existsSync(nothing));
});

test('SIGTERM drains, checkpoints and exits with 0', async () => {
  assert.equal(await deployment.stop(), 0);
});
