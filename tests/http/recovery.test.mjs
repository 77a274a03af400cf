// Who has lost both the mobile number and the password comes back to the account at the centre's desk, with the ID card.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { Deployment } from './deployment.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
const password = 'placeholder-password-1';
const reason = '手机号已停用，忘记密码，已核对身份证原件';
let deployment, office;
before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  office = await staff.office(deployment, slug);
});
after(() => deployment.end());

const nobody = () => new Client(deployment, slug);
const codes = ({ body }) => body.errors.map((each) => each.code);
const code = async (mobile, event) => (await deployment.message(slug, mobile, event)).text.match(/\d{6}/)[0];
const wrongOf = (right) => (right === '000000' ? '000001' : '000000');
// Between two codes for one number lies a minute.
async function later() {
  await deployment.stop();
  await deployment.start({ clock: '2026-11-23T09:02:00+08:00' });
}
const ask = (number, mobile, options = { expect: 202 }) => office.admin.post(`/admin/applications/${number}/recovery/code`, { mobile }, options);
const recover = (client, order, mobile, body, options = { expect: 200 }) =>
  office.admin.post(`/admin/applications/${client.number}/recovery`,
    { mobile, id_number: candidate.residentId(order), reason, password: office.admin.password, ...body }, options);

test('the account comes back with another number and a new password, and its owner can read how', async () => {
  const [old, mobile] = ['13800007101', '13800007102'];
  const client = nobody();
  await candidate.apply(client, 710, old);
  const { id } = (await client.get('/session', { expect: 200 })).body;
  const seen = (await office.admin.get(`/admin/applications/${client.number}/recovery`, { expect: 200 })).body;
  assert.deepEqual([seen.name, seen.mobile, seen.closed], ['张三', '138****7101', false]);
  assert.ok(!JSON.stringify(seen).includes(candidate.residentId(710)));

  await ask(client.number, mobile);
  const right = await code(mobile, 'code_sign_up');
  assert.equal((await recover(client, 710, mobile, { code: right })).body.mobile, '138****7102');
  assert.match((await deployment.message(slug, old, 'mobile_changed')).text, /如非本人办理，请立即联系我们/);

  // Neither the sessions of before, nor the old password, nor the old number are good for anything.
  await client.get('/account', { expect: 401 });
  for (const each of [old, mobile]) await nobody().post('/sessions', { mobile: each, password }, { expect: 401 });

  await later();
  await nobody().post('/codes', { purpose: 'reset', mobile }, { expect: 202 });
  const fresh = nobody();
  const set = { mobile, code: await code(mobile, 'code_reset'), password: 'another-password-2' };
  fresh.token = (await fresh.post('/passwords', set, { expect: 200 })).body.token;
  const account = (await fresh.get('/account', { expect: 200 })).body;
  assert.deepEqual([account.mobile, account.recoveries.map((each) => each.reason)], [mobile, [reason]]);
  assert.deepEqual((await fresh.get('/account/data', { expect: 200 })).body.account.recoveries, account.recoveries);
  assert.equal((await fresh.get(`/applications/${client.application}`, { expect: 200 })).body.state, 'reviewing');

  const { rows } = (await office.auditor.get(`/audit?subject=${id}`, { expect: 200 })).body;
  const row = rows.find(({ action }) => action === 'account.recovered');
  assert.deepEqual([row.actor_name, row.detail], ['海淀管理员', { application: client.number, reason }]);
});

test('what does not show that this is the person, and that the number is theirs, changes nothing', async () => {
  const [old, mobile, other] = ['13800007111', '13800007112', '13800007113'];
  const client = nobody();
  await candidate.apply(client, 711, old);
  const stranger = nobody();
  await candidate.apply(stranger, 712, other);
  // At once, so that no machine is too slow for the minute.
  const asked = await Promise.all([1, 2].map(() => ask(client.number, mobile, {})));
  assert.deepEqual(asked.map(({ status, body }) => body?.code ?? status).sort(), [202, 'code.too_soon']);
  const right = await code(mobile, 'code_sign_up');
  const refused = async (body, order = 711) => codes(await recover(client, order, mobile, { code: right, ...body }, { expect: 422 }));
  assert.deepEqual(await refused({}, 712), ['recovery.other_person']);
  assert.deepEqual(await refused({ reason: '     ' }), ['schema.minLength']);
  assert.deepEqual(await refused({ mobile: other }), ['recovery.taken']);
  assert.deepEqual(await refused({ mobile: '12800007112' }), ['identity.mobile']);
  assert.deepEqual(await refused({ code: wrongOf(right) }), ['code.wrong']);
  assert.deepEqual(await refused({ password: 'not the password' }), ['password.wrong']);
  assert.deepEqual(codes(await ask(client.number, other, { expect: 422 })), ['recovery.taken']);
  await client.get('/account', { expect: 200 });
  await nobody().post('/sessions', { mobile: old, password }, { expect: 201 });
  assert.deepEqual(deployment.messages(slug, old).filter(({ event }) => event === 'mobile_changed'), []);
  // Nobody but an administrator.
  for (const login of ['reviewer1', 'registrar', 'cashier', 'auditor'])
    await office[login].get(`/admin/applications/${client.number}/recovery`, { expect: 403 });
});

test('a wrong code counts, and after five the right one is no longer good', async () => {
  const mobile = '13800007122';
  const client = nobody();
  await candidate.apply(client, 720, '13800007121');
  await ask(client.number, mobile);
  const right = await code(mobile, 'code_sign_up');
  for (let tries = 0; tries < 5; tries++) await recover(client, 720, mobile, { code: wrongOf(right) }, { expect: 422 });
  assert.deepEqual(codes(await recover(client, 720, mobile, { code: right }, { expect: 422 })), ['code.wrong']);
});

test('an application that was never handed in shows nobody, and an account that was erased is not found again', async () => {
  const client = nobody();
  await client.signUp('13800007131');
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.fill(client, 731);
  const seen = (await office.admin.get(`/admin/applications/${client.number}/recovery`, { expect: 200 })).body;
  assert.deepEqual([seen.name, seen.id_masked], [null, null]);
  assert.equal((await ask(client.number, '13800007132', { expect: 409 })).body.code, 'recovery.never_handed_in');

  await candidate.submit(client);
  await client.post(`/applications/${client.application}/withdraw`, undefined, { version: client.version, expect: 200 });
  const { id } = (await client.get('/session', { expect: 200 })).body;
  await client.put('/account/erasure', undefined, { expect: 200 });
  await office.admin.post(`/admin/erasures/${id}`, undefined, { expect: 200 });
  assert.equal((await ask(client.number, '13800007132', { expect: 409 })).body.code, 'recovery.closed');
});

test('who changes the number by oneself tells the old one, too', async () => {
  const [old, mobile] = ['13800007141', '13800007142'];
  const client = await nobody().signUp(old, password);
  await client.post('/codes', { purpose: 'sign_up', mobile }, { expect: 202 });
  await client.put('/account/mobile', { mobile, code: await code(mobile, 'code_sign_up'), password }, { expect: 200 });
  assert.match((await deployment.message(slug, old, 'mobile_changed')).text, /本号码不能再登录/);
});
