// What was misread or mistyped is put right after the approval: a new revision with a reason, and the ticket by it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { Deployment } from './deployment.mjs';
import { eventually } from './patience.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
const reason = '姓名录入有误，已核对身份证';
let deployment, office;
before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  office = await staff.office(deployment, slug);
});
after(() => deployment.end());

async function approved(order, name = '张山') {
  const client = new Client(deployment, slug);
  await candidate.apply(client, order, `138000${order}00`, { name });
  await staff.approve(office.reviewer1, client.application);
  return client;
}
const path = (client) => `/admin/applications/${client.number}/correction`;
const look = (client) => office.admin.get(path(client), { expect: 200 });
const revision = async (client, number) => (await office.reviewer1.get(`/review/applications/${client.application}`, { expect: 200 })).body[number];
async function correct(client, body, options = { expect: 200 }) {
  const { version } = await look(client);
  return office.admin.post(path(client), { reason, ...body }, { version, ...options });
}

test('an approved name is corrected: a new revision, pinned, told, and audited without what it says', async () => {
  const client = await approved(830);
  const { body, version } = await look(client);
  assert.deepEqual([body.possible, body.details.name, body.id_masked], [true, '张山', '110108********830' + candidate.residentId(830).at(-1)]);
  assert.ok(!JSON.stringify(body).includes(candidate.residentId(830)));
  const before = (await client.get(`/applications/${client.application}`, { expect: 200 })).body;
  const { body: corrected } = await office.admin.post(path(client), { reason, name: '张 三', employer: body.details.employer }, { version, expect: 200 });
  assert.deepEqual([corrected.details.name, corrected.state, corrected.version], ['张三', 'approved', version + 1]);
  const own = (await client.get(`/applications/${client.application}`, { expect: 200 })).body;
  assert.deepEqual([own.form.details.name, own.revision, own.state], ['张三', 2, 'approved']);
  assert.deepEqual({ ...own.form, details: { ...own.form.details, name: '张山' } }, before.form);
  assert.deepEqual([own.verdict, own.materials.map(({ file }) => file.sha256)], [before.verdict, before.materials.map(({ file }) => file.sha256)]);
  assert.ok(own.timeline.some(({ action }) => action === 'application.corrected'));
  assert.equal(await revision(client, 'approved_revision'), 2);
  assert.match((await deployment.message(slug, client.mobile, 'corrected')).text, /更正了申报/);

  const { rows } = (await office.auditor.get(`/audit?subject=${client.application}`, { expect: 200 })).body;
  const row = rows.find(({ action }) => action === 'application.corrected');
  assert.deepEqual(row.detail, { from: 'approved', to: 'approved', revision: 2, fields: ['name'], reason });
});

test('the version that was seen, a reason, the rules, and only what is no other person', async () => {
  const client = await approved(831);
  const { version } = await look(client);
  const send = async (body, options) => (await office.admin.post(path(client), { reason, ...body }, { version, ...options })).body;
  assert.equal((await send({ name: '张三' }, { version: undefined, expect: 428 })).code, 'api.if_match');
  assert.equal((await send({ name: '张三' }, { version: version - 1, expect: 412 })).code, 'application.stale');
  const faults = async (body) => (await send(body, { expect: 422 })).errors.map(({ pointer, code }) => `${pointer} ${code}`);
  assert.deepEqual(await faults({ id_number: candidate.residentId(832) }), ['/id_number schema.additionalProperties']);
  assert.deepEqual(await faults({ birth: '1990-03-08' }), ['/birth schema.additionalProperties']);
  assert.deepEqual(await faults({ name: '张3' }), ['/name identity.name']);
  assert.deepEqual(await faults({ mobile: '12800000000', name: '张三' }), ['/mobile identity.mobile']);
  assert.deepEqual(await faults({ name: '张三', reason: '错' }), ['/reason schema.minLength']);
  // Of a resident's card the number says it.
  for (const same of [{ name: ' 张 山 ' }, { gender: '女' === (await own(client)).gender ? '男' : '女' }])
    assert.equal((await send(same, { expect: 409 })).code, 'correction.nothing');
  for (const login of ['reviewer1', 'registrar', 'cashier', 'auditor']) await office[login].get(path(client), { expect: 403 });
  assert.equal((await look(client)).version, version);
});
const own = async (client) => (await client.get(`/applications/${client.application}`, { expect: 200 })).body.form.details;

test('what waits for review is its candidate\'s to change, and a draft says nothing of its person', async () => {
  const client = new Client(deployment, slug);
  await candidate.apply(client, 833, '13800007833');
  assert.equal((await look(client)).body.possible, false);
  assert.equal((await correct(client, { name: '李四' }, { expect: 409 })).body.code, 'application.state');
  assert.equal((await own(client)).name, '张三');
  const begun = await new Client(deployment, slug).signUp('13800007834');
  await candidate.draft(begun, await candidate.planOf(begun));
  assert.equal((await office.admin.get(path(begun), { expect: 409 })).body.code, 'correction.never_handed_in');
});

test('a ticket is drawn by the corrected name, and so is the book of them that there was', async () => {
  const client = await approved(834);
  await staff.payOffline(client, office.cashier, 'R-834');
  await staff.receive(client, office.registrar);
  const plan = (await client.get(`/applications/${client.application}`, { expect: 200 })).body.plan_id;
  await office.registrar.post(`/registrar/plans/${plan}/tickets`, {}, { expect: 200 });
  await office.admin.post(`/admin/plans/${plan}/ticket-book`, undefined, { expect: 200 });
  const book = async () => (await office.admin.get(`/admin/plans/${plan}/ticket-book`, { expect: 200 })).body;
  const finished = () => eventually(() => 'the book', async () => (await book()).finished_at && book());
  const first = await finished();
  const ticket = async () => {
    const { bytes } = await client.get(`/applications/${client.application}/ticket`, { expect: 200 });
    return execFileSync('pdftotext', ['-', '-'], { input: bytes, encoding: 'utf8' }).replace(/\s/g, '');
  };
  assert.match(await ticket(), /张山/);
  assert.equal((await correct(client, { name: '张三' })).body.state, 'ticketed');
  assert.match((await deployment.message(slug, client.mobile, 'corrected_ticket')).text, /重新打印准考证/);
  assert.match(await ticket(), /张三/);
  assert.equal((await finished()).drawn, first.drawn);
  const { rows } = (await office.auditor.get(`/audit?subject=${plan}`, { expect: 200 })).body;
  assert.equal(rows.filter(({ action }) => action === 'ticket.book').length, 2);
});
