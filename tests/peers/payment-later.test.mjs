// What only time shows of payments by WeChat Pay (S17, S18): notices that never come, orders that are over, money that
// comes too late or twice, and the way back of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, pause } from '../http/patience.mjs';
import * as staff from '../http/staff.mjs';
import { Cashdesk, kinds, of } from './cashdesk.mjs';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const reason = '考生申请退考';
let desk, wechat, cashier, admin;

before(async () => {
  desk = await Cashdesk.make();
  wechat = desk.wechat.certify(desk.scene.authority.folder);
  // The first of its hosts is down.
  const hosts = ['https://127.0.0.1:1', wechat.endpoint];
  assert.equal(desk.configure(wechat.account({ hosts })).status, 0);
  await desk.scene.start();
  await desk.open(9);
  ({ cashier, admin } = desk.office);
});
after(() => desk.end());

const notify = (text) => wechat.notify(desk.address, text);
const refundsOf = async (order) =>
  (await admin.get('/admin/refunds', { expect: 200 })).body.refunds.filter(
    (each) => each.order_number === order.number,
  );
const decide = (number, outcome, options = { expect: 200 }) =>
  admin.post(`/admin/refunds/${number}/decision`, { outcome, note: '已核对，可以处理' }, options);

const refundUntil = (order, state) =>
  eventually(() => `a refund of ${order.number} that is ${state}\n${desk.deployment.log}`, async () => {
    const last = (await refundsOf(order)).at(-1);
    return last?.state === state && last;
  }, { every: 100 });

// The provider took money for an order that it had said was closed: it is money all the same.
async function paidAllTheSame(order) {
  const transactionId = `42000000${order.number.slice(-8)}`;
  Object.assign(wechat.orders.get(order.number), { state: 'SUCCESS', paidAt: wechat.now(), transactionId });
  assert.equal(await notify(wechat.paidNotice(order.number)), 204);
}

let first, second, elsewhere;

test('where the first host is down the backup is asked; certificates are believed as public keys are', async () => {
  first = desk.payer();
  second = desk.payer();
  first.order = await desk.placed(first);
  second.order = await desk.placed(second);
  assert.ok(wechat.orders.has(first.order.number));
});

test('an order that is there with other content is closed, and the next has a number of its own', async () => {
  const client = desk.payer();
  const place = wechat.place.bind(wechat);
  wechat.place = (content) =>
    wechat.orders.has(content.out_trade_no) ? wechat.refuses(403, 'OUT_TRADE_NO_USED') : place(content);
  let lost = 0;
  wechat.mishap = ({ url }) =>
    url.pathname.endsWith('/native') && lost++ === 0 ? { trouble: 'reset', taken: true } : null;
  const order = await desk.order(client);
  await desk.until(client, order, ({ state }) => state === 'closed');
  Object.assign(wechat, { place, mishap: null });
  assert.notEqual((await desk.placed(client)).number, order.number);
});

test('a payment whose notice never comes is found by asking', async () => {
  wechat.pay(first.order.number);
  await desk.restart({ later: MINUTE });
  const paid = await desk.until(first, first.order, ({ state }) => state === 'paid');
  const { transactionId, paidAt } = wechat.orders.get(first.order.number);
  assert.equal(of(paid, 'paid')[0].reference, transactionId);
  assert.equal(Date.parse(of(paid, 'paid')[0].provider_at), paidAt);
  const metrics = await (await fetch(`${desk.deployment.base}/metrics`)).text();
  assert.match(metrics, /^kaowu_payment_found_total 1$/m);
  // The notice comes at last.
  assert.equal(await notify(wechat.paidNotice(first.order.number)), 204);
  assert.deepEqual(kinds(await desk.see(first, first.order)), ['created', 'placed', 'paid']);
});

test('an order that is over is not replaced while nobody knows whether it was paid; then it is closed', async () => {
  wechat.trouble = '500';
  await desk.restart({ later: 2 * HOUR });
  const refused = await desk.order(second, 'wechat', { expect: 409 });
  assert.equal(refused.code, 'payment.pending');
  await desk.order(second, 'offline', { expect: 409 });
  wechat.trouble = null;
  const closed = await desk.until(second, second.order, ({ state }) => state === 'closed');
  assert.equal(wechat.orders.get(second.order.number).state, 'CLOSED');
  assert.equal(closed.balance_fen, 0);
  const again = await desk.placed(second);
  assert.notEqual(again.number, second.order.number);
  second.order = again;
});

