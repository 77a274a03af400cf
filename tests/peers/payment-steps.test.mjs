// The server is killed at every step of a payment's way to the provider and back: before the provider has done what it
// asked, when it has but has not said so, and when it has just said so. In the end the ledger is the provider's book.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../http/patience.mjs';
import * as staff from '../http/staff.mjs';
import { Cashdesk, of } from './cashdesk.mjs';

const MINUTE = 60_000;
const positions = ['before it is done', 'when it is done and not answered', 'when it is answered'];
const calls = {
  place: ['POST', /\/native$/],
  query: ['GET', /\/out-trade-no\/[^/]+$/],
  close: ['POST', /\/close$/],
  refund: ['POST', /\/refunds$/],
  'query of a refund': ['GET', /\/refunds\/[^/]+$/],
};
let desk, wechat;
before(async () => {
  desk = await Cashdesk.make();
  wechat = desk.wechat;
  assert.equal(desk.configure().status, 0);
  await desk.scene.start();
  await desk.open(2 * positions.length);
});
after(() => desk.end());

// `act` makes the server ask; it dies over the first such request, and is there again two minutes later.
async function killed(call, position, payer, act) {
  const [method, path] = calls[call];
  const die = () => desk.deployment.kill();
  let begun = false;
  const dead = new Promise((resolve) => {
    wechat.mishap = (request) => {
      if (begun || request.method !== method || !path.test(request.url.pathname)) return null;
      begun = true;
      if (position === positions[2]) {
        setTimeout(() => resolve(die()), 0);
        return null;
      }
      resolve(die());
      return { trouble: 'reset', taken: position === positions[1] };
    };
  });
  await act().catch(() => {}); // its answer may be lost as well
  assert.equal(await dead, 'SIGKILL');
  wechat.mishap = null;
  await desk.startAgain({ later: 2 * MINUTE });
  await payer.signIn();
}

// The provider tells until it is answered; the server dies over the first notice.
async function killedOverNotice(text, payer) {
  const lost = wechat.notify(desk.address, text).catch(() => undefined);
  await desk.deployment.kill();
  await lost;
  await desk.startAgain({ later: 2 * MINUTE });
  await payer.signIn();
  assert.equal(await wechat.notify(desk.address, text), 204);
}

// When it starts the server looks at what is due.
async function startLater() {
  await desk.deployment.stop();
  await desk.scene.start({ later: 2 * MINUTE });
}

async function refundOf({ number }) {
  const { body } = await desk.office.admin.get('/admin/refunds', { expect: 200 });
  return body.refunds.find((each) => each.order_number === number);
}
const refundIs = (order, state) =>
  eventually(`a refund that is ${state}`, async () => (await refundOf(order)).state === state, { every: 100 });

for (const position of positions) {
  test(`killed ${position}: placed, paid and paid back once`, async () => {
    const payer = desk.payer();
    await killed('place', position, payer, () => desk.order(payer));
    const order = await desk.placed(payer); // asked for again, it is the same
    assert.equal([...wechat.orders.values()].filter(({ state }) => state === 'NOTPAY').length, 1);
    wechat.pay(order.number);
    await killed('query', position, payer, startLater);
    await desk.until(payer, order, ({ state }) => state === 'paid');
    await killedOverNotice(wechat.paidNotice(order.number), payer);

    const { cashier, admin } = desk.office;
    wechat.refundsEnd = 'PROCESSING';
    const wanted = { reason: '考生申请退考' };
    const { body: refund } = await cashier.post(`/cashier/orders/${order.number}/refunds`, wanted, { expect: 201 });
    const decision = { outcome: 'approved', note: '已核对，可以处理' };
    await killed('refund', position, payer, () => admin.post(`/admin/refunds/${refund.number}/decision`, decision));
    await refundIs(order, 'sent');
    wechat.refundEnd(wechat.refunds.get(refund.number), 'SUCCESS');
    await killed('query of a refund', position, payer, startLater);
    await refundIs(order, 'refunded');
    await killedOverNotice(wechat.refundNotice(refund.number), payer);

    const seen = await desk.see(payer, order);
    assert.deepEqual([of(seen, 'paid').length, of(seen, 'refunded').length], [1, 1]);
    assert.deepEqual([seen.balance_fen, wechat.balance(order.number)], [0, 0]);
    assert.equal(wechat.refunds.size, positions.indexOf(position) + 1);
  });

  test(`killed ${position}: an order is closed once another way was taken`, async () => {
    const payer = desk.payer();
    const order = await desk.placed(payer);
    await killed('close', position, payer, () => staff.payOffline(payer, desk.office.cashier, `R-${desk.free.length}`));
    await desk.until(payer, order, ({ state }) => state === 'closed');
    assert.equal(wechat.orders.get(order.number).state, 'CLOSED');
  });
}

test('and the audit chain is whole', () => {
  assert.equal(desk.command('audit', 'verify', desk.slug).status, 0);
});
