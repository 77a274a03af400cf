// A plan that is cancelled: who may, what candidates and the desks see of it, the money, and that it goes on over a server that dies.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { Deployment, kaowu } from './deployment.mjs';
import { Operator } from './operator.mjs';
import { eventually } from './patience.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
const reason = '考点停电，考试无法举行。';
let deployment, office, anybody;

before(async () => {
  deployment = await (await Deployment.make()).start();
  office = await staff.office(deployment, slug);
  anybody = new Client(deployment, slug);
});
after(() => deployment.end());

const planOf = async (code) => (await office.admin.get('/admin/plans', { expect: 200 })).body.plans.find((each) => each.code === code);
const look = async ({ id }, admin = office.admin) => (await admin.get(`/admin/plans/${id}/cancellation`, { expect: 200 })).body;
const cancel = (plan, options = { expect: 200 }, body = {}) =>
  office.admin.post(`/admin/plans/${plan.id}/cancel`, { reason, code: plan.code, ...body }, { version: plan.version, ...options });
const finished = (plan, admin = office.admin) => {
  let seen;
  return eventually(() => `the end of ${plan.code}: ${JSON.stringify(seen)}\n${deployment.log}`, async () => {
    seen = await look(plan, admin);
    return seen.finished_at && seen;
  });
};
const own = async (client) => (await client.get(`/applications/${client.application}`, { expect: 200 })).body;

test('only an administrator of the centre cancels, of what he sees, with a reason, and by its code', async () => {
  const plan = await planOf('2026-ecs-1');
  const path = `/admin/plans/${plan.id}/cancel`;
  const body = { reason, code: plan.code };
  const elsewhere = await new Client(deployment, 'shijingshan').accept('admin');
  await elsewhere.post(path, body, { version: plan.version, expect: 404 });
  await elsewhere.get(`/admin/plans/${plan.id}/cancellation`, { expect: 404 });
  for (const login of ['cashier', 'registrar', 'reviewer1', 'auditor']) {
    await office[login].post(path, body, { version: plan.version, expect: 403 });
    await office[login].get(`/admin/plans/${plan.id}/cancellation`, { expect: 403 });
  }
  await anybody.post(path, body, { version: plan.version, expect: 401 });
  await office.admin.post(path, body, { expect: 428 });
  assert.equal((await cancel({ ...plan, version: plan.version + 1 }, { expect: 412 })).body.code, 'plan.stale');
  assert.deepEqual((await cancel(plan, { expect: 422 }, { code: '2026-scm-1' })).body.errors.map(({ pointer, code }) => [pointer, code]),
    [['/code', 'plan.cancel_code']]);
  await cancel(plan, { expect: 422 }, { reason: '停电' });
  await cancel(plan, { expect: 422 }, { reason: undefined });
  assert.equal((await look(plan)).cancelled_at, null);
  assert.equal((await planOf(plan.code)).state, 'published');
});