test('what was paid in the last second counts, though it is known only when the order is over', async () => {
  const end = Date.parse(second.order.expires_at);
  await desk.restart({ later: end - wechat.now() - 5000 });
  wechat.pay(second.order.number, { at: end - 2000 });
  await desk.restart({ later: MINUTE });
  const paid = await desk.until(second, second.order, ({ state }) => state === 'paid');
  assert.equal(of(paid, 'closed').length, 0);
  assert.ok((await desk.application(second)).payment.paid);
});

test('a candidate who pays at the desk as well is paid once, and the rest is put to refund', async () => {
  const client = desk.payer();
  const order = await desk.placed(client);
  await staff.payOffline(client, cashier, 'R-77');
  wechat.pay(order.number);
  const again = await desk.until(client, order, ({ state }) => state === 'again');
  assert.ok(kinds(again).includes('closing'));
  const [asked] = await refundsOf(order);
  assert.deepEqual([asked.state, asked.amount_fen, asked.asked_by], ['asked', 68000, null]);
  await decide(asked.number, 'approved');
  await refundUntil(order, 'refunded');
  assert.equal(wechat.balance(order.number), 0);
  assert.equal((await desk.see(client, order)).state, 'refunded');
  assert.ok((await desk.application(client)).payment.paid);
  await desk.deployment.message(desk.slug, client.mobile, 'refunded');
});

test('an order is closed at the provider when another way was taken', async () => {
  elsewhere = desk.payer();
  const order = elsewhere.order = await desk.placed(elsewhere);
  await staff.payOffline(elsewhere, cashier, 'R-78');
  await desk.until(elsewhere, order, ({ state }) => state === 'closed');
  assert.equal(wechat.orders.get(order.number).state, 'CLOSED');
});

test('money goes back only when another person says so, under one number however often it is asked for', async () => {
  const { order } = first;
  await cashier.post(`/cashier/orders/${order.number}/refunds`, { reason: '短' }, { expect: 422 });
  await cashier.post(`/cashier/orders/${order.number}/refunds`, { reason, amount_fen: 68001 }, { expect: 422 });
  const { body } = await cashier.post(`/cashier/orders/${order.number}/refunds`, { reason }, { expect: 201 });
  await cashier.post(`/cashier/orders/${order.number}/refunds`, { reason }, { expect: 409 });
  assert.equal(wechat.refunds.size, 1);
  await cashier.post(`/admin/refunds/${body.number}/decision`, { outcome: 'approved' }, { expect: 403 });

  // The answer is lost once, and then it fails: the bank does not take it.
  let lost = 0;
  wechat.refundsEnd = 'ABNORMAL';
  wechat.mishap = ({ method, url }) =>
    method === 'POST' && url.pathname.endsWith('/refunds') && lost++ === 0 ? { trouble: 'reset', taken: true } : null;
  await decide(body.number, 'approved');
  await decide(body.number, 'approved', { expect: 409 });
  const failed = await refundUntil(order, 'failed');
  assert.equal(failed.note, 'ABNORMAL');
  assert.ok(lost >= 2);
  assert.equal((await desk.see(first, order)).balance_fen, 68000);

  // That it failed is told again while the next attempt is on its way.
  const late = wechat.refundNotice(body.number);
  wechat.refundsEnd = 'PROCESSING';
  wechat.mishap = null;
  wechat.delay = () => 1000;
  await decide(body.number, 'approved');
  assert.equal(await notify(late), 204);
  wechat.delay = null;
  await refundUntil(order, 'sent');
  wechat.refundEnd(wechat.refunds.get(body.number), 'SUCCESS');
  const text = wechat.refundNotice(body.number);
  assert.equal(await notify(wechat.refundNotice(body.number, { mchid: '1900000110' })), 409);
  const statuses = await Promise.all([1, 2, 3].map(() => notify(text)));
  assert.deepEqual(statuses, [204, 204, 204]);
  const done = await desk.see(first, order);
  assert.deepEqual([done.state, done.balance_fen, of(done, 'refunded').length], ['refunded', 0, 1]);
  assert.equal([...wechat.refunds.values()].filter((each) => each.order.number === order.number).length, 1);
  assert.ok(!(await desk.application(first)).payment.paid);
  const { body: audit } = await desk.office.auditor.get(`/audit?subject=${first.application}`, { expect: 200 });
  const [approval, asking] = ['payment.refund_approved', 'payment.refund_asked'].map((action) =>
    audit.rows.find((row) => row.action === action),
  );
  assert.notEqual(approval.actor_id, asking.actor_id);
});

