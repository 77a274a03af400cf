// The operator of the deployment: invited by a command, signed in outside of every centre; centres, plugins, health, self-check.
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { codeOf } from './authenticator.mjs';
import { Client } from './client.mjs';
import { Deployment, kaowu, today } from './deployment.mjs';
import { invite, Operator } from './operator.mjs';
import { eventually } from './patience.mjs';
import { fixture, makePlugin, plugin, processesOf } from './plugins.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kaowu-operator-'));
const reason = '按平台管理规定处理';
const words = ['--proxy', '127.0.0.1'];
let deployment, operator;

before(async () => {
  deployment = await (await Deployment.make({ tenants: ['haidian', 'shijingshan'] })).start({ words });
  operator = await new Operator(deployment).begin();
});
after(async () => {
  await deployment.end();
  rmSync(folder, { recursive: true });
});

const nobody = () => new Operator(deployment);
const told = (words) => kaowu([...words, '--data', deployment.data], { stdio: 'pipe' });
const codes = ({ body }) => body.errors.map(({ pointer, code }) => `${pointer} ${code}`);
const signIn = (login, password, options) => nobody().post('/operator/sessions', { login, password }, options);
const tenantOf = async (slug) => (await operator.get(`/operator/tenants/${slug}`, { expect: 200 })).body;

// ---- Accounts and sessions ----

test('an invitation is good once, and a new one takes the place of the one before', async () => {
  const first = invite(deployment, 'second');
  const { token } = invite(deployment, 'second');
  assert.deepEqual(codes(await nobody().post('/operator/passwords', { token: first.token, password: operator.password }, { expect: 422 })),
    ['/token staff.invitation']);
  await nobody().post('/operator/passwords', { token, password: 'short' }, { expect: 422 });
  await nobody().post('/operator/passwords', { token, password: operator.password }, { expect: 201 });
  await nobody().post('/operator/passwords', { token, password: operator.password }, { expect: 422 });
  assert.throws(() => told(['operator', 'invite', 'No Login']), /operator\.login/);
  assert.throws(() => told(['operator', 'disable', 'stranger']), /operator\.unknown/);
});

test('signing in gives a cookie for the operator\'s routes alone, and ends the session that was presented', async () => {
  await signIn('operator', 'not the password', { expect: 401 });
  await signIn('operator', '', { expect: 422 });
  const before = await signIn('operator', operator.password, { expect: 201 });
  assert.match(before.headers.get('set-cookie'), /^kaowu_operator=\S+; Path=\/api\/v1\/operator; HttpOnly; SameSite=Lax$/);
  const old = new Operator(deployment, { token: before.body.token });
  const { body } = await old.post('/operator/sessions', { login: 'operator', password: operator.password }, { expect: 201 });
  await old.get('/operator/session', { expect: 401 });
  const now = new Operator(deployment, { token: body.token });
  const session = await now.get('/operator/session', { expect: 200 });
  assert.deepEqual({ ...session.body, id: '' }, { kind: 'operator', id: '', roles: [], name: 'operator', mobile: null, unenrolled: false });
  await now.delete('/operator/session', { expect: 204 });
  await now.get('/operator/tenants', { expect: 401 });
  await nobody().get('/operator/session', { expect: 401 });
});

test('a login locks after five failures, whoever has it, and a new invitation opens it', async () => {
  for (const login of ['second', 'no-such-login']) {
    for (let tries = 0; tries < 5; tries++) await signIn(login, 'not the password', { expect: 401 });
    const locked = await signIn(login, operator.password, { expect: 429 });
    assert.equal(locked.body.code, 'session.locked');
    assert.ok(Number(locked.headers.get('retry-after')) > 0);
  }
  const { token } = invite(deployment, 'second');
  await nobody().post('/operator/passwords', { token, password: operator.password }, { expect: 201 });
  await signIn('second', operator.password, { expect: 201 });
});

