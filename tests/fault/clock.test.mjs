// The wall clock jumps, forward and back, under a running server; it stands on a leap day, in a year of which nobody
// knows the working days. What is due is done, nothing goes back, and nobody is kept out.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment, kaowu, root, today } from '../http/deployment.mjs';
import { eventually } from '../http/patience.mjs';
import * as staff from '../http/staff.mjs';
import { long, Machine } from './faults.mjs';

const day = 86400000;
let deployment, machine, mobiles = 3500;

before(async () => {
  deployment = await Deployment.make({ tenants: ['haidian'] });
  machine = new Machine(deployment.data);
  await deployment.start({ env: machine.env });
});
after(async () => {
  await deployment.end();
  machine.remove();
});

async function drafted() {
  const client = await new Client(deployment, 'haidian').signUp(`1380000${mobiles++}`);
  await candidate.draft(client, await candidate.planOf(client));
  return client;
}

async function becomes(client, state) {
  await eventually(() => `the state ${state}\n${deployment.log}`, async () => {
    const { body } = await client.get('/applications', { expect: 200 });
    return body.applications[0].state === state;
  }, { every: 250 });
}

// By that moment the plan's application period is over.
const over = 40 * day;

test('a jump forward ends what it passes over, a jump back brings nothing back and stops nothing', async () => {
  const first = await drafted();
  const plan = await candidate.planOf(first);
  machine.shift(over);
  await first.signIn();
  await becomes(first, 'expired');
  const late = await new Client(deployment, 'haidian').signUp(`1380000${mobiles++}`);
  await late.post('/applications', { plan_id: plan.id }, { expect: 409 });

  // Back: an hourly round that was put off until late must not wait for that.
  machine.shift(0);
  await first.signIn();
  await becomes(first, 'expired');
  const second = await drafted();
  await becomes(second, 'draft');
  machine.shift(over - day / 2);
  await second.signIn();
  await becomes(second, 'expired');
  machine.shift(0);
  kaowu(['audit', 'verify', 'haidian', '--data', deployment.data]);
});

async function rejected(reviewer, client, reason) {
  await staff.judge(reviewer, client.application, { work: reason });
  await staff.decide(reviewer, client.application, 'rejected');
}

// What the server before has made by its clock lies in the future of this one.
test('what is said after a restart by a clock that was put back is the newest word all the same', async () => {
  const { cashier, admin, reviewer1 } = await staff.office(deployment, 'haidian');
  const third = new Client(deployment, 'haidian');
  await candidate.apply(third, 4, `1380000${mobiles++}`);
  await rejected(reviewer1, third, 'YEARS_SHORT');
  const client = new Client(deployment, 'haidian');
  await candidate.apply(client, 3, `1380000${mobiles++}`);
  await staff.approve(reviewer1, client.application);
  const order = await staff.payOffline(client, cashier, 'R-1');
  const asked = { reason: '考生申请退考' };
  const { body } = await cashier.post(`/cashier/orders/${order.number}/refunds`, asked, { expect: 201 });
  const other = await drafted();

  await deployment.stop();
  await deployment.start({ env: machine.env, clock: new Date(Date.parse(today) - day / 24).toISOString() });
  for (const member of [admin, cashier, reviewer1]) await member.comeBack();
  await other.signIn();
  await candidate.consent(other, false);
  const { consents } = (await other.get('/account', { expect: 200 })).body;
  assert.deepEqual(consents.map(({ granted }) => granted), [false, false]);

  await third.signIn();
  third.version = (await third.get(`/applications/${third.application}`, { expect: 200 })).version;
  await candidate.topic(third, 'work', candidate.work);
  await candidate.submit(third);
  await rejected(reviewer1, third, 'YEARS_OVERLAP');
  const { decisions } = (await third.get(`/applications/${third.application}`, { expect: 200 })).body;
  assert.deepEqual(decisions.map(({ revision }) => revision), [2, 1]);

  const decision = { outcome: 'approved', note: '已核对，可以处理' };
  const decide = (expect) => admin.post(`/admin/refunds/${body.number}/decision`, decision, { expect });
  assert.equal((await decide(200)).body.state, 'approved');
  assert.equal((await decide(409)).body.code, 'payment.refund_decided');
  const payout = { receipt_number: 'P-1' };
  const paid = await cashier.post(`/cashier/refunds/${body.number}/payout`, payout, { expect: 200 });
  assert.equal(paid.body.state, 'refunded');
});

// tenants/haidian with its plan in the spring of another year.
function yearsFolder(year) {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-year-'));
  cpSync(join(root, 'tenants', 'haidian'), join(folder, 'haidian'), { recursive: true });
  const file = join(folder, 'haidian', 'plans', '2026-scm-1.json');
  const text = readFileSync(file, 'utf8').replaceAll('2026-11-', `${year}-02-`).replaceAll('2026-12-', `${year}-04-`);
  writeFileSync(file, text.replace('2026-scm-1', `${year}-scm-1`).replace('HA2026001', `HA${year}001`));
  return folder;
}

if (long) test('on a leap day of a year without a calendar the answer is due two weekdays later', async () => {
  const folder = yearsFolder(2028);
  const other = await Deployment.make({ tenants: ['haidian'], folder });
  try {
    await other.start({ clock: '2028-02-29T09:00:00+08:00' });
    const body = await candidate.apply(new Client(other, 'haidian'), 1, '13800003601');
    assert.equal(body.submitted_at.slice(0, 10), '2028-02-29');
    assert.equal(body.due_at, '2028-03-03T00:00:00.000+08:00');
  } finally {
    await other.end();
    rmSync(folder, { recursive: true });
  }
});