test('a refund whose notice never comes is found by asking', async () => {
  const { order } = second;
  wechat.refundsEnd = 'PROCESSING';
  const { body } = await cashier.post(
    `/cashier/orders/${order.number}/refunds`,
    { reason, amount_fen: 18000 },
    { expect: 201 },
  );
  await decide(body.number, 'approved');
  await refundUntil(order, 'sent');
  wechat.refundEnd(wechat.refunds.get(body.number), 'SUCCESS');
  await desk.restart({ later: 2 * MINUTE });
  await refundUntil(order, 'refunded');
  const seen = await desk.see(second, order);
  assert.deepEqual([seen.state, seen.balance_fen, wechat.balance(order.number)], ['paid', 50000, 50000]);
  assert.ok((await desk.application(second)).payment.paid);
});

test('what is paid for a voided application is put to refund; that it went back counts even if declined', async () => {
  const client = desk.payer();
  const order = await desk.placed(client);
  await admin.post(`/admin/applications/${client.number}/void`, { reason: '经核实工作经历不属实' }, { expect: 200 });
  await desk.until(client, order, ({ state }) => state === 'closed');
  await paidAllTheSame(order);
  assert.equal((await desk.see(client, order)).state, 'late');
  const [{ number, state }] = await refundsOf(order);
  assert.equal(state, 'asked');
  wechat.refundsEnd = 'ABNORMAL';
  await decide(number, 'approved');
  await refundUntil(order, 'failed');
  await decide(number, 'declined');
  wechat.refundsEnd = 'SUCCESS';
  // Somebody settles it at the provider; what is told late changes nothing.
  const late = wechat.refundNotice(number);
  wechat.refundEnd(wechat.refunds.get(number), 'SUCCESS');
  assert.equal(await notify(late), 204);
  assert.equal((await refundsOf(order))[0].state, 'declined');
  assert.equal(await notify(wechat.refundNotice(number)), 204);
  const seen = await desk.see(client, order);
  assert.deepEqual([seen.state, seen.balance_fen, wechat.balance(order.number)], ['refunded', 0, 0]);
  const differences = (await desk.differences()).map(({ kind, subject }) => `${kind} ${subject}`);
  assert.ok(differences.includes(`refund_declined ${number}`), String(differences));
});

test('an offline payment goes back over the desk, by two people and with a receipt', async () => {
  const client = desk.payer();
  const order = await staff.payOffline(client, cashier, 'R-79');
  const { body } = await cashier.post(`/cashier/orders/${order.number}/refunds`, { reason }, { expect: 201 });
  const payOut = (expect) =>
    cashier.post(`/cashier/refunds/${body.number}/payout`, { receipt_number: 'P-1' }, { expect });
  await payOut(409);
  await decide(body.number, 'approved');
  await payOut(200);
  await payOut(409);
  assert.equal((await desk.see(client, order)).state, 'refunded');
});

test('who paid in time is not unpaid because the provider is silent; who paid late is put to refund', async () => {
  const [timely, late] = [desk.payer(), desk.payer()];
  await desk.restart({ later: Date.parse('2026-12-18T16:30:00+08:00') - wechat.now() });
  for (const client of [timely, late]) client.order = await desk.placed(await client.signIn());
  wechat.trouble = 'reset';
  wechat.pay(timely.order.number);
  await desk.restart({ later: 40 * MINUTE });
  for (const client of [timely, late]) await client.signIn();
  await pause(2000);
  assert.equal((await desk.application(timely)).state, 'approved');
  wechat.trouble = null;
  await desk.until(timely, timely.order, ({ state }) => state === 'paid');
  assert.equal((await desk.application(timely)).status, 'awaiting_papers');
  await desk.until(late, late.order, ({ state }) => state === 'closed');
  await desk.restart({ later: MINUTE });
  await eventually('its end', async () => (await desk.application(late)).state === 'expired', { every: 100 });

  await paidAllTheSame(late.order);
  const seen = await desk.see(late, late.order);
  assert.equal(seen.state, 'late');
  assert.equal((await desk.application(late)).state, 'expired');
  const [asked] = await refundsOf(late.order);
  assert.deepEqual([asked.state, asked.asked_by], ['asked', null]);
});

test('what is paid for a forfeited application is put to refund', async () => {
  await desk.restart({ later: Date.parse('2026-12-20T17:00:30+08:00') - wechat.now() });
  await elsewhere.signIn();
  const forfeited = async () => (await desk.application(elsewhere)).state === 'forfeited';
  await eventually('its end', forfeited, { every: 100 });
  await paidAllTheSame(elsewhere.order);
  assert.equal((await desk.see(elsewhere, elsewhere.order)).state, 'again');
  const [asked] = await refundsOf(elsewhere.order);
  assert.deepEqual([asked.state, asked.amount_fen, asked.asked_by], ['asked', 68000, null]);
  assert.ok(await forfeited());
});