test('who is disabled is signed out at once', async () => {
  const { body } = await signIn('second', operator.password, { expect: 201 });
  const second = new Operator(deployment, { token: body.token });
  await second.get('/operator/plugins', { expect: 200 });
  told(['operator', 'disable', 'second']);
  await second.get('/operator/plugins', { expect: 401 });
  await signIn('second', operator.password, { expect: 401 });
  assert.match(told(['operator', 'list']), /^operator +active .*\nsecond +disabled /m);
});

// What else a change of the password keeps to is shown in account.test.mjs: it is the same code.
test('an operator changes the password and ends other sessions', async () => {
  const fourth = await new Operator(deployment).begin('fourth');
  const { password } = fourth;
  const again = async (by) => {
    const { body } = await nobody().post('/operator/sessions', { login: 'fourth', password: by }, { expect: 201 });
    return new Operator(deployment, { token: body.token });
  };
  const other = await again(password);
  assert.equal((await fourth.get('/operator/sessions', { expect: 200 })).body.sessions.length, 2);
  await fourth.post('/operator/sessions/end', { password }, { expect: 204 });
  await other.get('/operator/session', { expect: 401 });
  const answer = await fourth.call('PUT', '/operator/session/password', { body: { password, new_password: 'four words in a row' }, expect: 200 });
  await fourth.get('/operator/session', { expect: 401 });
  fourth.token = answer.body.token;
  await fourth.get('/operator/session', { expect: 200 });
  await again('four words in a row');
  const acts = (await operator.get('/operator/audit', { expect: 200 })).body.rows.map(({ action }) => action);
  for (const action of ['account.password_changed', 'account.signed_out_elsewhere']) assert.ok(acts.includes(action), action);
});

// What staff's second factor keeps to is shown in second-factor.test.mjs: it is the same code.
test('an operator may have a second factor, which a command takes from whoever has lost it', async () => {
  const login = 'third';
  const third = await new Operator(deployment).begin(login);
  const { password } = third;
  const ask = (path, body, expect) => third.post(`/operator/second-factor${path}`, body, { expect });
  const state = async () => (await third.get('/operator/second-factor', { expect: 200 })).body;
  const enters = async (code, expect) => (await nobody().post('/operator/sessions', { login, password, ...(code && { code }) }, { expect })).body;
  const other = new Operator(deployment, { token: (await enters(undefined, 201)).token });
  assert.deepEqual(await state(), { state: 'none', demanded: false, confirmed_at: null, recovery_codes: 0 });
  assert.deepEqual(codes(await ask('', { password: 'not the password' }, 422)), ['/password password.wrong']);

  const enrols = async () => {
    const { secret, uri } = (await ask('', { password }, 201)).body;
    assert.ok(decodeURIComponent(uri).startsWith(`otpauth://totp/考务平台运维:${login}?secret=${secret}`), uri);
    const used = await codeOf(deployment, secret);
    const { body } = await ask('/confirmation', { password, code: used }, 200);
    third.token = body.token;
    return { secret, used, recovery: body.recovery_codes };
  };
  const { secret, used, recovery } = await enrols();
  await other.get('/operator/session', { expect: 401 });
  assert.equal((await state()).recovery_codes, 10);
  assert.equal((await enters(undefined, 401)).code, 'session.code_wanted');
  assert.equal((await enters(used, 401)).code, 'session.code_wrong');
  await enters(await codeOf(deployment, secret, 1), 201);
  await enters(recovery[0], 201);
  assert.equal((await enters(recovery[0], 401)).code, 'session.code_wrong');

  assert.deepEqual(codes(await ask('/removal', { password, code: recovery[0] }, 422)), ['/code second_factor.code']);
  await ask('/removal', { password, code: recovery[1] }, 204);
  await enters(undefined, 201);
  await enrols();
  const { token } = invite(deployment, login);
  const accepted = await nobody().post('/operator/passwords', { token, password }, { expect: 204 });
  assert.equal(accepted.headers.get('set-cookie'), null);
  await enters(undefined, 401);

  assert.match(told(['operator', 'list']), /^operator +active +password .*\n(.*\n)*third +active +second factor /m);
  told(['operator', 'reset-factor', login]);
  assert.throws(() => told(['operator', 'reset-factor', 'stranger']), /operator\.unknown/);
  await third.get('/operator/session', { expect: 401 });
  third.token = (await enters(undefined, 201)).token;
  assert.equal((await state()).state, 'none');
  const { rows } = (await operator.get('/operator/audit', { expect: 200 })).body;
  const acts = rows.filter(({ action }) => action.startsWith('second_factor.')).map(({ action, actor_id: by }) => `${action}${by ? '' : ' by a command'}`);
  assert.deepEqual(acts.reverse().filter((each) => !each.includes('recovered')), ['second_factor.enrolled', 'second_factor.removed',
    'second_factor.enrolled', 'second_factor.reset by a command']);
});

