// The second factor of staff: enrolled with an authenticator, asked for at sign-in, demanded of roles, reset by a colleague.
//
// The server's clock runs from the deployment's
// day on; a test that needs another time step restarts the server with a later clock.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { base32, codeOf as codeAt } from './authenticator.mjs';
import { Client } from './client.mjs';
import { Deployment, kaowu, root } from './deployment.mjs';
import * as staff from './staff.mjs';
import { standstill } from './standstill.mjs';

const slug = 'haidian';
let deployment, office, folder;
let minutes = 0; // that the server's clock is ahead of the day's beginning

before(async () => {
  deployment = await Deployment.make({ tenants: [slug] });
  await restart();
  office = await staff.office(deployment, slug);
});
after(async () => {
  await deployment.end();
  if (folder) rmSync(folder, { recursive: true });
});

// Every restart is a minute later: two steps, so that no code before it is good any more.
async function restart() {
  if (deployment.server) await deployment.stop();
  minutes += 2;
  await deployment.start({ clock: `2026-11-23T09:${String(minutes).padStart(2, '0')}:00+08:00` });
}

const codeOf = (secret, steps) => codeAt(deployment, secret, steps);
const signIn = (login, password, code, expect) =>
  new Client(deployment, slug).post('/staff/sessions', { login, password, ...(code && { code }) }, { expect });

async function enrolled(client) {
  const { password } = client;
  const { secret, uri } = (await client.post('/staff/second-factor', { password }, { expect: 201 })).body;
  assert.match(uri, new RegExp(`secret=${secret}&issuer=`));
  const { body } = await client.post('/staff/second-factor/confirmation', { password, code: await codeOf(secret) }, { expect: 200 });
  client.token = body.token;
  return { secret, codes: body.recovery_codes };
}

const audited = async (action) => (await office.auditor.get('/audit', { expect: 200 })).body.rows.filter((row) => row.action === action);
const own = async (client) => (await client.get('/staff/second-factor', { expect: 200 })).body;
const refusal = (answer) => answer.body.code;

test('whoever enrols signs in with password and code, and every code holds once', async () => {
  const { registrar } = office;
  const other = new Client(deployment, slug, { token: (await signIn('registrar', registrar.password, null, 201)).body.token });
  const { secret, codes } = await enrolled(registrar);
  assert.equal(new Set(codes).size, 10);
  await other.get('/session', { expect: 401 }); // only the session that enrolled goes on
  const { state, demanded, recovery_codes: left } = await own(registrar);
  assert.deepEqual([state, demanded, left], ['active', false, 10]);

  assert.equal(refusal(await signIn('registrar', registrar.password, null, 401)), 'session.code_wanted');
  const [before, code] = [await codeOf(secret), await codeOf(secret, 1)];
  await signIn('registrar', registrar.password, code, 201);
  for (const used of [code, before]) assert.equal(refusal(await signIn('registrar', registrar.password, used, 401)), 'session.code_wrong');

  await signIn('registrar', registrar.password, codes[0].toUpperCase().replaceAll('-', ' '), 201);
  assert.equal(refusal(await signIn('registrar', registrar.password, codes[0], 401)), 'session.code_wrong');
  assert.equal((await own(registrar)).recovery_codes, 9);
  const { id } = (await registrar.get('/session', { expect: 200 })).body;
  for (const action of ['enrolled', 'recovered'])
    assert.deepEqual((await audited(`second_factor.${action}`)).map((row) => row.subject), [id]);

  await restart();
  await signIn('registrar', registrar.password, await codeOf(secret), 201);
});

