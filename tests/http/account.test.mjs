// Signing up and in (S11): codes, caps, the same answer for every number, lockout, reset, sessions, invitations.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { Deployment, today } from './deployment.mjs';

let deployment;
before(async () => {
  deployment = await (await Deployment.make({ tenants: ['haidian'] })).start();
});
after(async () => {
  assert.equal(await deployment.stop(), 0);
  deployment.remove();
});

const password = 'placeholder-password-1';
const code = async (mobile, event, options) => (await deployment.message('haidian', mobile, event, options)).text.match(/\d{6}/)[0];

// Behind every minute in which a number gets no second code; the day goes on from there.
let now = Date.parse(today);
async function minutesLater() {
  assert.equal(await deployment.stop(), 0);
  now += 20 * 60e3;
  await deployment.start({ clock: new Date(now).toISOString() });
}

test('a code is good once, and a wrong one counts', async () => {
  const client = new Client(deployment, 'haidian');
  const mobile = '13800001001';
  await client.post('/codes', { purpose: 'sign_up', mobile }, { expect: 202 });
  const right = await code(mobile, 'code_sign_up');
  const wrong = right === '000000' ? '000001' : '000000';
  for (let tries = 0; tries < 4; tries++)
    assert.equal((await client.post('/accounts', { mobile, code: wrong, password }, { expect: 422 })).body.errors[0].code, 'code.wrong');
  await client.post('/accounts', { mobile, code: right, password }, { expect: 201 });
  await client.post('/accounts', { mobile, code: right, password }, { expect: 422 });
});

test('after five wrong tries the right code is no longer good', async () => {
  const client = new Client(deployment, 'haidian');
  const mobile = '13800001002';
  await client.post('/codes', { purpose: 'sign_up', mobile }, { expect: 202 });
  const right = await code(mobile, 'code_sign_up');
  const wrong = right === '000000' ? '000001' : '000000';
  for (let tries = 0; tries < 5; tries++) await client.post('/accounts', { mobile, code: wrong, password }, { expect: 422 });
  await client.post('/accounts', { mobile, code: right, password }, { expect: 422 });
});

test('a second code within a minute is refused with the seconds to wait', async () => {
  const client = new Client(deployment, 'haidian');
  // At once, so that no machine is too slow for the minute.
  const answers = await Promise.all([1, 2].map(() => client.post('/codes', { purpose: 'sign_up', mobile: '13800001003' })));
  const [taken, { status, headers, body }] = answers.toSorted((one, other) => one.status - other.status);
  assert.deepEqual([taken.status, status], [202, 429]);
  assert.ok(Number(headers.get('retry-after')) > 0 && Number(headers.get('retry-after')) <= 60);
  assert.equal(body.code, 'code.too_soon');
});

test('the answer is the same whether or not a number is known', async () => {
  const known = await new Client(deployment, 'haidian').signUp('13800001004', password);
  await minutesLater();
  const stranger = new Client(deployment, 'haidian');
  for (const mobile of ['13800001004', '13800001005']) await stranger.post('/codes', { purpose: 'reset', mobile }, { expect: 202 });
  const wrong = [];
  for (const mobile of ['13800001004', '13800001006'])
    wrong.push((await stranger.post('/sessions', { mobile, password: 'not the password' }, { expect: 401 })).body);
  for (const body of wrong) delete body.request_id;
  assert.deepEqual(wrong[0], wrong[1]);
  assert.ok(known.token);
});

test('sign-in locks after five failures, and signs in before that', async () => {
  const client = await new Client(deployment, 'haidian').signUp('13800001007', password);
  const other = new Client(deployment, 'haidian');
  await other.post('/sessions', { mobile: '+86 138-0000-1007', password }, { expect: 201 });
  for (let tries = 0; tries < 5; tries++) await other.post('/sessions', { mobile: '13800001007', password: 'wrong wrong' }, { expect: 401 });
  const locked = await other.post('/sessions', { mobile: '13800001007', password }, { expect: 429 });
  assert.equal(locked.body.code, 'session.locked');
  await client.get('/session', { expect: 200 });
});

test('a number that nobody has locks like any other', async () => {
  const client = new Client(deployment, 'haidian');
  const answers = [];
  for (let tries = 0; tries < 6; tries++) answers.push((await client.post('/sessions', { mobile: '13800001016', password })).status);
  assert.deepEqual(answers, [401, 401, 401, 401, 401, 429]);
});

test('sign-out ends the session, and the cookie is HttpOnly', async () => {
  const client = await new Client(deployment, 'haidian').signUp('13800001008', password);
  const { headers, body } = await client.post('/sessions', { mobile: '13800001008', password }, { expect: 201 });
  assert.match(headers.get('set-cookie'), /^kaowu_session=\S+; Path=\/t\/haidian\/; HttpOnly; SameSite=Lax/);
  client.token = body.token;
  const who = await client.get('/session', { expect: 200 });
  assert.equal(who.body.kind, 'candidate');
  assert.equal(who.body.mobile, '138****1008');
  await client.delete('/session', { expect: 204 });
  await client.get('/session', { expect: 401 });
});