test('another site\'s page cannot act, and on a centre\'s host there are no operator\'s routes', async () => {
  const { root, token } = operator;
  const post = (headers) => fetch(`${root}/operator/tenants/haidian/suspend`,
    { method: 'POST', headers: { cookie: `kaowu_operator=${token}`, 'content-type': 'application/json', ...headers }, body: JSON.stringify({ reason }) });
  assert.equal((await post({ 'sec-fetch-site': 'cross-site' })).status, 403);
  assert.equal((await fetch(`${root}/operator/session`, { headers: { cookie: `kaowu_operator=${token}` } })).status, 200);
  assert.equal((await fetch(`${root}/operator/session`, { headers: { cookie: `kaowu_session=${token}` } })).status, 401);
});

// ---- Centres ----

const centre = (change = {}) => ({
  slug: 'daxing', name: '大兴区示例评价中心', region_code: '11', address: { recipient: '考务办公室', line: '大兴区示例路 1 号' },
  contact: { name: '示例老师', telephone: '010-00000000' }, admin: { login: 'admin', name: '示例管理员' }, ...change,
});

test('centres are listed with sizes and counts, and with nobody\'s data', async () => {
  const { tenants, next } = (await operator.get('/operator/tenants', { expect: 200 })).body;
  assert.deepEqual(tenants.map(({ slug, state }) => `${slug} ${state}`), ['haidian active', 'shijingshan active']);
  assert.equal(next, null);
  const [haidian] = tenants;
  assert.equal(haidian.backed_up_at, null);
  assert.ok(haidian.database_bytes > 0);
  assert.equal(haidian.files_bytes, 0);
  assert.equal(haidian.figures.plans, 3);
  assert.equal(haidian.figures.candidates, 0);
  await new Client(deployment, 'haidian').signUp('13800004401');
  const { figures } = await tenantOf('haidian');
  assert.equal(figures.candidates, 1);
  assert.equal(figures.sessions, 1);
  assert.deepEqual(codes(await operator.get('/operator/tenants?cursor=x', { expect: 422 })), ['/cursor page.cursor']);
  await operator.get('/operator/tenants/nowhere', { expect: 404 });
});

test('a new centre is there at once, and its first administrator goes on by invitation', async () => {
  assert.deepEqual(codes(await operator.post('/operator/tenants', centre({ slug: 'haidian' }), { expect: 422 })), ['/slug tenant.exists']);
  assert.ok(codes(await operator.post('/operator/tenants', centre({ slug: 'Not A Slug', region_code: 'x' }), { expect: 422 })).length >= 2);
  const { body } = await operator.post('/operator/tenants', centre(), { expect: 201 });
  assert.equal(body.slug, 'daxing');
  const admin = new Client(deployment, 'daxing');
  assert.equal((await admin.get('/profile', { expect: 200 })).body.name, centre().name);
  admin.token = (await admin.post('/staff/passwords', { token: body.token, password: operator.password }, { expect: 201 })).body.token;
  assert.equal((await admin.get('/admin/profile', { expect: 200 })).body.region_code, '11');
  await admin.post('/admin/staff', { login: 'reviewer1', name: '示例审核员', roles: ['reviewer'] }, { expect: 201 });
  assert.equal((await tenantOf('daxing')).figures.name, centre().name);
});

