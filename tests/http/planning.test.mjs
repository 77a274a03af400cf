// Administrators make plans (S12): a draft, what it lacks, publishing, closing, and what may change once people have applied.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { Deployment } from './deployment.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
let deployment, office, admin, anybody;

before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  office = await staff.office(deployment, slug);
  admin = office.admin;
  anybody = new Client(deployment, slug);
});
after(() => deployment.end());

const first = async () => (await admin.get('/admin/plans', { expect: 200 })).body.plans.find((each) => each.code === '2026-scm-1');
const draft = (code) => ({ code, name: '2027年第1批供应链管理师认定', occupation_code: '4-02-06-05', level: 1 });
const whole = (plan, subjects) => ({
  ...plan, fee_fen: 50000, places: 10, payment: ['offline'],
  apply: { from: '2026-11-20T09:00:00+08:00', until: '2027-01-10T17:00:00+08:00' },
  pay_until: '2027-01-12T17:00:00+08:00', papers_until: '2027-01-15T17:00:00+08:00',
  exam: {
    venue: '示例考点', address: '示例路1号', rooms: [{ name: '第一考场', seats: 30 }],
    subjects: subjects.map(({ id }, i) => ({ subject: id, from: `2027-02-0${1 + i}T09:00:00+08:00`, until: `2027-02-0${1 + i}T11:00:00+08:00` })),
  },
});
const make = async (code) => (await admin.post('/admin/plans', draft(code), { expect: 201 })).body;
const put = (plan, document, options = { expect: 200 }) => admin.put(`/admin/plans/${plan.id}`, document, { version: plan.version, ...options });
const move = (plan, word, options = { expect: 200 }) => admin.post(`/admin/plans/${plan.id}/${word}`, undefined, { version: plan.version, ...options });
const pointers = (faults) => faults.map(({ pointer }) => pointer);
const codes = ({ body }) => Object.fromEntries(body.errors.map(({ pointer, code }) => [pointer, code]));
const seen = async (id) => (await anybody.get('/plans', { expect: 200 })).body.plans.some((each) => each.id === id);

test('a draft may lack nearly everything, and tells what, each place once', async () => {
  const plan = await make('2027-scm-1');
  assert.equal(plan.state, 'draft');
  assert.deepEqual(pointers(plan.missing).sort(), ['/apply', '/exam', '/fee_fen', '/papers_until', '/pay_until', '/payment']);
  assert.ok(plan.missing.every(({ detail }) => detail.length > 5));
  assert.deepEqual(plan.subjects.map(({ id }) => typeof id), plan.subjects.map(() => 'string'));
  assert.deepEqual(plan.years_without_calendar, []);
  const refused = await move(plan, 'publish', { expect: 422 });
  assert.deepEqual(pointers(refused.body.errors), pointers(plan.missing));
  await admin.get(`/admin/plans/${plan.id}/preview`, { expect: 422 });
  assert.equal(await seen(plan.id), false);
  await anybody.get(`/plans/${plan.id}`, { expect: 404 });
});

test('what a schema cannot see is told beside what it sees', async () => {
  const plan = await make('2027-scm-2');
  const { body } = await put(plan, {
    ...draft('2027-scm-2'), fee_fen: 1, payment: ['barter'],
    apply: { from: '2026-11-20T09:00:00+08:00', until: '2026-11-21T09:00:00+08:00' }, pay_until: '2026-11-20T17:00:00+08:00',
    exam: {
      rooms: [{ name: '甲', seats: 3 }, { name: '甲', seats: 3 }],
      subjects: plan.subjects.map(({ id }) => ({ subject: id, from: '2027-02-01T09:00:00+08:00', until: '2027-02-01T11:00:00+08:00' })),
    },
  });
  const found = Object.fromEntries(body.missing.map(({ pointer, code }) => [pointer, code]));
  assert.equal(found['/payment/0'], 'schema.enum');
  assert.equal(found['/apply/until'], 'plan.over');
  assert.equal(found['/pay_until'], 'plan.order');
  assert.equal(found['/exam/rooms/1/name'], 'plan.room_twice');
  assert.ok('/exam/venue' in found && '/papers_until' in found);
  // By words, not by what the document calls things.
  const told = Object.fromEntries(body.missing.map(({ pointer, detail }) => [pointer, detail]));
  assert.match(told['/pay_until'], /2026年11月21日 09:00/);
  assert.ok(told['/exam/subjects/1/from'].includes(plan.subjects[0].name), told['/exam/subjects/1/from']);
  assert.deepEqual(Object.values(told).filter((detail) => /\/[a-z]/.test(detail)), []);
});

