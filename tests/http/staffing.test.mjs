// Administrators invite, change and disable their staff (S21); power follows at once, and an administrator always remains.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { build, Deployment, root } from './deployment.mjs';
import * as staff from './staff.mjs';
import { standstill } from './standstill.mjs';

const slug = 'haidian';
const password = 'placeholder-password-9';
let deployment, office;

before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  office = await staff.office(deployment, slug);
});
after(() => deployment.end());

const accept = async (token, expect = 201) => {
  const client = new Client(deployment, slug);
  client.token = (await client.post('/staff/passwords', { token, password }, { expect })).body.token;
  return client;
};
const member = async (login) => (await office.admin.get('/admin/staff', { expect: 200 })).body.staff.find((each) => each.login === login);
const invite = async (login, roles) => (await office.admin.post('/admin/staff', { login, name: '新同事', roles }, { expect: 201 })).body;
const change = (who, roles, options) => office.admin.put(`/admin/staff/${who.id}`, { name: who.name, roles }, options);
const audited = async (subject) => (await office.auditor.get(`/audit?subject=${subject}`, { expect: 200 })).body.rows.map((each) => each.action);

test('who is invited accepts once, and has exactly the roles given', async () => {
  const invitation = await invite('newcomer', ['cashier']);
  assert.equal((await member('newcomer')).state, 'invited');
  const client = await accept(invitation.token);
  await client.get('/cashier/orders', { expect: 200 });
  await client.get('/admin/staff', { expect: 403 });
  await accept(invitation.token, 422);
  assert.deepEqual(await audited(invitation.id), ['staff.accepted', 'staff.invited', 'staff.changed']);
});

// A telephone's keyboard begins with a capital and ends with a space.
test('a login is the same one however it is typed, at the door as in the audit log', async () => {
  const invitation = await invite('typist', ['cashier']);
  await accept(invitation.token);
  for (const login of ['typist', 'Typist ', 'ＴＹＰＩＳＴ']) {
    await new Client(deployment, slug).post('/staff/sessions', { login, password }, { expect: 201 });
    assert.deepEqual(await audited(encodeURIComponent(login)), await audited(invitation.id), login);
  }
});

test('a login belongs to one', async () => {
  const { body } = await office.admin.post('/admin/staff', { login: 'cashier', name: '另一位', roles: ['cashier'] }, { expect: 422 });
  assert.deepEqual(body.errors.map(({ pointer, code }) => [pointer, code]), [['/login', 'staff.login_taken']]);
});

test('changed roles hold from the next request, and only for who saw the last state', async () => {
  const client = await accept((await invite('mover', ['cashier'])).token);
  const before = await member('mover');
  const { version } = await change(before, ['registrar'], { version: before.version, expect: 200 });
  assert.equal(version, before.version + 1);
  await client.get('/cashier/orders', { expect: 403 });
  await change(before, ['admin'], { version: before.version, expect: 412 });
  await change(before, ['admin'], { expect: 428 });
  assert.deepEqual((await member('mover')).roles, ['registrar']);
});

test('who is disabled is signed out at once, cannot sign in, and comes back by invitation', async () => {
  const first = await invite('leaver', ['reviewer']);
  const client = await accept(first.token);
  const { body } = await office.admin.post(`/admin/staff/${first.id}/disable`, undefined, { expect: 200 });
  assert.equal(body.state, 'disabled');
  await client.get('/session', { expect: 401 });
  await client.post('/staff/sessions', { login: 'leaver', password }, { expect: 401 });
  const again = (await office.admin.post(`/admin/staff/${first.id}/invitation`, undefined, { expect: 201 })).body;
  await (await accept(again.token)).get('/review/applications', { expect: 200 });
});

test('who is disabled before it is written gets no list, and none is told of', async () => {
  const { id, token } = await invite('taker', ['registrar']);
  const client = await accept(token);
  const [disabled, taken] = await standstill(deployment, slug, [
    [false, () => office.admin.post(`/admin/staff/${id}/disable`)],
    [true, () => client.post('/admin/exports/applications', { numbers: 'masked' })],
  ]);
  assert.deepEqual([disabled.status, taken.status], [200, 401]);
  const rows = (await office.auditor.get('/audit', { expect: 200 })).body.rows;
  assert.deepEqual(rows.filter(({ action }) => action === 'export.applications'), []);
});

test('a command says whom it disables, and leaves alone who was invited by an administrator', async () => {
  const guest = await accept((await invite('guest', ['cashier'])).token);
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-centre-'));
  cpSync(join(root, 'tenants', slug), folder, { recursive: true });
  const apply = (change = {}) => {
    const document = JSON.parse(readFileSync(join(root, 'tenants', slug, 'tenant.json'), 'utf8'));
    const staff = document.staff.filter(({ login }) => login !== change.without);
    writeFileSync(join(folder, 'tenant.json'), JSON.stringify({ ...document, staff }));
    const env = { ...process.env, LANG: 'en_US.UTF-8' };
    const done = spawnSync(join(build, 'kaowu'), ['tenant', 'apply', folder, '--json', '--data', deployment.data], { encoding: 'utf8', env });
    assert.equal(done.status, 0, done.stderr);
    return done;
  };
  const { stdout, stderr } = apply({ without: 'reviewer2' });
  assert.equal(stdout, '');
  assert.match(stderr, /^haidian: reviewer2 is no longer named in tenant\.json: disabled/m);
  assert.match(stderr, /^haidian: guest is not named in tenant\.json: left as it is/m);
  assert.equal(stderr.match(/: disabled/g).length, 1);
  await guest.get('/cashier/orders', { expect: 200 });
  await office.reviewer2.get('/session', { expect: 401 });
  office.reviewer2.token = (await accept(JSON.parse(apply().stdout).token)).token;
  rmSync(folder, { recursive: true });
});

test('a new invitation makes the lost one useless', async () => {
  const lost = await invite('loser', ['auditor']);
  const { body } = await office.admin.post(`/admin/staff/${lost.id}/invitation`, undefined, { expect: 201 });
  await accept(lost.token, 422);
  await accept(body.token);
});

test('the last active administrator can be neither disabled nor made something else', async () => {
  const admin = await member('admin');
  const second = await invite('second', ['admin']); // not accepted: does not count
  for (const refused of [
    await change(admin, ['auditor'], { version: admin.version, expect: 409 }),
    await office.admin.post(`/admin/staff/${admin.id}/disable`, undefined, { expect: 409 }),
  ]) assert.equal(refused.body.code, 'staff.last_admin');
  assert.equal((await member('admin')).state, 'active');
  await (await accept(second.token)).post(`/admin/staff/${admin.id}/disable`, undefined, { expect: 200 });
  await office.admin.get('/admin/staff', { expect: 401 });
});
