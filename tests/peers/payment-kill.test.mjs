// Random schedules: orders, payments, refunds, notices that are lost or come many times, a provider that fails before
// or after it has done what it was asked, and a server that is killed at any moment. In the end the ledger is the
// provider's book, to the fen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pause } from '../http/patience.mjs';
import { seeded } from '../http/workload.mjs';
import { Cashdesk } from './cashdesk.mjs';

const rounds = Number(process.env.KAOWU_SCHEDULES ?? 6);
const seed = Number(process.env.KAOWU_SEED ?? Date.now() % 1000000);
const random = seeded(seed);
const chance = (part) => random.between(0, 1) < part;
const MINUTE = 60_000;
const candidates = 6;
let desk, wechat;
const done = { killed: 0, notices: 0, mishaps: 0 };

before(async () => {
  desk = await Cashdesk.make();
  wechat = desk.wechat;
  assert.equal(desk.configure().status, 0);
  await desk.scene.start();
  await desk.open(candidates);
});
after(() => desk.end());

// What a server that is being killed does not answer counts for nothing; what it refuses is its right.
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (error.code === 'ERR_ASSERTION') throw error;
    return undefined;
  }
}

async function every(get, path, name) {
  const all = [];
  for (let cursor; cursor !== null;) {
    const { body } = await get(`${path}${cursor ? `?cursor=${cursor}` : ''}`, { expect: 200 });
    all.push(...body[name]);
    cursor = body.next;
  }
  return all;
}
const orders = () => every((...words) => desk.office.cashier.get(...words), '/cashier/orders', 'orders');
const refunds = () => every((...words) => desk.office.admin.get(...words), '/admin/refunds', 'refunds');

async function tell(text) {
  const times = chance(0.3) ? 0 : chance(0.3) ? 3 : 1;
  done.notices += times;
  await Promise.all(Array.from({ length: times }, () => attempt(() => wechat.notify(desk.address, text))));
}

// One candidate's doings: an order, and perhaps its payment, as soon as the provider has it.
async function candidate(client) {
  const { body: order } =
    (await attempt(() =>
      client.post(`/applications/${client.application}/orders`, { provider: chance(0.9) ? 'wechat' : 'offline' }),
    )) ?? {};
  if (!order?.number || order.provider !== 'wechat') return;
  await pause(random.between(0, 400));
  const known = wechat.orders.get(order.number);
  if (known?.state !== 'NOTPAY' || wechat.now() >= Date.parse(known.expire) || chance(0.3)) return;
  wechat.pay(order.number);
  await tell(wechat.paidNotice(order.number));
}

// The office asks for money back, and decides on what was asked.
async function officeWork() {
  const { cashier, admin } = desk.office;
  for (const { number, balance_fen: balance } of await orders())
    if (balance > 0 && chance(0.4))
      await attempt(() =>
        cashier.post(`/cashier/orders/${number}/refunds`, {
          reason: '考生申请退考',
          ...(chance(0.3) ? { amount_fen: 100 } : {}),
        }),
      );
  for (const { number, state } of await refunds())
    if (['asked', 'failed'].includes(state))
      await attempt(() =>
        admin.post(`/admin/refunds/${number}/decision`, {
          outcome: chance(0.9) ? 'approved' : 'declined',
          note: '已核对，可以处理',
        }),
      );
  for (const refund of wechat.refunds.values()) {
    if (refund.state === 'PROCESSING' && chance(0.6)) wechat.refundEnd(refund, chance(0.8) ? 'SUCCESS' : 'ABNORMAL');
    if (chance(0.4)) await tell(wechat.refundNotice(refund.number));
  }
}

function mishap() {
  if (!chance(0.3)) return null;
  done.mishaps++;
  return { trouble: random.pick(['500', 'reset', 'garbled', 'long']), taken: chance(0.5) };
}

async function round() {
  wechat.mishap = mishap;
  wechat.delay = () => random.between(0, 30);
  wechat.refundsEnd = random.pick(['SUCCESS', 'PROCESSING', 'ABNORMAL']);
  const work = [...desk.payers.map(candidate), attempt(officeWork)];
  if (chance(0.5)) {
    await pause(random.between(0, 1000));
    done.killed++;
    await desk.deployment.kill();
    await Promise.all(work);
    await desk.startAgain({ later: random.between(0, 12 * MINUTE) });
  } else {
    await Promise.all(work);
    await desk.restart({ later: random.between(0, 12 * MINUTE) });
  }
}

// Nothing is under way any more, whatever moments must pass for it.
async function settled() {
  wechat.mishap = wechat.delay = null;
  for (let tries = 0; tries < 20; tries++) {
    for (const refund of wechat.refunds.values())
      if (refund.state === 'PROCESSING') wechat.refundEnd(refund, 'SUCCESS');
    await desk.restart({ later: tries === 0 ? 125 * MINUTE : 10 * MINUTE });
    await pause(2500);
    const open = (await orders()).filter(
      ({ provider, state }) => provider === 'wechat' && ['placing', 'open', 'expired', 'closing'].includes(state),
    );
    const back = (await refunds()).filter(
      ({ state, provider }) => provider === 'wechat' && ['approved', 'sent'].includes(state),
    );
    if (open.length + back.length === 0) return;
  }
  assert.fail(`something never ends\n${desk.deployment.log}`);
}

test(`${rounds} random schedules (seed ${seed}): the ledger is the provider's book to the fen`, async (t) => {
  for (let i = 0; i < rounds; i++) await round();
  await settled();
  const all = (await orders()).filter(({ provider }) => provider === 'wechat');
  const numbers = new Set(all.map(({ number }) => number));
  let paid = 0;
  for (const order of all) {
    assert.equal(order.balance_fen, wechat.balance(order.number), `${JSON.stringify(order)}\n${desk.deployment.log}`);
    const money = order.events.filter(({ kind }) => ['paid', 'paid_late', 'paid_again'].includes(kind));
    assert.equal(money.length, wechat.orders.get(order.number)?.paidAt ? 1 : 0, order.number);
    paid += money.length;
  }
  for (const number of wechat.orders.keys())
    assert.ok(numbers.has(number), `${number} is in the provider's book alone`);
  const ours = await refunds();
  for (const refund of wechat.refunds.values()) {
    const found = ours.find(({ number }) => number === refund.number);
    assert.equal(found?.state === 'refunded', refund.state === 'SUCCESS', `${JSON.stringify(found)} ${refund.state}`);
  }
  assert.equal(desk.command('audit', 'verify', desk.slug).status, 0);
  t.diagnostic(`${all.length} orders, ${paid} paid, ${wechat.refunds.size} refunds`);
  t.diagnostic(`${done.notices} notices, ${done.mishaps} mishaps, killed ${done.killed} times`);
});
