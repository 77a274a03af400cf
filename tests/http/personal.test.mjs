// What candidates may know and decide of their own data: separate consent, a copy of everything, a request to be erased.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { Deployment } from './deployment.mjs';
import { portrait, scan } from './pictures.mjs';
import * as staff from './staff.mjs';

let deployment, client, other, office;
before(async () => {
  deployment = await (await Deployment.make()).start();
  office = await staff.office(deployment, 'haidian');
  client = new Client(deployment, 'haidian');
  await candidate.apply(client, 60, '13800006001');
  other = await new Client(deployment, 'haidian').signUp('13800006002');
});
after(() => deployment.end());

const text = '我同意本机构收集和保存我的个人照片，仅用于准考证和证书。';
const agree = (kind, granted, options = { expect: 200 }) => client.put('/account/consents', { kind, granted, text }, options);

test('consent is given for each kind apart, can be taken back, and its text is kept', async () => {
  assert.deepEqual((await other.get('/account', { expect: 200 })).body.consents, []);
  await agree('portrait', true);
  const { body } = await agree('id_images', true);
  assert.deepEqual(body.consents.map(({ kind, granted }) => [kind, granted]), [['id_images', true], ['portrait', true]]);
  assert.equal(body.consents[0].text, text);
  const after = await agree('portrait', false);
  assert.deepEqual(after.body.consents.map(({ kind, granted }) => [kind, granted]), [['id_images', true], ['portrait', false]]);
  await agree('fingerprint', true, { expect: 422 });
  const { body: log } = await office.auditor.get('/audit', { expect: 200 });
  assert.deepEqual(log.rows.slice(0, 3).map((row) => row.action), ['consent.withdrawn', 'consent.granted', 'consent.granted']);
});

test('without it no such picture is taken, and what needs none goes on', async () => {
  const person = await new Client(deployment, 'haidian').signUp('13800006003');
  await candidate.draft(person, await candidate.planOf(person));
  await candidate.topic(person, 'condition', { condition: '1-1' });
  await candidate.consent(person, false);
  const refused = await candidate.upload(person, 'portrait', portrait(), { expect: 409 });
  assert.equal(refused.body.code, 'consent.no_portrait');
  assert.equal((await candidate.upload(person, 'id_card_front', scan(), { expect: 409 })).body.code, 'consent.no_id_images');
  await candidate.upload(person, 'certificate', scan());
  await person.put('/account/consents', { kind: 'portrait', granted: true, text }, { expect: 200 });
  await candidate.upload(person, 'portrait', portrait());
});

test('with the consent go the pictures that were not handed in, so that none is judged without it', async () => {
  const person = await new Client(deployment, 'haidian').signUp('13800006005');
  await candidate.draft(person, await candidate.planOf(person));
  await candidate.fill(person, 62);
  const decide = (granted) => person.put('/account/consents', { kind: 'portrait', granted, text }, { expect: 200 });
  const look = async () => {
    const { body, version } = await person.get(`/applications/${person.application}`, { expect: 200 });
    person.version = version;
    return body.materials.filter((each) => !each.file).map(({ id }) => id);
  };
  await decide(false);
  await candidate.submit(person, { expect: 412 }); // the page has to look again
  assert.deepEqual(await look(), ['portrait']);
  const refused = await candidate.submit(person, { expect: 422 });
  assert.deepEqual(refused.body.errors.map(({ pointer }) => pointer), ['/materials/portrait']);
  await decide(true);
  await candidate.upload(person, 'portrait', portrait());
  await candidate.submit(person);
  // What was handed in is the centre's to keep or erase. Once it is a draft again it is not handed in another time.
  await decide(false);
  assert.deepEqual(await look(), []);
  const act = (what) => person.post(`/applications/${person.application}/${what}`, undefined, { version: person.version, expect: 200 });
  await act('withdraw');
  await look();
  await person.post('/applications', { plan_id: (await candidate.planOf(person)).id }, { expect: 200 });
  await look();
  assert.equal((await candidate.submit(person, { expect: 409 })).body.code, 'consent.no_portrait');
  await decide(true);
  await candidate.submit(person);
});

test('a copy has everything of oneself and nothing of another', async () => {
  const { body, headers } = await client.get('/account/data', { expect: 200 });
  assert.match(headers.get('content-disposition'), /attachment; filename="my-data\.json"/);
  assert.equal(body.account.mobile, '13800006001');
  assert.equal(body.consents.length, 5);
  assert.equal(body.applications[0].form.details.id_number, candidate.residentId(60));
  assert.ok(body.applications[0].materials.every((each) => each.file));
  assert.equal(body.sessions.length, 1);
  const empty = (await other.get('/account/data', { expect: 200 })).body;
  assert.deepEqual([empty.account.mobile, empty.applications, empty.consents], ['13800006002', [], []]);
});

test('a copy has the orders with what happened to them', async () => {
  await staff.approve(office.reviewer1, client.application);
  const paid = await staff.payOffline(client, office.cashier, 'R-60');
  const { body } = await client.get('/account/data', { expect: 200 });
  assert.deepEqual(body.orders.map(({ number, events }) => [number, events.map((each) => each.kind)]), [[paid.number, ['created', 'paid']]]);
});

test('a request to be erased is seen by the administrator with a masked number, and can be taken back', async () => {
  const asked = await client.put('/account/erasure', undefined, { expect: 200 });
  assert.match(asked.body.erasure_asked_at, /^2026-11-23T/);
  await client.put('/account/erasure', undefined, { expect: 200 });
  const { body } = await office.admin.get('/admin/erasures', { expect: 200 });
  assert.deepEqual(body.erasures.map(({ mobile, applications }) => [mobile, applications]), [['138****6001', 1]]);
  await office.reviewer1.get('/admin/erasures', { expect: 403 });
  assert.equal((await client.delete('/account/erasure', { expect: 200 })).body.erasure_asked_at, null);
  assert.deepEqual((await office.admin.get('/admin/erasures', { expect: 200 })).body.erasures, []);
});

test('staff carry it out once nothing is under way: signed out, and of nobody any more', async () => {
  const person = new Client(deployment, 'haidian');
  const { id } = await candidate.apply(person, 61, '13800006004');
  await person.put('/account/erasure', undefined, { expect: 200 });
  const [{ account_id: account }] = (await office.admin.get('/admin/erasures', { expect: 200 })).body.erasures;
  const early = await office.admin.post(`/admin/erasures/${account}`, undefined, { expect: 409 });
  assert.equal(early.body.code, 'erasure.live');
  await person.post(`/applications/${id}/withdraw`, undefined, { version: person.version, expect: 200 });
  await office.reviewer1.post(`/admin/erasures/${account}`, undefined, { expect: 403 });
  const { body } = await office.admin.post(`/admin/erasures/${account}`, undefined, { expect: 200 });
  assert.deepEqual([body.erased, body.kept, body.kept_until], [1, 0, null]);
  assert.deepEqual((await office.admin.get('/admin/erasures', { expect: 200 })).body.erasures, []);
  await person.get('/account', { expect: 401 });
  await new Client(deployment, 'haidian').post('/sessions', { mobile: '13800006004', password: 'placeholder-password-1' }, { expect: 401 });
  const { body: messages } = await office.admin.get('/admin/messages', { expect: 200 });
  assert.ok(messages.messages.every((each) => each.mobile !== '138****6004'));
});

test('a plan says who may apply to it (S14)', async () => {
  const { body } = await client.get(`/plans/${(await candidate.planOf(client)).id}`, { expect: 200 });
  assert.deepEqual(body.identities, ['职工']);
});
