// Paying by WeChat Pay's real protocol (S17, S18): orders, notices, what goes wrong on the way, and what is paid when
// it should not be.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sdk from 'wechatpay-axios-plugin';
import { root } from '../http/deployment.mjs';
import { eventually, pause } from '../http/patience.mjs';
import { Cashdesk, kinds, of } from './cashdesk.mjs';
import { Mute } from './peer.mjs';
import { Gateway, gatewaySecret } from './sms.mjs';
import { moment } from './wechat.mjs';

const { Wechatpay } = sdk;
const HOUR = 3600_000;
let desk, wechat;

before(async () => {
  desk = await Cashdesk.make();
  wechat = desk.wechat;
  await desk.scene.start();
  await desk.open(24);
});
after(() => desk.end());

const notify = (text, headers) => wechat.notify(desk.address, text, headers);
const paidTwice = (order) => of(order, 'paid').length + of(order, 'paid_late').length + of(order, 'paid_again').length;

// ---- The simulator, and the account ----

test("the simulator takes what WeChat Pay's SDK sends and verifies, and refuses a wrong key", async () => {
  const ask = (privateKey) =>
    new Wechatpay({
      mchid: wechat.mchid,
      serial: wechat.merchantSerial,
      privateKey,
      certs: { [wechat.serial]: wechat.platform.publicKey },
      baseURL: `${wechat.endpoint}/`,
      httpsAgent: new https.Agent({ ca: readFileSync(desk.scene.authority.ca) }),
      headers: { 'wechatpay-serial': wechat.serial },
    }).v3.pay.transactions.native.post({
      appid: wechat.appid,
      mchid: wechat.mchid,
      description: 'placeholder',
      out_trade_no: 'SDK000001',
      notify_url: 'https://kaowu.example/reports/wechat',
      time_expire: moment(Date.now() + HOUR),
      amount: { total: 1, currency: 'CNY' },
    });
  const { now } = wechat;
  wechat.now = Date.now;
  try {
    assert.match((await ask(wechat.merchant.privateKey)).data.code_url, /^weixin:/);
    await assert.rejects(ask(wechat.platform.privateKey), (error) => error.response.status === 401);
  } finally {
    wechat.now = now;
    wechat.orders.clear();
  }
});

test('without an account nobody can begin to pay, and no notice is believed', async () => {
  const client = desk.payer();
  const { errors } = await desk.order(client, 'wechat', { expect: 422 });
  assert.equal(errors[0].code, 'payment.no_account');
  const text = wechat.sealed('TRANSACTION.SUCCESS', 'transaction', {});
  assert.equal(await notify(text), 401);
  const reconcile = (...words) => desk.command('payments', 'reconcile', desk.slug, '2026-11-22', ...words).stderr;
  assert.match(reconcile(), /kaowu payments configure/);
  assert.match(reconcile('--bill', join(root, 'README.md')), /kaowu payments configure/);
  assert.match(reconcile('--bill', '/dev/null'), /not a regular file/);
});

test('an account is not set as any secret is, for nobody would look at it', async () => {
  const refused = /kaowu payments configure/;
  assert.throws(() => desk.scene.secret(desk.slug, 'wechat-pay', '{}'), refused);
  assert.match(desk.command('secret', 'remove', desk.slug, 'wechat-pay').stderr, refused);
  assert.equal(await notify('{}', {}), 401);
});

test('an account with keys that are none is refused by JSON pointer; a right one lies sealed', () => {
  const wrong = desk.configure(
    wechat.account({ private_key: 'none', platform: [{ id: wechat.serial, public_key: 'none' }] }),
  );
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /\/private_key: [^]*\/platform\/0: /);
  assert.match(desk.configure(wechat.account({ api_v3_key: 'x'.repeat(31) })).stderr, /\/api_v3_key: /);
  const right = desk.configure();
  assert.equal(right.status, 0, right.stderr);
  assert.match(right.stdout, /1900000109/);
  const folder = join(desk.deployment.data, 'tenants', desk.slug);
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())) {
    const bytes = readFileSync(join(name.path, name.name), 'latin1');
    for (const secret of [wechat.apiKey, wechat.merchant.privateKey.split('\n')[1]])
      assert.ok(!bytes.includes(secret), name.name);
  }
});