test('a suspended centre is as if it were not there, and comes back whole', async () => {
  const client = new Client(deployment, 'shijingshan');
  await operator.post('/operator/tenants/shijingshan/suspend', { reason: '短' }, { expect: 422 });
  const dry = await operator.post('/operator/tenants/shijingshan/suspend?dry_run=true', { reason }, { expect: 400 });
  assert.equal(dry.body.code, 'api.no_dry_run');
  await operator.post('/operator/tenants/shijingshan/suspend', { reason }, { expect: 204 });
  await client.get('/profile', { expect: 404 });
  assert.equal((await client.post('/reports/wechat', {}, { expect: 404 })).body.code, 'api.no_tenant');
  const { state, reason: why, changed_at } = await tenantOf('shijingshan');
  assert.deepEqual([state, why], ['suspended', reason]);
  assert.ok(changed_at.startsWith('2026-11-23'));
  await operator.post('/operator/tenants/shijingshan/resume', { reason }, { expect: 204 });
  await client.get('/profile', { expect: 200 });
  await operator.post('/operator/tenants/nowhere/suspend', { reason }, { expect: 404 });
});

const byHost = (host, path) => new Promise((resolve, reject) => {
  http.get({ host: '127.0.0.1', port: deployment.port, path, headers: { host } }, async (answer) => {
    const parts = await answer.toArray();
    resolve({ status: answer.statusCode, type: answer.headers['content-type'], text: Buffer.concat(parts).toString() });
  }).on('error', reject);
});

test('a suspended centre\'s own host is nobody else\'s', async () => {
  const paths = ['/', '/staff/', '/api/v1/plans', '/operator/', '/api/v1/operator/session', '/t/haidian/', '/t/haidian/api/v1/plans'];
  const all = (host) => Promise.all(paths.map((path) => byHost(host, path)));
  assert.equal((await byHost('shijingshan.kaowu.example', '/api/v1/plans')).status, 200);
  await operator.post('/operator/tenants/shijingshan/suspend', { reason }, { expect: 204 });
  const own = await byHost('127.0.0.1', '/t/shijingshan/api/v1/plans');
  assert.equal(JSON.parse(own.text).code, 'api.no_tenant');
  for (const answer of await all('shijingshan.kaowu.example')) assert.deepEqual(answer, own);
  await operator.post('/operator/tenants/shijingshan/resume', { reason }, { expect: 204 });
  assert.equal((await byHost('shijingshan.kaowu.example', '/api/v1/plans')).status, 200);
});

// ---- Plugins ----

const inFolder = (...given) => {
  const { status, out, error } = plugin([...given, '--language', 'en'], { cwd: folder });
  assert.equal(status, 0, error);
  return out.trim();
};
const upload = (file, options) => operator.post('/operator/plugins', undefined, { upload: readFileSync(file), ...options });
const versionsOf = async (id) => (await operator.get('/operator/plugins', { expect: 200 })).body.plugins.filter((each) => each.id === id);