test('what is open ends, what was paid goes back, and everybody who looks is told why', async () => {
  const plan = await planOf('2026-scm-1');
  const [draft, waiting, paying, paid, seated] = Array.from({ length: 5 }, () => new Client(deployment, slug));
  await draft.signUp('13800006101');
  await candidate.draft(draft, plan);
  await candidate.apply(waiting, 602, '13800006102');
  for (const [client, order] of [[paying, 603], [paid, 604], [seated, 605]]) {
    await candidate.apply(client, order, `13800006${order - 500}`);
    await staff.approve(office.reviewer1, client.application);
  }
  const order = (await paying.post(`/applications/${paying.application}/orders`, { provider: 'simulated' }, { expect: 201 })).body;
  const code = order.code_url.split('/').pop();
  const online = (await paid.post(`/applications/${paid.application}/orders`, { provider: 'simulated' }, { expect: 201 })).body;
  await paid.post(`/demo/pay/${online.code_url.split('/').pop()}`, undefined, { expect: 200 });
  await staff.payOffline(seated, office.cashier, 'R-605');
  await staff.receive(seated, office.registrar);
  await office.registrar.post(`/registrar/plans/${plan.id}/tickets`, {}, { expect: 200 });
  await seated.get(`/applications/${seated.application}/ticket`, { expect: 200 });

  const before = await look(plan);
  assert.deepEqual([before.applications, before.handed_in, before.paid, before.refund_fen, before.ended], [5, 4, 2, 136000, 0]);
  const { body: now } = await cancel(await planOf(plan.code));
  assert.deepEqual([now.state, now.cancel_reason], ['cancelled', reason]);
  // From now on, whether it is written down yet or not.
  assert.deepEqual([(await own(paying)).status, (await own(draft)).status], ['cancelled', 'cancelled']);
  await paying.post(`/applications/${paying.application}/orders`, { provider: 'offline' }, { expect: 409 });
  await seated.get(`/applications/${seated.application}/ticket`, { expect: 409 });
  await office.registrar.post(`/registrar/plans/${plan.id}/tickets`, {}, { expect: 409 });
  await office.reviewer1.post(`/review/applications/${waiting.application}/lease`, {}, { expect: 409 });

  const done = await finished(plan);
  assert.deepEqual([done.applications, done.ended, done.reason], [5, 5, reason]);
  assert.deepEqual([done.refunded, done.refunded_fen, done.refunds_waiting, done.paid, done.refund_fen], [1, 68000, 1, 1, 68000]);
  const told = {};
  for (const [client, event] of [[waiting, 'cancelled'], [paying, 'cancelled'], [paid, 'cancelled_paid'], [seated, 'cancelled_paid']])
    told[client.mobile] = (await deployment.message(slug, client.mobile, event)).text;
  assert.match(told[paid.mobile], /已缴680元全额退还/);
  assert.ok(!told[waiting.mobile].includes('元'));
  assert.equal(deployment.messages(slug, draft.mobile).filter(({ event }) => event !== 'code_sign_up').length, 0);
  for (const client of [draft, waiting, paying, paid, seated]) {
    const seen = await own(client);
    assert.deepEqual([seen.state, seen.status_text, seen.next_action, seen.open_items, seen.cancel_reason],
      ['cancelled', '计划已取消', 'none', [], reason]);
    const [ended] = (await office.auditor.get(`/audit?subject=${client.application}`, { expect: 200 })).body.rows
      .filter(({ action }) => action === 'application.cancelled');
    assert.equal(ended.detail.to, 'cancelled');
  }
  draft.version = (await own(draft)).version;
  assert.equal((await candidate.topic(draft, 'identity', { identity: '职工' }, { expect: 409 })).body.code, 'plan.cancelled');
  assert.equal((await own(paid)).payment.refunded, true);
  assert.equal((await paying.get(`/applications/${paying.application}/orders/${order.id}`, { expect: 200 })).body.state, 'closed');
  await paying.post(`/demo/pay/${code}`, undefined, { expect: 409 });

  const seen = (await anybody.get(`/plans/${plan.id}`, { expect: 200 })).body;
  assert.deepEqual([seen.state, seen.open, seen.cancel_reason], ['cancelled', false, reason]);
  assert.ok(!(await anybody.get('/plans', { expect: 200 })).body.plans.some(({ id }) => id === plan.id));
  assert.equal((await planOf(plan.code)).state, 'cancelled');
  const roster = (await office.admin.get(`/admin/applications?status=cancelled&plan=${plan.id}`, { expect: 200 })).body.applications;
  assert.equal(roster.length, 5);

  const [refund] = (await office.admin.get('/admin/refunds?state=approved', { expect: 200 })).body.refunds;
  assert.deepEqual([refund.application_number, refund.amount_fen, refund.asked_by, refund.decided_by], [seated.number, 68000, null, null]);
  await office.cashier.post(`/cashier/refunds/${refund.number}/payout`, { receipt_number: 'P-605' }, { expect: 200 });
  assert.deepEqual([(await look(plan)).refunded, (await look(plan)).refund_fen], [2, 0]);
});

