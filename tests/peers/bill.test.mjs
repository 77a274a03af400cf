// The daily close: WeChat Pay's trade bill, the ledger and the applications, held against each other.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from '../http/deployment.mjs';
import { walk } from '../http/paging.mjs';
import { eventually } from '../http/patience.mjs';
import * as staff from '../http/staff.mjs';
import { Cashdesk } from './cashdesk.mjs';
import { moment } from './wechat.mjs';

const day = '2026-11-23';
let desk, wechat, cashier, folder;

before(async () => {
  desk = await Cashdesk.make();
  wechat = desk.wechat;
  assert.equal(desk.configure().status, 0);
  await desk.scene.start();
  await desk.open(3);
  cashier = desk.office.cashier;
  folder = mkdtempSync(join(tmpdir(), 'kaowu-bill-'));
});
after(async () => {
  await desk.end();
  rmSync(folder, { recursive: true });
});

// The peer answers from this process, so that the command must not hold it up.
const reconcile = (...words) =>
  new Promise((resolve) => {
    const { env } = process;
    const all = ['payments', 'reconcile', desk.slug, ...words, '--data', desk.deployment.data];
    execFile(join(build, 'kaowu'), all, { env: { ...env, LANG: 'en_US.UTF-8' } }, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr }),
    );
  });

// A command's clock is the machine's.
async function byMachineClock(work) {
  const { now } = wechat;
  wechat.now = Date.now;
  try {
    return await work();
  } finally {
    wechat.now = now;
  }
}
const fetched = () => byMachineClock(() => reconcile(day, '--ca', desk.scene.authority.ca));
const imported = (text) => {
  writeFileSync(join(folder, 'bill.csv'), text);
  return reconcile(day, '--bill', join(folder, 'bill.csv'));
};
const found = async () => (await desk.differences()).map(({ kind, subject }) => `${kind} ${subject}`).sort();

test('a day on which all fits has no differences, fetched or imported', async () => {
  for (const client of desk.payers.slice(0, 2)) {
    client.order = await desk.placed(client);
    wechat.pay(client.order.number);
    assert.equal(await wechat.notify(desk.address, wechat.paidNotice(client.order.number)), 204);
  }
  const path = `/cashier/orders/${desk.payers[1].order.number}/refunds`;
  const { body } = await cashier.post(path, { reason: '考生申请退考' }, { expect: 201 });
  await desk.office.admin.post(`/admin/refunds/${body.number}/decision`, { outcome: 'approved' }, { expect: 200 });
  await desk.until(desk.payers[1], desk.payers[1].order, ({ state }) => state === 'refunded');
  const done = await fetched();
  assert.equal(done.status, 0, done.stderr);
  const told = 'haidian 2026-11-23: 2 payments, 136000 fen; 1 refunds, 68000 fen; 0 differences\n';
  assert.equal(done.stdout, told);
  assert.equal((await imported(wechat.bill(day))).stdout, told);
  const { body: list } = await cashier.get('/cashier/bills', { expect: 200 });
  assert.deepEqual([list.bills.length, list.bills[0].payments_fen], [1, 136000]);
});

test('a day for which the provider has no bill is closed by hand too', async () => {
  wechat.noBill = true;
  const done = await byMachineClock(() => reconcile('2026-11-22', '--ca', desk.scene.authority.ca));
  wechat.noBill = false;
  assert.equal(done.stdout, 'haidian 2026-11-22: 0 payments, 0 fen; 0 refunds, 0 fen; 0 differences\n', done.stderr);
  assert.equal(done.status, 0);
});