test('completed, previewed, published, it is there for candidates; closed, it takes nobody', async () => {
  const plan = await make('2027-scm-3');
  const { body: ready } = await put(plan, whole(draft('2027-scm-3'), plan.subjects));
  assert.deepEqual(ready.missing, []);
  assert.deepEqual(ready.years_without_calendar, [2027]); // what is handed in last is answered then
  const preview = (await admin.get(`/admin/plans/${plan.id}/preview`, { expect: 200 })).body;
  assert.equal(preview.fee_fen, 50000);
  assert.equal(await seen(plan.id), false);
  const { body: published } = await move(ready, 'publish');
  assert.equal(published.state, 'published');
  assert.equal(await seen(plan.id), true);
  assert.deepEqual({ ...(await anybody.get(`/plans/${plan.id}`, { expect: 200 })).body, state: 0, open: 0 }, { ...preview, state: 0, open: 0 });
  const { body: closed } = await move(published, 'close');
  assert.equal(closed.state, 'closed');
  await move(closed, 'close', { expect: 409 });
  const { body: again } = await move(closed, 'publish');
  assert.equal(again.state, 'published');
  await move(again, 'close');
});

test('two administrators do not overwrite each other, and a code is for good', async () => {
  const plan = await make('2027-scm-4');
  await put(plan, { ...draft('2027-scm-4'), note: '第一人' });
  assert.equal((await put(plan, { ...draft('2027-scm-4'), note: '第二人' }, { expect: 412 })).body.code, 'plan.stale');
  await admin.post('/admin/plans', draft('2027-scm-4'), { expect: 422 });
  const now = (await admin.get(`/admin/plans/${plan.id}`, { expect: 200 })).body;
  assert.deepEqual(codes(await put(now, draft('2027-other'), { expect: 422 })), { '/code': 'plan.code_fixed' });
  const none = await admin.post('/admin/plans', { ...draft('2027-scm-5'), level: 5, occupation_code: '1-01-01-01' }, { expect: 422 });
  assert.deepEqual(codes(none), { '/occupation_code': 'plugin.none' });
  for (const level of [1, 2])
    assert.deepEqual(codes(await admin.post('/admin/plans', { ...draft('2026-scm-1'), level }, { expect: 422 })), { '/code': 'plan.code_taken' });
});

test('a clone is a draft with the same content, under its own code', async () => {
  const from = await first();
  const { body } = await admin.post(`/admin/plans/${from.id}/clone`, { code: '2027-scm-6', name: '2027年的同一场认定' }, { expect: 201 });
  const original = (await admin.get(`/admin/plans/${from.id}`, { expect: 200 })).body;
  assert.equal(body.state, 'draft');
  const { filing_no: _, ...kept } = original.document;
  assert.deepEqual(body.document, { ...kept, code: '2027-scm-6', name: '2027年的同一场认定' });
  await admin.post(`/admin/plans/${from.id}/clone`, { code: '2027-scm-6', name: '2027年的同一场认定' }, { expect: 422 });
});

test('once somebody has applied, a plan may give more, never less', async () => {
  await candidate.apply(new Client(deployment, slug), 501, '13800005501');
  const plan = (await admin.get(`/admin/plans/${(await first()).id}`, { expect: 200 })).body;
  const { document } = plan;
  const less = { ...document, fee_fen: document.fee_fen + 1, pay_until: document.apply.until,
    apply: { ...document.apply, until: '2026-12-01T17:00:00+08:00' } };
  assert.deepEqual(codes(await put(plan, less, { expect: 422 })),
    { '/fee_fen': 'plan.fee_fixed', '/apply/until': 'plan.shortened', '/pay_until': 'plan.shortened' });
  assert.equal((await put(plan, { ...document, level: 2 }, { expect: 409 })).body.code, 'plan.pinned');
  const { papers_until: _, ...lacking } = document;
  assert.equal(codes(await put(plan, lacking, { expect: 422 }))['/papers_until'], 'schema.required');
  const { body } = await put(plan, { ...document, places: 1, note: '补充说明：（见附件）。' });
  assert.deepEqual([body.document.places, body.document.note], [1, '补充说明：（见附件）。']);
});

test('the occupations offered are those that are installed', async () => {
  const { plugins } = (await admin.get('/admin/plugins', { expect: 200 })).body;
  const keys = plugins.map(({ occupation_code, level }) => `${occupation_code} ${level}`);
  assert.ok(keys.includes('4-02-06-05 1'), `${keys}`);
  assert.equal(new Set(keys).size, keys.length);
});
