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
    await candidate.apply(client, 402 + i, `1380000540${i}`, { name: `赵${'甲乙丙丁'[i]}` });
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
  assert.deepEqual([body.days.length, body.days[0].date], [28, '2026-10-27']);
  assert.deepEqual(body.days[27], { date: '2026-11-23', handed_in: 4, approved: 3, rejected: 0 });
  const figures = [...Object.values(body).filter((each) => each.list), ...here.counts, here.not_arrived];
  for (const { list, count } of figures) {
    const listed = (await office.admin.get(list, { expect: 200 })).body;
    const [rows] = Object.values(listed).filter(Array.isArray);
    assert.equal(rows.length, count, list);
  }
});

test('an application is found by its number, mobile number, ID number, and a part of the name', async () => {
  const sought = {
    number: people.paid.number, mobile: '138 0000 5402', 'mobile from abroad': '+86 13800005402', id: candidate.residentId(404), name: '丙',
  };
  for (const [what, search] of Object.entries(sought))
    assert.deepEqual(await numbers(`search=${encodeURIComponent(search)}`), of('paid'), what);
  assert.deepEqual(await numbers(`search=${encodeURIComponent('赵')}`, office.registrar), of('waiting', 'unpaid', 'paid', 'received'));
  assert.deepEqual(await numbers('search=13900000000'), []);
  // The last sign of an ID number may be a letter, however it is typed.
  const letter = candidate.residentId(405);
  assert.ok(letter.endsWith('X'));
  for (const search of [letter, letter.toLowerCase()]) assert.deepEqual(await numbers(`search=${search}`), of('received'), search);
});

test('who has a passport is found by its number, and a name whatever dot was typed', async () => {
  const client = await new Client(deployment, slug).signUp('13800005408');
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.fill(client, 408);
  const { id_number: omitted, ...details } = candidate.details(408, '阿依古丽•买买提');
  const show = (type, number) => candidate.topic(client, 'details', {
    ...details, id_type: type, id_number: number, gender: '女', birth: '1990-01-01',
  });
  await show('护照', 'e 1234-5678');
  await candidate.submit(client);
  for (const search of ['E12345678', 'e12345678', '阿依古丽·买买提', '古丽・买'])
    assert.deepEqual(await numbers(`search=${encodeURIComponent(search)}`), [client.number], search);
  // Of a short number enough is left to hold it against the document, at a list as on the ticket.
  assert.equal((await roster('search=E12345678')).applications[0].id_masked, 'E*****678');
  await show('军官证', '军字第1234567号');
  assert.deepEqual(await numbers(`search=${encodeURIComponent('军字第 1234567 号')}`), [client.number]);
  await client.post(`/applications/${client.application}/withdraw`, undefined, { version: client.version, expect: 200 });
});

test('what was sent to somebody is found by the mobile number, and by the application\'s', async () => {
  const events = async (search, more = '') => {
    const { body } = await office.admin.get(`/admin/messages?search=${encodeURIComponent(search)}${more}`, { expect: 200 });
    return body.messages.map(({ event }) => event);
  };
  for (const search of ['138 0000 5402', '+86 13800005402', people.paid.number])
    assert.deepEqual(await events(search), ['paid', 'approved', 'submitted', 'code_sign_up'], search);
  assert.deepEqual(await events('13800005409', '&state=dead'), []);
  for (const search of ['13800005499', '赵']) assert.deepEqual(await events(search), [], search);
});

test('states are told apart by what they wait for, and an unknown one is refused', async () => {
  assert.deepEqual(await numbers('status=awaiting_papers'), of('paid'));
  assert.deepEqual(await numbers(`not_arrived=true&plan=${plan}`), of('unpaid', 'paid'));
  for (const [path, pointer, word] of [
    ['/admin/applications?status=lost', '/status', 'page.choice'],
    ['/admin/applications?status=awaiting_nothing', '/status', 'page.choice'],
    ['/admin/messages?state=lost', '/state', 'page.choice'],
  ]) {
    const { body } = await office.admin.get(path, { expect: 422 });
    assert.deepEqual(body.errors.map((each) => [each.pointer, each.code]), [[pointer, word]]);
  }
});