// ---- The way of an order ----

test('an account that is given right after a new key was made holds at once', async () => {
  const renew = () => {
    for (const done of [desk.command('tenant', 'rotate', desk.slug), desk.configure()])
      assert.equal(done.status, 0, done.stderr);
  };
  const client = desk.payer();
  renew();
  const order = await desk.placed(client);
  wechat.pay(order.number);
  renew();
  assert.equal(await notify(wechat.paidNotice(order.number)), 204);
  assert.doesNotMatch(desk.deployment.log, /seal\./);
});

test('an order is placed after its answer, paid by a notice, and the candidate is told (S17, S18)', async () => {
  const client = desk.payer();
  const order = await desk.order(client);
  assert.deepEqual([order.state, order.code_url, order.provider], ['placing', null, 'wechat']);
  const open = await desk.until(client, order, ({ state }) => state === 'open');
  assert.equal(open.code_url, `weixin://wxpay/bizpayurl?pr=${order.number.slice(-8)}1`);
  assert.equal(wechat.orders.get(order.number).total, 68000);
  assert.equal((await desk.order(client)).id, order.id);
  wechat.pay(order.number);
  assert.equal(await notify(wechat.paidNotice(order.number)), 204);
  const paid = await desk.see(client, order);
  assert.deepEqual([paid.state, paid.balance_fen, kinds(paid)], ['paid', 68000, ['created', 'placed', 'paid']]);
  assert.equal(of(paid, 'paid')[0].reference, wechat.orders.get(order.number).transactionId);
  const { payment, status } = await desk.application(client);
  assert.ok(payment.paid);
  assert.equal(Date.parse(payment.paid_at), wechat.orders.get(order.number).paidAt);
  assert.equal(status, 'awaiting_papers');
  await desk.deployment.message(desk.slug, client.mobile, 'paid');
  const list = await desk.office.cashier.get('/cashier/orders?state=paid', { expect: 200 });
  assert.ok(list.body.orders.some(({ number, trouble }) => number === order.number && trouble === null));
});

test('a notice counts once: twice, a hundred times at once, and in other notices about the same payment', async () => {
  const client = desk.payer();
  const order = await desk.placed(client);
  wechat.pay(order.number);
  const text = wechat.paidNotice(order.number);
  const statuses = await Promise.all(
    Array.from({ length: 100 }, (_, i) => notify(i % 2 ? text : wechat.paidNotice(order.number))),
  );
  statuses.push(await notify(text), await notify(text));
  assert.ok(
    statuses.every((status) => status === 204),
    String(statuses),
  );
  const paid = await desk.see(client, order);
  assert.equal(paidTwice(paid), 1);
  const { body } = await desk.office.auditor.get(`/audit?subject=${client.application}`, { expect: 200 });
  assert.equal(body.rows.filter(({ action }) => action === 'payment.paid').length, 1);
});

test('a payment that is told before the answer to its order counts, and the late answer changes nothing', async () => {
  const client = desk.payer();
  wechat.delay = ({ url }) => (url.pathname.endsWith('/native') ? 1500 : 0);
  const order = await desk.order(client);
  await wechat.until(() => wechat.orders.has(order.number));
  wechat.pay(order.number);
  assert.equal(await notify(wechat.paidNotice(order.number)), 204);
  await pause(2500);
  wechat.delay = null;
  const paid = await desk.see(client, order);
  assert.deepEqual([paid.state, kinds(paid)], ['paid', ['created', 'paid']]);
});

// ---- Notices that are false ----