test('a bill that is cut, altered, of another merchant or of a day that is not over is refused', async () => {
  const bill = wechat.bill(day);
  assert.match((await imported(bill.slice(0, -40))).stderr, /bill\.sum/);
  assert.match((await imported(bill.replace('`680.00,`0.00,`\r', '`679.00,`0.00,`\r'))).stderr, /bill\.sum/);
  assert.match((await imported(bill.replace('微信订单号', '订单号'))).stderr, /bill\.columns/);
  assert.match((await imported(bill.replaceAll(wechat.mchid, '1900000110'))).stderr, /payment\.bill_merchant/);
  assert.match((await imported('')).stderr, /bill\.columns/);
  assert.match((await imported(bill.replaceAll(`\`${day}`, '`2026-11-24'))).stderr, /payment\.bill_other_day/);
  assert.match((await imported(Buffer.from(bill.replace('placeholder', '\u00ff'), 'latin1'))).stderr, /bill\.bytes/);
  assert.match((await reconcile('2026-13-01', '--bill', join(folder, 'bill.csv'))).stderr, /payment\.bill_day/);
  wechat.wrongHash = '0'.repeat(40);
  assert.match((await fetched()).stderr, /payment\.bill_hash/);
  wechat.wrongHash = undefined;
  wechat.trouble = '500';
  assert.match((await fetched()).stderr, /payment\.bill_refused/);
  wechat.trouble = null;
  assert.deepEqual(await found(), []);
});

test('what one side has and the other has not is a difference, once; what only the bill has is asked for', async () => {
  const [first, second, third] = desk.payers;
  third.order = await desk.placed(third);
  const [known, unknown] = [wechat.orders.get(first.order.number), wechat.pay(third.order.number)];
  const [refund] = wechat.refunds.values();
  const short = () => wechat.bill(day, (each) => each !== known && each !== refund);
  assert.match((await imported(short())).stdout, / 2 payments, 136000 fen; 0 refunds, 0 fen; [23] differences/);
  const expected = [`bill_only ${unknown.transactionId}`, `ledger_only ${known.transactionId}`];
  const seen = await found();
  for (const each of expected) assert.ok(seen.includes(each), String(seen));
  const sides = (kind) => all.find((each) => each.kind === kind);
  const all = await desk.differences();
  assert.deepEqual(sides('bill_only').provider, { number: third.order.number, amount_fen: 68000 });
  // As they are now: by now the server may have asked, and know of the payment.
  const { ledger } = sides('bill_only');
  assert.deepEqual([ledger.order_number, ledger.amount_fen], [third.order.number, 68000]);
  assert.equal(sides('bill_only').application.number, third.number);
  assert.equal(sides('ledger_only').provider, null);
  assert.deepEqual(sides('ledger_only').ledger,
    { order_number: first.order.number, state: 'paid', amount_fen: 68000, balance_fen: 68000 });
  assert.ok(all.every(({ advice }) => advice.length > 10));
  // The server learns of the payment by asking, as soon as it is told that something has changed.
  await desk.restart();
  await desk.until(third, third.order, ({ state }) => state === 'paid');
  await imported(short());
  assert.deepEqual(await found(), seen);
  assert.ok((await desk.application(second)).payment.paid === false);
});

test('the office can upload a bill too', async () => {
  await desk.restart({ later: 24 * 3600_000 });
  const upload = Buffer.from(wechat.bill(day));
  const { body } = await cashier.call('POST', `/cashier/bills?day=${day}`, { upload, expect: 200 });
  assert.deepEqual([body.payments, body.differences], [3, 0]);
  await cashier.call('POST', '/cashier/bills?day=2027-01-01', { upload, expect: 422 });
  await cashier.call('POST', `/cashier/bills?day=${day}`, { upload: Buffer.from('none'), expect: 422 });
  const before = '2026-11-22';
  await cashier.call('POST', `/cashier/bills?day=${before}`, { upload: Buffer.from(wechat.bill(before)), expect: 200 });
  await walk(cashier, '/cashier/bills', 'bills');
  await walk(cashier, '/cashier/differences', 'differences');
});