test('personal data is masked, and a draft shows nothing of its person', async () => {
  const { applications } = await roster('');
  const draft = applications.find((each) => each.number === people.draft.number);
  assert.deepEqual([draft.name, draft.id_masked, draft.mobile], [null, null, '138****5409']);
  const text = JSON.stringify(applications);
  for (const i of [2, 3, 4, 5]) assert.ok(!text.includes(candidate.residentId(400 + i)));
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

const auditedRows = async () => (await office.auditor.get('/audit?limit=1', { expect: 200 })).body.rows[0].sequence;
const stateOf = async (who) => (await who.get(`/applications/${who.application}`, { expect: 200 })).body.state;
const reason = { reason: '经核实工作经历不属实' };

test('a dry run answers as the act would, and keeps nothing', async () => {
  const { unpaid, paid, received } = people;
  const before = await auditedRows();
  const voided = await office.admin.post(`/admin/applications/${unpaid.number}/void?dry_run=true`, reason, { expect: 200 });
  assert.equal(voided.body.state, 'voided');
  await office.admin.post(`/admin/applications/${unpaid.number}/void?dry_run=true`, { reason: '假' }, { expect: 422 });
  await office.registrar.post(`/registrar/applications/${unpaid.number}/restore?dry_run=true`, reason, { expect: 409 });
  await office.cashier.post(`/admin/applications/${unpaid.number}/void?dry_run=true`, reason, { expect: 403 });
  const desk = (await office.registrar.get(`/registrar/applications/${paid.number}`, { expect: 200 })).body;
  const items = desk.papers.map(({ material, copies }) => ({ material, copies, outcome: 'pass' }));
  const receipt = await office.registrar.post(`/registrar/applications/${paid.number}/receipt?dry_run=true`, { items }, { expect: 200 });
  assert.ok(receipt.body.accepted_at);
  const opened = await office.registrar.post(`/registrar/plans/${plan}/tickets?dry_run=true`, undefined, { expect: 200 });
  assert.deepEqual(opened.body.tickets.map((each) => [each.application_number, each.seat]), [[received.number, 1]]);
  assert.deepEqual(await Promise.all([unpaid, paid, received].map(stateOf)), ['approved', 'approved', 'approved']);
  assert.equal((await office.registrar.get(`/registrar/applications/${paid.number}`, { expect: 200 })).body.accepted_at, null);
  assert.equal(await auditedRows(), before);
  const { messages } = (await office.admin.get('/admin/messages?limit=100', { expect: 200 })).body;
  assert.ok(messages.length > 0 && !messages.some(({ event }) => event === 'voided'));
});

test('what has no dry run is not done instead, nor what asks for one in other words', async () => {
  const { body } = await office.admin.get('/admin/staff', { expect: 200 });
  const { id } = body.staff.find(({ login }) => login === 'reviewer2');
  const refused = await office.admin.post(`/admin/staff/${id}/disable?dry_run=true`, undefined, { expect: 400 });
  assert.equal(refused.body.code, 'api.no_dry_run');
  await office.reviewer2.get('/review/applications', { expect: 200 });
  for (const word of ['yes', '']) {
    const other = await office.admin.post(`/admin/applications/${people.unpaid.number}/void?dry_run=${word}`, reason, { expect: 400 });
    assert.equal(other.body.code, 'api.dry_run');
  }
  assert.equal(await stateOf(people.unpaid), 'approved');
});

test('a candidate is reminded of what is to be done next, once a day', async () => {
  const remind = (who, options, query = '', by = office.registrar) => by.post(`/admin/applications/${who.number}/reminder${query}`, undefined, options);
  const would = await remind(people.unpaid, { expect: 200 }, '?dry_run=true', office.admin);
  assert.match(would.body.text, /还未缴费680元/);
  const { body } = await remind(people.unpaid, { expect: 200 });
  assert.deepEqual(body, would.body);
  assert.equal((await deployment.message(slug, '13800005401', 'remind_payment')).text, body.text);
  assert.equal((await remind(people.unpaid, { expect: 409 })).body.code, 'reminder.today');
  assert.equal((await remind(people.waiting, { expect: 409 })).body.code, 'reminder.nothing');
  assert.match((await remind(people.paid, { expect: 200 })).body.text, /纸质材料还未收齐/);
});

test('whose papers are on their way is not asked to post them, until they turn out to be wrong', async () => {
  const client = new Client(deployment, slug);
  await candidate.apply(client, 407, '13800005407');
  await staff.approve(office.reviewer1, client.application);
  await staff.payOffline(client, office.cashier, 'R-407');
  await client.put(`/applications/${client.application}/papers`, { courier: '示例速递', courier_number: 'SF0000000407' }, { expect: 200 });
  const remind = (options) => office.registrar.post(`/admin/applications/${client.number}/reminder?dry_run=true`, undefined, options);
  assert.equal((await remind({ expect: 409 })).body.code, 'reminder.posted');
  await staff.receive(client, office.registrar, { work_pledge: 'PROMISE_BAD' });
  assert.match((await remind({ expect: 200 })).body.text, /纸质材料还未收齐/);
});

test('whoever has the fee back is not asked for it', async () => {
  const { unpaid } = people;
  const payment = async () => (await unpaid.get(`/applications/${unpaid.application}`, { expect: 200 })).body.payment;
  const order = await staff.payOffline(unpaid, office.cashier, 'R-499');
  const { body } = await office.cashier.post(`/cashier/orders/${order.number}/refunds`, { reason: '考生申请退考' }, { expect: 201 });
  await office.admin.post(`/admin/refunds/${body.number}/decision`, { outcome: 'approved' }, { expect: 200 });
  assert.deepEqual([(await payment()).paid, (await payment()).refunded], [true, false]);
  await office.cashier.post(`/cashier/refunds/${body.number}/payout`, { receipt_number: 'T-499' }, { expect: 200 });
  assert.deepEqual([(await payment()).paid, (await payment()).refunded], [false, true]);
  const reminded = await office.admin.post(`/admin/applications/${unpaid.number}/reminder`, undefined, { expect: 409 });
  assert.equal(reminded.body.code, 'reminder.refunded');
  await staff.payOffline(unpaid, office.cashier, 'R-498'); // whoever thinks better of it
  assert.deepEqual([(await payment()).paid, (await payment()).refunded], [true, false]);
});