test('a package is taken if a trusted key has signed it, and nothing else is', async () => {
  const key = inFolder('key', 'secret');
  for (const name of ['decent', 'newer_version'])
    inFolder('pack', fixture(name), '--key', 'secret', '--readme', fixture(name), '--out', `${name}.kaowu`);
  assert.equal((await upload(fixture('decent'), { expect: 403 })).body.code, 'kit.unsigned');
  assert.equal((await upload(join(folder, 'decent.kaowu'), { expect: 403 })).body.code, 'kit.untrusted');
  assert.deepEqual(await versionsOf('tester.1'), []);
  inFolder('trust', key, '--name', 'author', '--data', deployment.data);
  const asked = await operator.post('/operator/plugins?dry_run=true', undefined, { upload: readFileSync(join(folder, 'decent.kaowu')), expect: 400 });
  assert.equal(asked.body.code, 'api.no_dry_run');
  assert.deepEqual(await versionsOf('tester.1'), []); // who asks what would happen does not find that it has
  const { body } = await upload(join(folder, 'decent.kaowu'), { expect: 201 });
  assert.deepEqual([body.id, body.version, body.state], ['tester.1', '1.0.0', 'active']);
  await upload(join(folder, 'newer_version.kaowu'), { expect: 201 });
  const [newer, older] = await versionsOf('tester.1');
  assert.deepEqual([newer.version, newer.trust, newer.signer, older.version], ['1.10.0', 'signed', 'author', '1.0.0']);
  const broken = readFileSync(join(folder, 'decent.kaowu'));
  broken[100] ^= 1;
  assert.equal((await operator.post('/operator/plugins', undefined, { upload: broken, expect: 422 })).body.code, 'kit.signature_bad');
});

test('disable, readmit, roll back', async () => {
  const [newer, older] = await versionsOf('tester.1');
  const states = async () => (await versionsOf('tester.1')).map(({ state }) => state);
  await operator.post(`/operator/plugins/${newer.sha256}/disable`, { reason }, { expect: 204 });
  assert.deepEqual(await states(), ['disabled', 'active']);
  await operator.post(`/operator/plugins/${newer.sha256.slice(0, 12)}/readmit`, { reason }, { expect: 204 });
  assert.deepEqual(await states(), ['active', 'active']);
  await operator.post('/operator/rollbacks', { id: 'tester.1', version: null, reason }, { expect: 204 });
  assert.deepEqual(await states(), ['disabled', 'active']);
  assert.equal((await operator.post('/operator/rollbacks', { id: 'tester.1', reason }, { expect: 409 })).body.code, 'kit.no_earlier');
  await operator.post('/operator/rollbacks', { id: 'tester.1', version: '9.9.9', reason }, { expect: 404 });
  await operator.post(`/operator/plugins/${'0'.repeat(64)}/disable`, { reason }, { expect: 404 });
  await operator.post(`/operator/plugins/${older.sha256}/disable`, {}, { expect: 422 });
});

test('what was installed is told in the audit log, also when who did it has signed out meanwhile', async () => {
  const slow = makePlugin(folder, '.id = "slow.1"', { before: 'AT_LOADING { for (volatile long i = 0; i < 300000000; i++); }' });
  inFolder('trust', inFolder('key', 'slow-secret'), '--name', 'slow', '--data', deployment.data);
  inFolder('pack', slow, '--key', 'slow-secret', '--readme', slow, '--out', 'slow.kaowu');
  const leaving = nobody();
  leaving.token = (await signIn('operator', operator.password, { expect: 201 })).body.token;
  const installed = leaving.post('/operator/plugins', undefined, { upload: readFileSync(join(folder, 'slow.kaowu')) });
  await eventually('the plugin is described', () => processesOf(deployment).some((words) => words.includes('/.incoming-')));
  await leaving.delete('/operator/session', { expect: 204 });
  assert.equal((await installed).status, 201);
  await leaving.get('/operator/tenants', { expect: 401 });
  const [{ sha256 }] = await versionsOf('slow.1');
  const { rows } = (await operator.get(`/operator/audit?subject=${sha256}`, { expect: 200 })).body;
  const { id, name } = (await operator.get('/operator/session')).body;
  assert.deepEqual(rows.map((row) => [row.actor_id, row.actor_name, row.action]), [[id, name, 'plugin.installed']]);
  assert.match(rows[0].subject_name, /^slow\.1 \d+\.\d+\.\d+$/);
  const named = await operator.get(`/operator/audit?subject=${encodeURIComponent(rows[0].subject_name)}`, { expect: 200 });
  assert.deepEqual(named.body.rows, rows);
  for (const login of ['operator', 'Operator%20']) {
    const about = (await operator.get(`/operator/audit?subject=${login}`, { expect: 200 })).body.rows;
    assert.ok(about.length > 0 && about.every((row) => row.subject === id), login);
  }
});