// What is guessable is told with whatever else is wrong, and uses up neither code nor invitation.
test('a password that anybody would try first is refused', async () => {
  const client = new Client(deployment, 'haidian');
  const token = deployment.invitations.haidian.registrar;
  for (const each of ['a123456789', '13800001017', '2026haidian', 'kaowu123456']) {
    const { errors } = (await client.post('/accounts', { mobile: '13800001017', code: '000000', password: each }, { expect: 422 })).body;
    assert.deepEqual(errors.map(({ pointer, code }) => [pointer, code]), [['/password', 'password.guessable']], each);
  }
  const both = (await client.post('/accounts', { mobile: '12800001017', code: '000000', password: 'password1' }, { expect: 422 })).body;
  assert.deepEqual(both.errors.map(({ pointer }) => pointer), ['/mobile', '/password']);
  const { errors } = (await client.post('/staff/passwords', { token, password: 'Registrar.2026' }, { expect: 422 })).body;
  assert.deepEqual(errors.map(({ pointer, code }) => [pointer, code]), [['/password', 'password.guessable']]);
  await client.post('/staff/passwords', { token, password: 'placeholder staff' }, { expect: 201 });
});

test('an invitation sets a password once, and staff sign in with it', async () => {
  const client = new Client(deployment, 'haidian');
  const token = deployment.invitations.haidian.reviewer1;
  await client.post('/staff/passwords', { token, password: 'short' }, { expect: 422 });
  await client.post('/staff/passwords', { token, password: 'placeholder staff' }, { expect: 201 });
  await client.post('/staff/passwords', { token, password: 'placeholder staff' }, { expect: 422 });
  const { body } = await client.post('/staff/sessions', { login: 'reviewer1', password: 'placeholder staff' }, { expect: 201 });
  client.token = body.token;
  assert.deepEqual((await client.get('/session', { expect: 200 })).body.roles, ['reviewer']);
});

const faults = (answer) => answer.body.errors.map(({ pointer, code }) => `${pointer} ${code}`);

// Of both kinds of people alike; operators' are the same code behind other paths.
async function changes(client, name, signIn, password) {
  const wanted = 'four words in a row';
  const put = (body, expect, by = client) => by.call('PUT', '/session/password', { body, expect });
  const other = new Client(deployment, 'haidian', { token: (await signIn(password, 201)).body.token });

  await new Client(deployment, 'haidian').call('PUT', '/session/password', { body: { password, new_password: wanted }, expect: 401 });
  assert.deepEqual(faults(await put({ password, new_password: `${name}.2026` }, 422)), ['/new_password password.guessable']);
  assert.deepEqual(faults(await put({ password: 'not the password', new_password: wanted }, 422)), ['/password password.wrong']);
  await other.get('/session', { expect: 200 });

  const { token } = (await put({ password, new_password: wanted }, 200)).body;
  for (const ended of [client, other]) await ended.get('/session', { expect: 401 });
  client.token = token;
  await signIn(password, 401);
  await signIn(wanted, 201);
  for (let i = 0; i < 5; i++) await put({ password, new_password: 'another four of them' }, 422);
  assert.equal((await put({ password: wanted, new_password: 'another four of them' }, 429)).body.code, 'session.locked');
}

test('a candidate changes the password by the old one', async () => {
  const mobile = '13800001018';
  const client = await new Client(deployment, 'haidian').signUp(mobile, password);
  await changes(client, mobile, (each, expect) => new Client(deployment, 'haidian').post('/sessions', { mobile, password: each }, { expect }), password);
});

test('a candidate whose number changes takes the account along, by the password and a code to the new one', async () => {
  const [old, mobile] = ['13800001061', '13800001062'];
  const client = await new Client(deployment, 'haidian').signUp(old, password);
  const taken = await new Client(deployment, 'haidian').signUp('13800001063', password);
  const change = (body, options) => client.put('/account/mobile', { mobile, password, ...body }, options);
  await client.post('/codes', { purpose: 'sign_up', mobile }, { expect: 202 });
  const right = await code(mobile, 'code_sign_up');
  const wrong = right === '000000' ? '000001' : '000000';
  const codes = async (body) => (await change(body, { expect: 422 })).body.errors.map((each) => each.code);
  assert.deepEqual(await codes({ code: right, password: 'not the password' }), ['password.wrong']);
  assert.deepEqual(await codes({ code: wrong }), ['code.wrong']);
  assert.deepEqual(await codes({ code: right, mobile: '1380000' }), ['schema.minLength']);
  assert.deepEqual(await codes({ code: right, mobile: taken.mobile }), ['code.wrong']);
  assert.equal((await client.get('/account', { expect: 200 })).body.mobile, old);
  assert.equal((await change({ code: right }, { expect: 200 })).body.mobile, mobile);
  assert.equal((await client.get('/session', { expect: 200 })).body.mobile, '138****1062');
  assert.deepEqual(await codes({ code: right }), ['code.wrong']); // good once
  await client.post('/sessions', { mobile: old, password }, { expect: 401 });
  await client.post('/sessions', { mobile, password }, { expect: 201 });
  // Who gets the old number from the provider gets nothing of the account, and may sign up.
  await minutesLater();
  await new Client(deployment, 'haidian').post('/codes', { purpose: 'reset', mobile: old }, { expect: 202 });
  await new Client(deployment, 'haidian').post('/passwords', { mobile: old, code: right, password }, { expect: 422 });
  assert.deepEqual(deployment.messages('haidian', old).filter(({ event }) => event === 'code_reset'), []);
  await taken.put('/account/mobile', { mobile: old, code: right, password }, { expect: 422 });
});