test('a notice not signed rightly, too old, by a stranger, cut or altered anywhere changes nothing', async () => {
  const client = desk.payer();
  const order = await desk.placed(client);
  wechat.pay(order.number);
  wechat.trouble = '500'; // asking tells nothing, however long this takes
  const text = wechat.paidNotice(order.number);
  const headers = wechat.signed(text);
  const refused = [
    [text, {}],
    [text, { ...headers, 'wechatpay-signature': wechat.signed('other')['wechatpay-signature'] }],
    [text, { ...headers, 'wechatpay-signature': `WECHATPAY/SIGNTEST/${headers['wechatpay-signature']}` }],
    [text, { ...headers, 'wechatpay-nonce': `${headers['wechatpay-nonce']}x` }],
    [text, { ...headers, 'wechatpay-serial': 'PUB_KEY_ID_0000' }],
    [text, wechat.signed(text, { at: wechat.now() - 301_000 })],
    [text, wechat.signed(text, { at: wechat.now() + 305_000 })],
    [text, wechat.signed(text, { key: wechat.merchant.privateKey })],
    [text.slice(0, -1), headers],
    ['', headers],
    [` ${text}`, headers],
  ];
  for (const name of Object.keys(headers))
    refused.push([text, Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name))]);
  for (const [body, given] of refused) assert.equal(await notify(body, given), 401, JSON.stringify(given));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at++) {
    const altered = Buffer.from(bytes);
    altered[at] ^= 1 << (at % 8);
    assert.equal(await notify(altered, headers), 401, `byte ${at}`);
  }
  assert.deepEqual(kinds(await desk.see(client, order)), ['created', 'placed']);
  assert.equal((await desk.see(client, order)).state, 'open');
  assert.equal(await notify(text, headers), 204);
  wechat.trouble = null;
});

test('a notice of another merchant, app, amount, currency or order is refused and laid before somebody', async () => {
  const client = desk.payer();
  const order = await desk.placed(client);
  const { number } = order;
  const before = (await desk.differences()).length;
  Object.assign(wechat.orders.get(number), { paidAt: wechat.now(), transactionId: '4200000000000000000000000001' });
  const wrong = (changes) => notify(wechat.paidNotice(number, { trade_state: 'SUCCESS', ...changes }));
  const amount = { total: 68000, payer_total: 68000, currency: 'CNY', payer_currency: 'CNY' };
  assert.equal(await wrong({ mchid: '1900000110', transaction_id: '42a' }), 409);
  assert.equal(await wrong({ appid: 'wx0000000000000002', transaction_id: '42b' }), 409);
  assert.equal(await wrong({ amount: { ...amount, total: 1 }, transaction_id: '42c' }), 409);
  assert.equal(await wrong({ amount: { ...amount, currency: 'USD' }, transaction_id: '42d' }), 409);
  assert.equal(await wrong({ out_trade_no: 'KW20261123999999999999', transaction_id: '42e' }), 404);
  assert.equal(await wrong({ out_trade_no: 'KW20261123999999999999', transaction_id: '42e' }), 404);
  assert.equal(await wrong({ trade_state: 'NOTPAY' }), 400);
  delete wechat.orders.get(number).paidAt;
  const found = (await desk.differences()).slice(0, -before || undefined);
  assert.deepEqual(found.map(({ kind, subject }) => `${kind} ${subject}`).sort(), [
    'strange_payment 42a',
    'strange_payment 42b',
    'strange_payment 42c',
    'strange_payment 42d',
    'unknown_payment 42e',
  ]);
  assert.ok(found.every(({ text, settled_at: settled }) => text && settled === null));
  assert.equal((await desk.see(client, order)).balance_fen, 0);
  const { body } = await desk.office.cashier.post(
    `/cashier/differences/${found[0].id}/settlement`,
    { note: '已向微信支付核实' },
    { expect: 200 },
  );
  assert.equal(body.note, '已向微信支付核实');
  await desk.office.cashier.post(
    `/cashier/differences/${found[0].id}/settlement`,
    { note: '已向微信支付核实' },
    { expect: 409 },
  );
});

test('a notice with a number of two lines is none', async () => {
  const client = desk.payer();
  const { number } = await desk.placed(client);
  const broken = { mchid: '1900000110', trade_state: 'SUCCESS', transaction_id: '42\n1' };
  assert.equal(await notify(wechat.paidNotice(number, broken)), 400);
  const refund = { out_refund_no: 'KR0', refund_id: '50\n1', refund_status: 'SUCCESS' };
  assert.equal(await notify(wechat.sealed('REFUND.SUCCESS', 'refund', refund)), 400);
  assert.ok((await desk.differences()).every(({ subject }) => !subject.includes('\n')));
});

