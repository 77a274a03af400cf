// A cashier's table of offline payments: judged row by row before anything is written, and what is refused hinders no other row.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { Deployment } from './deployment.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
let deployment, office;
const people = [], orders = [];

before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  office = await staff.office(deployment, slug);
  for (const i of [0, 1, 2]) {
    const client = people[i] = new Client(deployment, slug);
    await candidate.apply(client, 801 + i, `1380000800${i}`);
    await staff.approve(office.reviewer1, client.application);
    const provider = i === 2 ? 'simulated' : 'offline';
    orders[i] = (await client.post(`/applications/${client.application}/orders`, { provider }, { expect: 201 })).body;
  }
});
after(() => deployment.end());

const row = (i, changes) => ({ order: orders[i].number, receipt_number: `R-80${i}`, amount_fen: orders[i].amount_fen, ...changes });
const told = ({ body }) => body.rows.map(({ outcome, code }) => (code ? `${outcome} ${code}` : outcome));
const statuses = () => Promise.all(people.map(async (each) => (await each.get(`/applications/${each.application}`, { expect: 200 })).body.status));
const table = () => [row(0), row(1, { amount_fen: 1 }), row(2), row(0, { receipt_number: 'R-other' }), row(1, { order: 'KW0' })];
const refusals = ['refused payment_import.amount', 'refused payment.not_offline', 'refused payment_import.twice', 'refused payment.unknown'];

test('the preview says what would become of each row, and writes nothing', async () => {
  const answer = await office.cashier.post('/cashier/payments/preview', { rows: table() }, { expect: 200 });
  assert.deepEqual(told(answer), ['ready', ...refusals]);
  assert.equal(answer.body.rows[0].application_number, people[0].number);
  assert.ok(answer.body.rows.slice(1).every(({ detail }) => detail.length > 5));
  assert.deepEqual(await statuses(), ['awaiting_payment', 'awaiting_payment', 'awaiting_payment']);
});

test('a receipt confirms one order: the other is named', async () => {
  const twice = [row(0), row(1, { receipt_number: 'r 800' })];
  const preview = await office.cashier.post('/cashier/payments/preview', { rows: twice }, { expect: 200 });
  assert.deepEqual(told(preview), ['ready', 'refused payment_import.receipt_twice']);
});

test('what is in order is confirmed beside what is refused, once', async () => {
  const answer = await office.cashier.post('/cashier/payments', { rows: table() }, { expect: 200 });
  assert.deepEqual(told(answer), ['confirmed', ...refusals]);
  assert.deepEqual([answer.body.confirmed, answer.body.refused], [1, 4]);
  assert.deepEqual(await statuses(), ['awaiting_papers', 'awaiting_payment', 'awaiting_payment']);
  const used = [row(1, { receipt_number: 'r 800' })];
  for (const path of ['/cashier/payments/preview', '/cashier/payments']) {
    const { body } = await office.cashier.post(path, { rows: used }, { expect: 200 });
    assert.deepEqual([body.rows[0].outcome, body.rows[0].code], ['refused', 'payment.receipt_used']);
    assert.ok(body.rows[0].detail.includes(orders[0].number));
  }
  const one = await office.cashier.post(`/cashier/orders/${orders[1].number}/confirmation`,
    { receipt_number: 'R-800', amount_fen: orders[1].amount_fen }, { expect: 422 });
  assert.equal(one.body.errors[0].pointer, '/receipt_number');
  const again = await office.cashier.post('/cashier/payments', { rows: [row(0), row(1)] }, { expect: 200 });
  assert.deepEqual(told(again), ['known', 'confirmed']);
  const { body } = await office.cashier.get('/cashier/orders?state=paid', { expect: 200 });
  assert.deepEqual(body.orders.map(({ number, events }) => [number, events.filter(({ kind }) => kind === 'paid').length]).sort(),
    [[orders[0].number, 1], [orders[1].number, 1]].sort());
});

test('an order of which more than its money is known is judged by its money alone', async () => {
  await office.cashier.post(`/cashier/orders/${orders[0].number}/refunds`, { reason: '考生申请退考' }, { expect: 201 });
  for (const path of ['/cashier/payments/preview', '/cashier/payments'])
    assert.deepEqual(told(await office.cashier.post(path, { rows: [row(0)] }, { expect: 200 })), ['known']);
});

// Whoever stands at the desk has one of these at hand.
test('an order is found by its number, the application\'s, a mobile number, a receipt and a refund', async () => {
  const found = async (search, more = '') => {
    const { body } = await office.cashier.get(`/cashier/orders?search=${encodeURIComponent(search)}${more}`, { expect: 200 });
    return body.orders.map(({ number }) => number);
  };
  const [refund] = (await office.cashier.get('/cashier/refunds', { expect: 200 })).body.refunds;
  const { number } = orders[0];
  for (const search of [number, ` ${number.toLowerCase()} `, people[0].number, '138 0000 8000', '１３８００００８０００', 'r 800', refund.number])
    assert.deepEqual(await found(search), [number], search);
  assert.deepEqual(await found(people[0].number, '&state=open'), []);
  assert.deepEqual(await found(people[2].number, '&state=open'), [orders[2].number]);
  for (const search of ['R-80', '13800008009', '没有']) assert.deepEqual(await found(search), [], search);
  assert.equal((await found(' ')).length, orders.length);
});

test('outside of a demo nobody plays the payer', async () => {
  const code = orders.find((order) => order.code_url).code_url.split('/').pop();
  const client = new Client(deployment, slug);
  await client.get(`/demo/pay/${code}`, { expect: 200 });
  assert.equal(await deployment.stop(), 0);
  await deployment.start({ demo: false });
  for (const method of ['GET', 'POST'])
    assert.equal((await client.call(method, `/demo/pay/${code}`, { expect: 404 })).body.code, 'api.no_route');
});