test('who uses a version is told by centre and plan', async () => {
  const [{ sha256 }] = await versionsOf('supply-chain-manager.1');
  const { uses, unread } = (await operator.get(`/operator/plugins/${sha256}/uses`, { expect: 200 })).body;
  assert.deepEqual(uses.map(({ tenant, plan, applications }) => `${tenant} ${plan} ${applications}`),
    ['haidian 2026-scm-1 0', 'shijingshan 2026-scm-1 0']);
  assert.deepEqual(unread, []);
  const [{ sha256: unused }] = await versionsOf('tester.1');
  assert.deepEqual((await operator.get(`/operator/plugins/${unused}/uses`, { expect: 200 })).body.uses, []);
  await operator.get('/operator/plugins/nothing/uses', { expect: 404 });
});

// ---- Health and self-check ----

test('health tells queues, workers, disk, and what waits in each centre', async () => {
  const { body } = await operator.get('/operator/health', { expect: 200 });
  assert.ok(body.disk.free_bytes > 0 && body.disk.free_bytes <= body.disk.total_bytes);
  assert.ok(body.requests.total > 50);
  assert.equal(body.plugins.quarantined, 0);
  assert.deepEqual(body.workers.plugin_running, 0);
  assert.deepEqual(body.tenants.map(({ slug }) => slug), ['daxing', 'haidian', 'shijingshan']);
  assert.ok(body.tenants[1].writes > 0 && body.tenants[1].messages_dead === 0);
  assert.match(await (await fetch(`${deployment.base}/metrics`)).text(), /^kaowu_plugin_processes 0$[^]*^kaowu_plugin_starts_total 0$/m);
});

const found = async (client = operator) => (await client.get('/operator/self-check', { expect: 200 })).body.findings;
const severityOf = async (code) => (await found()).find((each) => each.code === code)?.severity;

test('the self-check says in words what is wrong, in the language asked for', async () => {
  const findings = await found();
  const all = findings.map(({ code }) => code);
  for (const code of ['check.fonts', 'check.workers', 'check.https', 'check.control', 'check.operator_audit', 'check.operators', 'check.operators_alone',
    'check.database', 'check.sms_spool', 'check.calendar', 'check.backup_none', 'check.plugin_unsigned', 'check.plugins', 'check.demo',
    'check.no_proxy', 'check.not_read'])
    assert.ok(all.includes(code), `${code} is not among ${all}`);
  assert.ok(all.some((code) => code.startsWith('check.clock')));
  assert.deepEqual(findings.filter(({ severity }) => severity === 'fault'), []);
  const english = await found(new Operator(deployment, { token: operator.token, language: 'en' }));
  assert.match(english.find(({ code }) => code === 'check.backup_none').sentence, /never been a backup/);
});

test('a proxy without TLS is a fault, and one with it is fine', async () => {
  const through = (headers) => fetch(`${deployment.base}/t/haidian/api/v1/profile`, { headers: { 'x-forwarded-for': '192.0.2.1', ...headers } });
  await through({});
  assert.equal(await severityOf('check.no_tls'), 'fault');
  await through({ 'x-forwarded-proto': 'https' });
  assert.equal(await severityOf('check.tls'), 'fine');
});

