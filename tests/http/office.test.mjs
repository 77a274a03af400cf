// What administrators do beyond the desks: look at the centre, find applications, and see nothing that they need not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { Deployment } from './deployment.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
let deployment, office, plan;
const people = {}; // by what became of them

before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  office = await staff.office(deployment, slug);
  for (const [i, what] of ['waiting', 'unpaid', 'paid', 'received'].entries()) {
    const client = people[what] = new Client(deployment, slug);
    await candidate.apply(client, 401 + i, `1380000540${i}`, { name: `赵${'甲乙丙丁'[i]}` });
    if (i > 0) await staff.approve(office.reviewer1, client.application);
    if (i > 1) await staff.payOffline(client, office.cashier, `R-40${i}`);
    if (i > 2) await staff.receive(client, office.registrar);
  }
  plan = (await people.waiting.get(`/applications/${people.waiting.application}`, { expect: 200 })).body.plan_id;
  people.draft = await new Client(deployment, slug).signUp('13800005409');
  const { body, version } = await people.draft.post('/applications', { plan_id: plan }, { expect: 201 });
  Object.assign(people.draft, { number: body.number, id: body.id, version });
  await people.paid.put('/account/erasure', undefined, { expect: 200 });
});
after(() => deployment.end());

const roster = async (query, caller = office.admin) => (await caller.get(`/admin/applications?${query}`, { expect: 200 })).body;
const numbers = async (query, caller) => (await roster(query, caller)).applications.map((each) => each.number).sort();
const of = (...what) => what.map((each) => people[each].number).sort();

test('every number of the overview is what its list gives', async () => {
  const { body } = await office.auditor.get('/overview', { expect: 200 });
  const here = body.plans.find((each) => each.id === plan);
  const counts = Object.fromEntries(here.counts.map(({ status, count }) => [status, count]));
  assert.deepEqual(counts, { draft: 1, reviewing: 1, awaiting_payment: 1, awaiting_papers: 1, awaiting_ticket: 1 });
  assert.equal(here.not_arrived.count, 2);
  assert.deepEqual(
    ['reviewing', 'overdue', 'pay_soon', 'not_arrived', 'dead_messages', 'erasures'].map((each) => body[each].count),
    [1, 0, 0, 2, 0, 1]);
  assert.ok(Date.parse(body.reviewing.since) <= Date.now());
  const figures = [...Object.values(body).filter((each) => each.list), ...here.counts, here.not_arrived];
  for (const { list, count } of figures) {
    const listed = (await office.admin.get(list, { expect: 200 })).body;
    const [rows] = Object.values(listed).filter(Array.isArray);
    assert.equal(rows.length, count, list);
  }
});

test('an application is found by its number, mobile number, ID number, and a part of the name', async () => {
  const sought = { number: people.paid.number, mobile: '138 0000 5402', id: candidate.residentId(403), name: '丙' };
  for (const [what, search] of Object.entries(sought))
    assert.deepEqual(await numbers(`search=${encodeURIComponent(search)}`), of('paid'), what);
  assert.deepEqual(await numbers(`search=${encodeURIComponent('赵')}`, office.registrar), of('waiting', 'unpaid', 'paid', 'received'));
  assert.deepEqual(await numbers('search=13900000000'), []);
});

test('states are told apart by what they wait for, and an unknown one is refused', async () => {
  assert.deepEqual(await numbers('status=awaiting_papers'), of('paid'));
  assert.deepEqual(await numbers(`not_arrived=true&plan=${plan}`), of('unpaid', 'paid'));
  const { body } = await office.admin.get('/admin/applications?status=lost', { expect: 422 });
  assert.deepEqual(body.errors.map(({ pointer, code }) => [pointer, code]), [['/status', 'roster.status']]);
});

test('personal data is masked, and a draft shows nothing of its person', async () => {
  const { applications } = await roster('');
  const draft = applications.find((each) => each.number === people.draft.number);
  assert.deepEqual([draft.name, draft.id_masked, draft.mobile], [null, null, '138****5409']);
  const text = JSON.stringify(applications);
  for (const i of [1, 2, 3, 4]) assert.ok(!text.includes(candidate.residentId(400 + i)));
  assert.ok(!text.includes('13800005400'));
});

test('whoever was erased is a number and a state, and nothing more', async () => {
  await people.draft.put('/account/erasure', undefined, { expect: 200 });
  const { erasures } = (await office.admin.get('/admin/erasures?waiting=true', { expect: 200 })).body;
  const { account_id: account } = erasures.find((each) => each.mobile === '138****5409');
  await people.draft.post(`/applications/${people.draft.id}/withdraw`, undefined, { version: people.draft.version, expect: 200 });
  await office.admin.post(`/admin/erasures/${account}`, undefined, { expect: 200 });
  const row = (await roster(`search=${people.draft.number}`)).applications[0];
  assert.deepEqual([row.name, row.id_masked, row.mobile], [null, null, null]);
  assert.equal((await office.admin.get('/overview', { expect: 200 })).body.erasures.count, 1);
});

test('the list is for administrators and registrars', async () => {
  for (const login of ['reviewer1', 'cashier', 'auditor']) await office[login].get('/admin/applications', { expect: 403 });
  await people.waiting.get('/overview', { expect: 403 });
  for (const login of ['cashier', 'registrar']) assert.ok((await office[login].get('/admin/plans', { expect: 200 })).body.plans.length > 0);
});