test('the server closes each day by itself, and says which bill does not come', async () => {
  const [, payer] = desk.payers;
  await payer.signIn();
  payer.order = await desk.placed(payer);
  wechat.pay(payer.order.number);
  assert.equal(await wechat.notify(desk.address, wechat.paidNotice(payer.order.number)), 204);
  const bills = async () => (await cashier.get('/cashier/bills', { expect: 200 })).body;
  let seen;
  const told = (reached) => `${reached}\n${JSON.stringify(seen)}\n${desk.deployment.log}`;
  const waitFor = (reached) => eventually(() => told(reached), async () => {
    seen = await bills();
    return reached(seen) && seen;
  }, { every: 100 });
  const said = async (words, options) => {
    await desk.restart(options);
    const { waiting } = await waitFor((seen) => seen.waiting[0]?.said === words);
    assert.deepEqual(waiting.map((each) => each.day), ['2026-11-24']);
  };
  wechat.trouble = '500';
  await said('not_json', { later: 26 * 3600_000 }); // it is half past ten
  wechat.trouble = null;
  wechat.wrongHash = '0'.repeat(40);
  await said('payment.bill_hash', { later: 16 * 60_000 });
  wechat.wrongHash = undefined;
  await desk.restart({ later: 31 * 60_000 });
  const { bills: [closed] } = await waitFor((seen) => seen.bills[0].day === '2026-11-24');
  assert.deepEqual([closed.payments, closed.differences, (await bills()).waiting], [1, 0, []]);

  wechat.noBill = true;
  await desk.restart({ later: 24 * 3600_000 });
  const { bills: [empty] } = await waitFor((seen) => seen.bills[0].day === '2026-11-25');
  assert.deepEqual([empty.payments, empty.differences], [0, 0]);
});

// ---- Refunds that end otherwise than we heard ----

const refundNow = async (number) =>
  (await desk.office.admin.get('/admin/refunds', { expect: 200 })).body.refunds.find((each) => each.number === number);
const refundUntil = (number, state) =>
  eventually(() => `${number} ${state}\n${desk.deployment.log}`, async () => (await refundNow(number)).state === state,
    { every: 100 });
const ask = async (order, amount) => {
  const path = `/cashier/orders/${order.number}/refunds`;
  const { body } = await cashier.post(path, { reason: '考生申请退考', amount_fen: amount }, { expect: 201 });
  return body.number;
};
const decide = (number, outcome) =>
  desk.office.admin.post(`/admin/refunds/${number}/decision`, { outcome, note: '已核对，可以处理' }, { expect: 200 });
// The bank does not take it.
const failed = async (order, amount) => {
  wechat.refundsEnd = 'ABNORMAL';
  const number = await ask(order, amount);
  await decide(number, 'approved');
  await refundUntil(number, 'failed');
  return number;
};
const settle = (number) => wechat.refundEnd(wechat.refunds.get(number), 'SUCCESS');
const asked = (number) => wechat.requests.filter(({ url }) => url.pathname.endsWith(`/refunds/${number}`)).length;
const upload = async (date, text = wechat.bill(date)) =>
  (await cashier.call('POST', `/cashier/bills?day=${date}`, { upload: Buffer.from(text), expect: 200 })).body;
// The server closes one more day.
const close = async (date) => {
  await desk.restart({ later: 24 * 3600_000 });
  return eventually(() => `the bill of ${date}\n${desk.deployment.log}`, async () =>
    (await cashier.get('/cashier/bills', { expect: 200 })).body.bills.find(({ day }) => day === date), { every: 100 });
};
const admit = async (client) => {
  const { registrar } = desk.office;
  await registrar.comeBack();
  await staff.receive(client, registrar);
  const { plan_id: plan } = await desk.application(client);
  await registrar.post(`/registrar/plans/${plan}/tickets`, undefined, { expect: 200 });
};
let settledLater, never;

test('a refund that failed or was declined here and succeeded there is learned by the close', async () => {
  const [first, , third] = desk.payers;
  for (const client of [first, third]) await client.signIn();
  await admit(third);
  const settled = await failed(first.order, 18000);
  settledLater = await failed(first.order, 10000);
  const declined = await failed(third.order);
  await decide(declined, 'declined');
  for (const number of [settled, declined]) settle(number);
  wechat.noBill = false;
  const closed = await close('2026-11-26');
  assert.deepEqual([closed.refunds, closed.differences], [3, 2]);
  for (const number of [settled, declined]) await refundUntil(number, 'refunded');
  const seen = await found();
  const expected = [`bill_refund_done ${settled}`, `refund_declined ${declined}`];
  assert.deepEqual(expected.filter((each) => !seen.includes(each)), []);
  await eventually('one answer', async () => asked(settledLater) === 1, { every: 100 });
  assert.equal((await refundNow(settledLater)).state, 'failed');
  for (const client of [first, third]) {
    const { balance_fen: balance } = await desk.see(await client.signIn(), client.order);
    assert.equal(balance, wechat.balance(client.order.number));
  }
  // Of the refunds that bill has nothing to say any more; but there is a ticket whose fee went back.
  assert.equal((await upload('2026-11-26')).differences, 1);
  assert.ok((await found()).includes(`ticket_unpaid ${third.number}`));
});