// ---- Orders whose answers are lost ----

test('whatever becomes of the answer, an order is placed once, under its own number', async () => {
  const troubles = ['500', 'reset', 'long', 'garbled', 'hang']
    .flatMap((trouble) => [
      { trouble, taken: true },
      { trouble, taken: false },
    ]);
  const clients = troubles.map(() => desk.payer());
  const first = new Map();
  const asked = [];
  wechat.mishap = ({ url, body }) => {
    if (!url.pathname.endsWith('/native')) return null;
    const { out_trade_no: number } = JSON.parse(body);
    asked.push(number);
    if (first.has(number)) return null;
    first.set(number, troubles[first.size % troubles.length]);
    return first.get(number);
  };
  const orders = await Promise.all(clients.map((client) => desk.order(client)));
  await Promise.all(orders.map((order, i) => desk.until(clients[i], order, ({ state }) => state === 'open')));
  wechat.mishap = null;
  for (const { number } of orders) {
    assert.ok(asked.filter((each) => each === number).length >= 2, number);
    assert.equal([...wechat.orders.keys()].filter((each) => each === number).length, 1);
  }
  for (const [i, { number }] of orders.entries()) {
    wechat.pay(number);
    assert.equal(await notify(wechat.paidNotice(number)), 204);
    const paid = await desk.see(clients[i], orders[i]);
    assert.deepEqual([paid.state, of(paid, 'placed').length], ['paid', 1]);
  }
});

// ---- Answers that wait for nobody ----

// What `ask` gives, while a question that was put to this peer before still waits for its answer.
const meanwhile = (peer, ask) =>
  eventually(() => `an answer while ${peer.endpoint} is waited for\n${desk.deployment.log}`, async () => {
    const question = peer.held.find(({ socket }) => !socket.destroyed);
    const given = question && (await ask());
    return question?.socket.destroyed === false && given;
  });

// A true notice, and three that are false.
async function fourNotices(order) {
  const text = wechat.paidNotice(order.number);
  const strange = { out_trade_no: 'KW20261123999999999998', transaction_id: '42f' };
  return [
    await notify(text),
    await notify(text, wechat.signed(text, { key: wechat.merchant.privateKey })),
    await notify(wechat.paidNotice(order.number, { mchid: '1900000110', transaction_id: '42g' })),
    await notify(wechat.paidNotice(order.number, strange)),
  ];
}

test('a notice is answered while nobody answers us: WeChat Pay, its TLS, the provider of messages', async () => {
  const [first, second, third, fourth] = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const client = desk.payer();
      return { client, order: await desk.placed(client) };
    }),
  );
  const again = desk.payer();
  for (const { order } of [first, second, third, fourth]) wechat.pay(order.number);
  const answers = [204, 401, 409, 404];

  wechat.hold();
  const asked = await desk.order(again);
  assert.deepEqual(await meanwhile(wechat, () => fourNotices(first.order)), answers);
  wechat.letGo();
  await desk.until(again, asked, ({ state }) => state === 'open');

  const gateway = await desk.scene.peer(Gateway);
  gateway.hold();
  desk.applyPlans({ sms: gateway.settings() });
  desk.scene.secret(desk.slug, 'sms-webhook', gatewaySecret);
  assert.deepEqual(await fourNotices(second.order), answers);
  assert.deepEqual(await meanwhile(gateway, () => fourNotices(third.order)), answers);
  gateway.letGo();

  const mute = await new Mute().start();
  assert.equal(desk.configure(wechat.account({ hosts: [mute.endpoint] })).status, 0);
  wechat.pay(asked.number);
  assert.equal(await notify(wechat.paidNotice(asked.number, { amount: { total: 1, currency: 'CNY' } })), 409);
  assert.deepEqual(await meanwhile(mute, () => fourNotices(fourth.order)), answers);
  await mute.stop();
  assert.equal(desk.configure().status, 0);
  for (const { client, order } of [first, second, third, fourth])
    assert.equal((await desk.see(client, order)).state, 'paid');
});