test('over TLS the cookie is one that no other host can set', async () => {
  const over = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' };
  const { headers } = await signIn('operator', operator.password, { headers: over, expect: 201 });
  const [, token] = headers.get('set-cookie').match(/^__Host-kaowu_operator=(\S+); Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  const holds = async (name) => (await fetch(`${operator.root}/operator/session`, { headers: { ...over, cookie: `${name}=${token}` } })).status;
  assert.deepEqual([await holds('__Host-kaowu_operator'), await holds('kaowu_operator')], [200, 401]);
});

test('a backup that ended well is a fact from then on', async () => {
  told(['backup', join(folder, 'backup')]);
  assert.throws(() => told(['backup', join(folder, 'backup')]), /target_exists/);
  assert.equal(await severityOf('check.backup_none'), undefined);
  for (const slug of ['haidian', 'daxing']) assert.ok((await tenantOf(slug)).backed_up_at);
  await operator.post('/operator/tenants', centre({ slug: 'later' }), { expect: 201 });
});

test('a plugin whose file was altered is found, and told by its sentence in the list and by doctor', async () => {
  const files = join(deployment.data, 'plugins');
  const altered = readdirSync(files).find((name) => name.startsWith('supply-chain-manager.1'));
  appendFileSync(join(files, altered), 'x');
  assert.equal(await severityOf('check.plugin_quarantined'), 'fault');
  const [{ state, reason: why, sha256 }] = await versionsOf('supply-chain-manager.1');
  assert.equal(state, 'quarantined');
  assert.equal(why.code, 'plugin.file_differs');
  assert.match(why.detail, /插件文件缺失或与安装时不同/);
  assert.equal((await operator.post(`/operator/plugins/${sha256}/readmit`, { reason }, { expect: 409 })).body.code, 'plugin.file_changed');
  assert.throws(() => told(['doctor']), (error) => error.status === 1 &&
    /^fail +plugin supply-chain-manager\.1 .* in quarantine.*: The plugin's file is gone or not what was installed/m.test(error.stderr));
});

// ---- Audit ----

test('every act of an operator is in the audit log, with its reason, and the chain verifies', async () => {
  const { rows } = (await operator.get('/operator/audit', { expect: 200 })).body;
  const own = (await operator.get('/operator/session', { expect: 200 })).body.id;
  const acts = rows.filter(({ actor_id, action }) => actor_id === own && action !== 'account.signed_in').map(({ action }) => action).reverse();
  assert.deepEqual(acts, ['tenant.created', 'tenant.suspended', 'tenant.resumed', 'tenant.suspended', 'tenant.resumed', 'plugin.installed',
    'plugin.installed', 'plugin.disabled', 'plugin.readmitted', 'plugin.rolled_back', 'plugin.installed', 'tenant.created']);
  const kept = rows.find(({ action }) => action === 'tenant.suspended');
  assert.deepEqual([kept.actor_kind, kept.subject, kept.detail], ['operator', 'shijingshan', { reason }]);
  for (const action of ['operator.invited', 'operator.accepted', 'operator.disabled', 'account.signed_in', 'account.locked'])
    assert.ok(rows.some((each) => each.action === action), action);
  const about = (await operator.get('/operator/audit?subject=shijingshan', { expect: 200 })).body.rows;
  assert.deepEqual(about.map(({ action }) => action), ['tenant.resumed', 'tenant.suspended', 'tenant.resumed', 'tenant.suspended']);
  assert.throws(() => told(['doctor']), (error) => new RegExp(`^ok +operators' audit chain \\(${rows.length} rows\\)$`, 'm').test(error.stdout));
});

test('a session ends when nobody has used it for half an hour', async () => {
  await operator.get('/operator/session', { expect: 200 });
  assert.equal(await deployment.stop(), 0);
  await deployment.start({ clock: today.replace('09:00', '09:45'), words });
  await operator.get('/operator/tenants', { expect: 401 });
  await signIn('operator', operator.password, { expect: 201 });
  assert.equal(await deployment.stop(), 0);
});