test('a refund that was declined and never sent is not made because a bill has it', async () => {
  const [{ order }] = desk.payers;
  never = await ask(order, 100);
  await decide(never, 'declined');
  const at = Date.parse('2026-11-26T12:00:00+08:00');
  const paid = wechat.orders.get(order.number);
  wechat.refunds.set(never, { number: never, id: '503', order: paid, fen: 100, at, state: 'SUCCESS' });
  const text = wechat.bill('2026-11-26');
  wechat.refunds.delete(never);
  assert.equal((await upload('2026-11-26', text)).differences, 2);
  assert.ok((await found()).includes(`refund_declined ${never}`));
  await eventually('the question', async () => asked(never) === 1, { every: 100 });
});

test('a refund that is settled after its bill was matched is learned by a later close', async () => {
  const [first] = desk.payers;
  settle(settledLater);
  // That fee went back on this day, as the ledger has it; it is told of once.
  assert.equal((await close('2026-11-27')).differences, 1);
  assert.equal((await found()).filter((each) => each.startsWith('ticket_unpaid')).length, 1);
  await refundUntil(settledLater, 'refunded');
  const { balance_fen: balance } = await desk.see(await first.signIn(), first.order);
  assert.equal(balance, 40000);
  assert.equal(balance, wechat.balance(first.order.number));
  assert.deepEqual([(await refundNow(never)).state, wechat.refunds.has(never), asked(never)], ['declined', false, 1]);
});

test('money of an application that is over is a difference', async () => {
  const [, second] = desk.payers;
  const reason = '经核实工作经历不属实';
  await desk.office.admin.post(`/admin/applications/${second.number}/void`, { reason }, { expect: 200 });
  assert.equal((await upload('2026-11-24')).differences, 1);
  assert.ok((await found()).includes(`money_unused ${second.order.number}`));
});

test('money that only the provider knows of is found by the close, on any day since there is an account', async () => {
  const { scene } = desk;
  const other = await Cashdesk.in(scene, 'shijingshan');
  assert.equal(other.configure().status, 0);
  const at = Date.now(); // the commands' clock
  const lost = { number: 'KW20261123000000000001', total: 68000, paidAt: at, transactionId: '4200000001' };
  other.wechat.orders.set(lost.number, { ...lost, state: 'SUCCESS', description: 'placeholder' });
  const days = [0, 1, 2].map((n) => moment(at + n * 24 * 3600_000).slice(0, 10));
  await desk.deployment.stop();
  await scene.start({ later: Date.parse(`${days[2]}T00:00:00+08:00`) + 36 * 3600_000 - scene.now() });
  const { cashier: theirs } = await staff.office(other.deployment, other.slug);
  let bills;
  await eventually(() => `${days}: ${JSON.stringify(bills)}\n${desk.deployment.log}`, async () => {
    ({ bills } = (await theirs.get('/cashier/bills', { expect: 200 })).body);
    return days.every((each) => bills.some((bill) => bill.day === each));
  }, { every: 100 });
  assert.deepEqual(days.map((each) => bills.find((bill) => bill.day === each).payments), [1, 0, 0]);
  const { differences } = (await theirs.get('/cashier/differences?state=open', { expect: 200 })).body;
  assert.deepEqual(differences.map(({ kind, subject }) => `${kind} ${subject}`), [`bill_only ${lost.transactionId}`]);
  assert.deepEqual(differences[0].provider, { number: lost.number, amount_fen: 68000 });
  assert.equal(differences[0].ledger, null);
});