test('a code that came before somebody else took the number changes nothing', async () => {
  const mobile = '13800001065';
  const client = await new Client(deployment, 'haidian').signUp('13800001064', password);
  await client.post('/codes', { purpose: 'sign_up', mobile }, { expect: 202 });
  const right = await code(mobile, 'code_sign_up');
  await new Client(deployment, 'haidian').post('/accounts', { mobile, code: right, password }, { expect: 201 });
  await client.put('/account/mobile', { mobile, code: right, password }, { expect: 422 });
  assert.equal((await client.get('/account', { expect: 200 })).body.mobile, '13800001064');
});

test('a member of staff changes the password by the old one', async () => {
  const login = 'reviewer2';
  const client = new Client(deployment, 'haidian');
  const answer = await client.post('/staff/passwords', { token: deployment.invitations.haidian[login], password: 'placeholder staff' }, { expect: 201 });
  client.token = answer.body.token;
  await changes(client, login, (each, expect) =>
    new Client(deployment, 'haidian').post('/staff/sessions', { login, password: each }, { expect }), 'placeholder staff');
});

test('one sees where one is signed in, and ends it by the password', async () => {
  const mobile = '13800001019';
  const phone = await new Client(deployment, 'haidian').signUp(mobile, password);
  const signIn = async (by) => new Client(deployment, 'haidian', { token: (await by.post('/sessions', { mobile, password }, { expect: 201 })).body.token });
  const list = async (client) => (await client.get('/sessions', { expect: 200 })).body.sessions.map(({ current }) => current);
  const computer = await signIn(phone); // in the place of the session that it was asked with
  assert.deepEqual(await list(computer), [true]);
  const tablet = await signIn(new Client(deployment, 'haidian'));
  assert.deepEqual((await list(tablet)).sort(), [false, true]);
  assert.deepEqual(faults(await tablet.post('/sessions/end', { password: 'not the password' }, { expect: 422 })), ['/password password.wrong']);
  await computer.get('/session', { expect: 200 });
  await tablet.post('/sessions/end', { password }, { expect: 204 });
  await computer.get('/session', { expect: 401 });
  assert.deepEqual(await list(tablet), [true]);
});

test('a request from another site with a cookie is refused', async () => {
  const client = new Client(deployment, 'haidian');
  const headers = { origin: 'https://elsewhere.example', cookie: 'kaowu_session=x' };
  await client.post('/codes', { purpose: 'sign_up', mobile: '13800001009' }, { headers, expect: 403 });
  const basic = { ...headers, authorization: 'Basic cGxhY2U6aG9sZGVy' };
  await client.post('/codes', { purpose: 'sign_up', mobile: '13800001009' }, { headers: basic, expect: 403 });
});

test('who only reads stays signed in; who does nothing for a day does not', async () => {
  const reads = await new Client(deployment, 'haidian').signUp('13800001010', password);
  const idle = await new Client(deployment, 'haidian').signUp('13800001011', password);
  const again = async (clock) => {
    assert.equal(await deployment.stop(), 0);
    await deployment.start({ clock });
  };
  await again('2026-11-24T08:00:00+08:00');
  await reads.get('/applications', { expect: 200 });
  await again('2026-11-25T07:00:00+08:00');
  await reads.get('/applications', { expect: 200 });
  await idle.get('/applications', { expect: 401 });
});

test('what was sent is not sent again because the server stopped meanwhile', async () => {
  const client = new Client(deployment, 'haidian');
  const mobiles = ['13800001012', '13800001013', '13800001014', '13800001015'];
  for (const mobile of mobiles) {
    await client.post('/codes', { purpose: 'sign_up', mobile }, { expect: 202 });
    assert.equal(await deployment.stop(), 0);
    await deployment.start();
  }
  for (const mobile of mobiles) {
    await deployment.message('haidian', mobile, 'code_sign_up');
    assert.equal(deployment.messages('haidian', mobile).length, 1);
  }
});