test('it is for good, and cancelled once', async () => {
  const plan = await planOf('2026-scm-1');
  assert.equal((await cancel(plan, { expect: 409 })).body.code, 'plan.cancelled');
  assert.equal((await cancel({ ...plan, version: plan.version - 1 }, { expect: 412 })).body.code, 'plan.stale');
  const { body: desk } = await office.admin.get(`/admin/plans/${plan.id}`, { expect: 200 });
  for (const word of ['publish', 'close'])
    assert.equal((await office.admin.post(`/admin/plans/${plan.id}/${word}`, undefined, { version: plan.version, expect: 409 })).body.code, 'plan.cancelled');
  await office.admin.put(`/admin/plans/${plan.id}`, desk.document, { version: plan.version, expect: 409 });
  const { body } = await office.admin.post(`/admin/plans/${plan.id}/clone`, { code: '2027-scm-1', name: '2027年的同一场认定' }, { expect: 201 });
  assert.equal(body.state, 'draft');
  await office.admin.post(`/admin/plans/${body.id}/cancel`, { reason, code: '2027-scm-1' }, { version: body.version, expect: 409 });
});

test('who was to sit it applies to another plan of the same occupation', async () => {
  const { body: made } = await office.admin.post(`/admin/plans/${(await planOf('2026-scm-1')).id}/clone`,
    { code: '2026-scm-2', name: '2026年12月第2批供应链管理师认定' }, { expect: 201 });
  const { body: second } = await office.admin.post(`/admin/plans/${made.id}/publish`, undefined, { version: made.version, expect: 200 });
  const client = new Client(deployment, slug);
  Object.assign(client, { mobile: '13800006104' });
  await client.signIn();
  await candidate.draft(client, second);
  await candidate.fill(client, 604);
  assert.equal((await candidate.submit(client)).body.state, 'reviewing');
});

// Does it, and prints the first row.
const query = `
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    print(*(db.execute(sys.argv[2]).fetchone() or ()), sep='|')`;

test('a server that is killed goes on where it was, and each application ends once', async () => {
  const plan = await planOf('2026-ims-1');
  const count = 2000;
  await deployment.stop();
  // As many as need many batches, of nobody: without a mobile number nothing is sent.
  const sql = (text) => execFileSync('python3', ['-c', query, join(deployment.data, 'tenants', slug, 'tenant.db'), text], { encoding: 'utf8' }).trim();
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) `;
  sql(`${numbers} INSERT INTO account (id, kind, state, created_at) SELECT 'nobody-' || i, 'candidate', 'active', 1 FROM n`);
  sql(`${numbers} INSERT INTO application (id, number, plan_id, account_id, state, version, revision, created_at, changed_at)
    SELECT 'nobody-' || i, printf('9%011d', i), '${plan.id}', 'nobody-' || i, 'reviewing', 1, 1, 1, 1 FROM n`);
  sql(`INSERT INTO plan_count (plan_id, numbered, standing) VALUES ('${plan.id}', ${count}, ${count})`);
  await deployment.start();
  await cancel(plan);
  for (let kills = 0, ended = 0; kills < 4; kills++) {
    await deployment.kill();
    await deployment.start();
    const before = ended;
    const now = await eventually(() => `more than ${before} of ${count}\n${deployment.log}`, async () => {
      const seen = await look(plan);
      return (seen.ended > before || seen.finished_at) && seen;
    });
    assert.equal(now.applications, count);
    ended = now.ended;
  }
  const { ended } = await finished(plan);
  assert.equal(ended, count);
  assert.equal(sql("SELECT COUNT(*), COUNT(DISTINCT subject) FROM audit WHERE action = 'application.cancelled' AND subject LIKE 'nobody-%'"),
    `${count}|${count}`);
  assert.equal(sql(`SELECT standing FROM plan_count WHERE plan_id = '${plan.id}'`), '0');
  kaowu(['audit', 'verify', slug, '--data', deployment.data]);
});

test('an operator sees which of the plans that use a plugin are cancelled', async () => {
  const operator = await new Operator(deployment).begin();
  const { plugins } = (await operator.get('/operator/plugins', { expect: 200 })).body;
  const { sha256 } = plugins.find(({ id }) => id === 'supply-chain-manager.1');
  const { uses } = (await operator.get(`/operator/plugins/${sha256}/uses`, { expect: 200 })).body;
  const states = Object.fromEntries(uses.map(({ tenant, plan, state }) => [`${tenant} ${plan}`, state]));
  assert.deepEqual([states['haidian 2026-scm-1'], states['shijingshan 2026-scm-1']], ['cancelled', 'published']);
});