test('nobody hears from a code whether a name or password is right, and wrong ones lock as passwords do', async () => {
  const { auditor } = office;
  const { secret } = await enrolled(auditor);
  const code = await codeOf(secret, 1);
  const unknown = await signIn('nobody-here', auditor.password, code, 401);
  const wrong = await signIn('auditor', 'not-the-password', code, 401);
  assert.deepEqual([refusal(unknown), unknown.body.detail], [refusal(wrong), wrong.body.detail]);
  assert.equal(refusal(unknown), 'session.wrong');
  // A wrong password has used no code up; that and four wrong codes are five.
  for (let i = 0; i < 4; i++) assert.equal(refusal(await signIn('auditor', auditor.password, '000000', 401)), 'session.code_wrong');
  const locked = await signIn('auditor', auditor.password, code, 429);
  assert.equal(refusal(locked), 'session.locked');
  assert.ok(Number(locked.headers.get('retry-after')) > 0);
  await restart();
  await signIn('auditor', auditor.password, await codeOf(secret), 201);
});

test('changing it takes the password, and guesses at that are counted as well', async () => {
  const { cashier } = office;
  const { password } = cashier;
  const ask = (path, body, expect) => cashier.post(`/staff/second-factor${path}`, body, { expect });
  assert.equal(refusal(await ask('/confirmation', { password, code: '123456' }, 409)), 'second_factor.not_begun');
  assert.equal(refusal(await ask('/removal', { password, code: '123456' }, 409)), 'second_factor.none');
  const { body } = await ask('', { password: 'not-the-password' }, 422);
  assert.deepEqual(body.errors.map(({ pointer, code }) => [pointer, code]), [['/password', 'password.wrong']]);

  const { secret } = (await ask('', { password }, 201)).body;
  assert.equal((await own(cashier)).state, 'none');
  const wrong = await ask('/confirmation', { password, code: '000000' }, 422);
  assert.deepEqual(wrong.body.errors.map(({ pointer, code }) => [pointer, code]), [['/code', 'second_factor.code']]);
  cashier.token = (await ask('/confirmation', { password, code: await codeOf(secret) }, 200)).body.token;
  assert.equal(refusal(await ask('', { password }, 409)), 'second_factor.active');
  assert.equal(refusal(await ask('/confirmation', { password, code: await codeOf(secret, 1) }, 409)), 'second_factor.active');

  await ask('/removal', { password, code: await codeOf(secret, 1) }, 204);
  assert.equal((await own(cashier)).state, 'none');
  await signIn('cashier', password, null, 201); // and forgets what failed
  for (let i = 0; i < 5; i++) await ask('', { password: 'not-the-password' }, 422);
  await ask('', { password }, 429);
});

test('another administrator resets it, never oneself, and an invitation is no way around it', async () => {
  const { reviewer1, admin } = office;
  await enrolled(reviewer1);
  const { id } = (await reviewer1.get('/session', { expect: 200 })).body;
  const member = async () => (await admin.get('/admin/staff', { expect: 200 })).body.staff.find((each) => each.id === id);
  assert.equal((await member()).second_factor, true);

  const { token } = (await admin.post(`/admin/staff/${id}/invitation`, undefined, { expect: 201 })).body;
  const accepted = await new Client(deployment, slug).post('/staff/passwords', { token, password: reviewer1.password }, { expect: 204 });
  assert.equal(accepted.headers.get('set-cookie'), null);
  assert.equal(refusal(await signIn('reviewer1', reviewer1.password, null, 401)), 'session.code_wanted');

  const self = (await admin.get('/session', { expect: 200 })).body.id;
  assert.equal(refusal(await admin.post(`/admin/staff/${self}/second-factor/reset`, undefined, { expect: 409 })), 'staff.own_factor');
  await admin.post(`/admin/staff/${id}/second-factor/reset`, undefined, { expect: 200 });
  assert.equal((await member()).second_factor, false);
  await signIn('reviewer1', reviewer1.password, null, 201);
  const rows = await audited('second_factor.reset');
  assert.deepEqual(rows.map((row) => [row.subject, row.actor_id]), [[id, self]]);
});

