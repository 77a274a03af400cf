// A plan that is cancelled, and WeChat Pay: what was paid goes back by itself, what comes meanwhile as well, and what
// the provider refuses is shown to who has cancelled it. The server is killed while refunds are on their way.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../http/patience.mjs';
import { Cashdesk, of } from './cashdesk.mjs';

let desk, wechat, admin, plan;

before(async () => {
  desk = await Cashdesk.make();
  wechat = desk.wechat;
  assert.equal(desk.configure().status, 0);
  await desk.scene.start();
  await desk.open(4);
  ({ admin } = desk.office);
  plan = (await admin.get('/admin/plans', { expect: 200 })).body.plans.find(({ code }) => code === '2026-scm-1');
});
after(() => desk.end());

const look = async () => (await admin.get(`/admin/plans/${plan.id}/cancellation`, { expect: 200 })).body;
const until = (holds) => {
  let seen;
  return eventually(() => `${holds}\n${JSON.stringify(seen)}\n${desk.deployment.log}`, async () => {
    seen = await look();
    return holds(seen) && seen;
  }, { every: 100 });
};
const paid = async (client) => {
  const order = await desk.placed(client);
  wechat.pay(order.number);
  assert.equal(await wechat.notify(desk.address, wechat.paidNotice(order.number)), 204);
  return desk.until(client, order, ({ state }) => state === 'paid');
};

test('what was paid goes back in full, what is open is closed, and what the provider refuses is shown', async () => {
  const [first, second, late, never] = [1, 2, 3, 4].map(() => desk.payer());
  const orders = [await paid(first), await paid(second), await desk.placed(late), await desk.placed(never)];
  // The money of one comes while its order is being closed; an answer is lost, and the bank takes none of the refunds.
  wechat.refundsEnd = 'ABNORMAL';
  const lost = new Set();
  let dead;
  wechat.mishap = ({ method, url }) => {
    if (method === 'POST' && url.pathname.endsWith('/refunds') && lost.size === 0) {
      lost.add(url.pathname);
      dead = desk.deployment.kill();
      return { trouble: 'reset', taken: true };
    }
    return null;
  };
  wechat.pay(orders[2].number);
  const body = { reason: '考点停电，考试无法举行。', code: plan.code };
  await admin.post(`/admin/plans/${plan.id}/cancel`, body, { version: plan.version, expect: 200 });
  await eventually(() => desk.deployment.log, () => dead, { every: 50 });
  assert.equal(await dead, 'SIGKILL');
  wechat.mishap = null;
  await desk.startAgain({ later: 120_000 });
  for (const client of [first, second, late, never]) await client.signIn();

  const failed = await until((seen) => seen.finished_at && seen.refunds_failed === 3);
  assert.deepEqual([failed.ended, failed.paid, failed.refund_fen, failed.refunded], [4, 3, 204000, 0]);
  const { refunds } = (await admin.get('/admin/refunds?state=failed', { expect: 200 })).body;
  assert.equal(refunds.length, 3);
  for (const { note, amount_fen } of refunds) assert.deepEqual([note, amount_fen], ['ABNORMAL', 68000]);

  wechat.refundsEnd = 'SUCCESS';
  for (const { number } of refunds)
    await admin.post(`/admin/refunds/${number}/decision`, { outcome: 'approved' }, { expect: 200 });
  const done = await until((seen) => seen.refunded === 3);
  assert.deepEqual([done.paid, done.refund_fen, done.refunds_failed, done.refunded_fen], [0, 0, 0, 204000]);
  for (const { number } of orders.slice(0, 3)) assert.equal(wechat.balance(number), 0);
  assert.equal(wechat.refunds.size, 3);
  await desk.until(never, orders[3], ({ state }) => state === 'closed');
  assert.equal(wechat.orders.get(orders[3].number).state, 'CLOSED');
  const seen = await desk.see(late, orders[2]);
  assert.deepEqual([of(seen, 'paid_late').length, of(seen, 'refunded').length], [1, 1]);
  await desk.deployment.message(desk.slug, late.mobile, 'cancelled_paid');
});