test('of an only administrator it is taken by a command, and audited as the operator', async () => {
  const { admin } = office;
  const { password } = admin;
  await enrolled(admin);
  const { id } = (await admin.get('/session', { expect: 200 })).body;
  assert.equal(refusal(await signIn('admin', password, null, 401)), 'session.code_wanted');
  assert.throws(() => kaowu(['tenant', 'reset-factor', slug, 'stranger', '--data', deployment.data], { stdio: 'pipe' }), /staff\.unknown/);
  kaowu(['tenant', 'reset-factor', slug, 'admin', '--data', deployment.data]);
  await admin.get('/session', { expect: 401 });
  admin.token = (await signIn('admin', password, null, 201)).body.token;
  const [row] = (await audited('second_factor.reset')).filter(({ subject }) => subject === id);
  assert.deepEqual([row.actor_kind, row.actor_id], ['operator', null]);
});

test('a password that another has taken the place of confirms nothing, however early it was proven', async () => {
  const { reviewer2, admin } = office;
  const { password } = reviewer2;
  const { secret } = (await reviewer2.post('/staff/second-factor', { password }, { expect: 201 })).body;
  const { id } = (await admin.get('/admin/staff', { expect: 200 })).body.staff.find(({ login }) => login === 'reviewer2');
  const { token } = (await admin.post(`/admin/staff/${id}/invitation`, undefined, { expect: 201 })).body;
  const code = await codeOf(secret);
  const renewed = `${password}-renewed`;
  const [accepted, confirmed] = await standstill(deployment, slug, [
    [true, () => new Client(deployment, slug).post('/staff/passwords', { token, password: renewed })],
    [true, () => reviewer2.post('/staff/second-factor/confirmation', { password, code })],
  ]);
  assert.deepEqual([accepted.status, confirmed.status], [201, 401]);
  await signIn('reviewer2', renewed, null, 201); // who knew the old one has locked nobody out by a factor
  Object.assign(reviewer2, { password: renewed, token: accepted.body.token });
});

test('who has a role that must have one can do nothing but enrol', async () => {
  const { reviewer2 } = office;
  folder = mkdtempSync(join(tmpdir(), 'kaowu-centre-'));
  cpSync(join(root, 'tenants', slug), folder, { recursive: true });
  const file = join(folder, 'tenant.json');
  const centre = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...centre, second_factor: { required: ['reviewer'] } }));
  await deployment.stop();
  deployment.apply(slug, folder);
  await deployment.start({ clock: '2026-11-23T09:20:00+08:00' });

  assert.equal(refusal(await reviewer2.get('/review/applications', { expect: 403 })), 'api.second_factor');
  const { body } = await reviewer2.get('/session', { expect: 200 });
  assert.deepEqual([body.roles, body.unenrolled], [[], true]);
  assert.equal((await own(reviewer2)).demanded, true);
  await office.admin.get('/admin/staff', { expect: 200 }); // of whom nothing is demanded
  await enrolled(reviewer2);
  await reviewer2.get('/review/applications', { expect: 200 });
  assert.deepEqual((await reviewer2.get('/session', { expect: 200 })).body.roles, ['reviewer']);
});

test('a secret is kept sealed and a recovery code hashed', async () => {
  const { secret, codes } = await enrolled(await fresh());
  await deployment.stop();
  const database = readFileSync(join(deployment.data, 'tenants', slug, 'tenant.db'));
  for (const clear of [secret, base32(secret), codes[0], codes[0].replaceAll('-', '')]) assert.equal(database.includes(clear), false);
});

async function fresh() {
  const { token } = (await office.admin.post('/admin/staff', { login: 'fresh', name: '新同事', roles: ['registrar'] }, { expect: 201 })).body;
  const client = new Client(deployment, slug);
  client.password = 'placeholder-password-9';
  client.token = (await client.post('/staff/passwords', { token, password: client.password }, { expect: 201 })).body.token;
  return client;
}
