// What the desk can rely on: a lease that reading keeps, and an end for what is found untrue (S10).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import * as candidate from './candidate.mjs';
import { Deployment } from './deployment.mjs';
import { eventually } from './patience.mjs';
import { portrait } from './pictures.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
let deployment, office;
before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  office = await staff.office(deployment, slug);
});
after(() => deployment.end());

async function restartAt(clock) {
  assert.equal(await deployment.stop(), 0);
  await deployment.start({ clock });
}

test('the desk sees the pictures that were handed in, not those that are being prepared', async () => {
  const client = await new Client(deployment, slug).signUp('13800005109');
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.fill(client, 109);
  const portraitAt = async (reviewer, query = '') =>
    reviewer.call('GET', `/review/applications/${client.application}/materials/portrait${query}`);
  assert.equal((await portraitAt(office.reviewer1)).body.code, 'material.not_there');
  await candidate.submit(client);
  const { bytes } = await portraitAt(office.reviewer1);
  await staff.judge(office.reviewer1, client.application, { 'material:portrait': 'OTHER' });
  await staff.decide(office.reviewer1, client.application, 'rejected');
  client.version = (await client.get(`/applications/${client.application}`)).version;
  await candidate.upload(client, 'portrait', portrait({ seed: 9 }));
  assert.deepEqual((await portraitAt(office.reviewer1)).bytes, bytes);
  await candidate.submit(client);
  assert.notDeepEqual((await portraitAt(office.reviewer1)).bytes, bytes);
  assert.deepEqual((await portraitAt(office.reviewer1, '?revision=1')).bytes, bytes);
  for (const revision of ['x', '1x', '-1', '4294967297']) // which none is, and which is not taken for none
    assert.equal((await portraitAt(office.reviewer1, `?revision=${revision}`)).body.code, 'api.query_number');
});

test('a reviewer who reads on keeps the lease, and nobody else does by reading', async () => {
  const client = new Client(deployment, slug);
  await candidate.apply(client, 101, '13800005101');
  const path = `/review/applications/${client.application}`;
  const { reviewer1, reviewer2 } = office;
  const until = async (reviewer) => (await reviewer.get(path, { expect: 200 })).body.lease.until;
  const settled = (before) => eventually('another end of the lease', async () => {
    const now = await until(reviewer2);
    return now !== before && now;
  });
  await reviewer1.post(`${path}/lease`, {}, { expect: 200 });
  const first = await until(reviewer1);

  await restartAt('2026-11-23T09:12:00+08:00');
  assert.equal(await until(reviewer2), first);
  await reviewer1.get(`${path}/materials/portrait`, { expect: 200 });
  const second = await settled(first);
  assert.ok(second > '2026-11-23T09:26:00', second);

  await restartAt('2026-11-23T09:25:00+08:00');
  const { body } = await reviewer1.get(`${path}/notice`, { expect: 200 });
  assert.equal(body.computed, 'undecided');
  const third = await settled(second);
  assert.ok(third > '2026-11-23T09:39:00', third);
  await reviewer1.put(`${path}/items/details`, { outcome: 'pass' }, { expect: 200 });
});

test('what is found untrue is voided for good, and its candidate reads why (S10)', async () => {
  const { reviewer1, cashier, registrar, admin, auditor } = office;
  const client = new Client(deployment, slug);
  await candidate.apply(client, 102, '13800005102');
  await staff.approve(reviewer1, client.application);
  await staff.payOffline(client, cashier, 'R-102');
  const path = `/admin/applications/${client.number}/void`;
  await registrar.post(path, { reason: '经核实工作经历不属实' }, { expect: 403 });
  await admin.post(path, { reason: '假' }, { expect: 422 });
  const { body } = await admin.post(path, { reason: '经核实工作经历不属实' }, { expect: 200 });
  assert.deepEqual([body.state, body.status_text, body.paid], ['voided', '已作废', true]);

  assert.match((await deployment.message(slug, '13800005102', 'voided_paid')).text, /已缴680元不自动退还/);
  const seen = (await client.get(`/applications/${client.application}`, { expect: 200 })).body;
  assert.deepEqual([seen.void_reason, seen.next_action, seen.open_items], ['经核实工作经历不属实', 'none', []]);
  const audited = (await auditor.get(`/audit?subject=${client.application}`, { expect: 200 })).body.rows[0];
  assert.deepEqual([audited.action, audited.detail.from, audited.detail.reason], ['application.voided', 'approved', '经核实工作经历不属实']);
  const restore = { reason: '还是想恢复这份申报' };
  const refused = await registrar.post(`/registrar/applications/${client.number}/restore`, restore, { expect: 409 });
  assert.equal(refused.body.code, 'application.state');
  await admin.post(path, { reason: '经核实工作经历不属实' }, { expect: 409 });
});

test('the desk offers to restore what would be restored, and nothing else', async () => {
  const { reviewer1, registrar } = office;
  const early = new Client(deployment, slug), late = new Client(deployment, slug);
  const restorable = async ({ number }) => (await registrar.get(`/registrar/applications/${number}`, { expect: 200 })).body.restorable;
  const withdraw = async (client) => {
    const { version } = (await client.get(`/applications/${client.application}`, { expect: 200 })).body;
    await client.post(`/applications/${client.application}/withdraw`, undefined, { version, expect: 200 });
  };
  const restore = (client, options) => registrar.post(`/registrar/applications/${client.number}/restore`, { reason: '考生来电说明情况' }, options);
  await candidate.apply(early, 151, '13800005151');
  await candidate.apply(late, 152, '13800005152');
  await withdraw(early);
  await staff.approve(reviewer1, late.application);
  assert.deepEqual([await restorable(early), await restorable(late)], [false, false]);
  assert.equal((await restore(early, { expect: 409 })).body.code, 'deadline.never_approved');
  await withdraw(late);
  assert.equal(await restorable(late), true);
  assert.equal((await restore(late, { expect: 200 })).body.restorable, false);
});

test('the sentence to be copied by hand stands beside its material, and nowhere else (S10)', async () => {
  const client = new Client(deployment, slug);
  await candidate.apply(client, 103, '13800005103');
  const { body } = await office.reviewer1.get(`/review/applications/${client.application}`, { expect: 200 });
  const sentences = Object.fromEntries(body.materials.map(({ id, sentence }) => [id, sentence]));
  assert.equal(sentences.application_form, body.condition.text);
  assert.match(sentences.application_form, /^取得本职业或相关职业二级/);
  for (const [id, sentence] of Object.entries(sentences)) if (id !== 'application_form') assert.equal(sentence, null, id);
  assert.deepEqual(body.plan.fields, []);
});

test('nobody judges a revision that he has not seen (S15)', async () => {
  const client = new Client(deployment, slug);
  await candidate.apply(client, 104, '13800005104');
  const path = `/review/applications/${client.application}`;
  const { reviewer1 } = office;
  await reviewer1.post(`${path}/lease`, {}, { expect: 200 });
  await reviewer1.put(`${path}/items/details`, { outcome: 'pass', revision: 1 }, { expect: 200 });
  await candidate.topic(client, 'details', { ...candidate.details(104), employer: '示例物流有限公司' });
  const { body } = await reviewer1.put(`${path}/items/work`, { outcome: 'pass', revision: 1 }, { expect: 412 });
  assert.deepEqual([body.code, body.params.yours, body.params.current], ['review.revised', '1', '2']);
  const seen = (await reviewer1.get(path, { expect: 200 })).body;
  assert.equal(seen.items.find(({ item }) => item === 'details').outcome, null);
  await reviewer1.put(`${path}/items/work`, { outcome: 'pass', revision: seen.revision }, { expect: 200 });
});

test('the queue counts what waits, what is overdue, and what is on one\'s own desk', async () => {
  const { reviewer1, reviewer2 } = office;
  const counts = async (reviewer, query = '') => (await reviewer.get(`/review/applications${query}`, { expect: 200 })).body.counts;
  const before = await counts(reviewer2);
  const client = new Client(deployment, slug);
  await candidate.apply(client, 105, '13800005105');
  await reviewer2.post(`/review/applications/${client.application}/lease`, {}, { expect: 200 });
  const after = await counts(reviewer2, '?holder=nobody');
  assert.deepEqual(after, { ...before, waiting: before.waiting + 1, mine: before.mine + 1 });
  assert.equal((await counts(reviewer1)).waiting, after.waiting);
  const first = (await reviewer2.get('/review/applications?limit=1', { expect: 200 })).body;
  assert.equal(await counts(reviewer2, `?limit=1&cursor=${encodeURIComponent(first.next)}`), null);
});

test('the queue is narrowed by level and state, and only by such as there are', async () => {
  const queue = (query, expect = 200) => office.reviewer1.get(`/review/applications?${query}`, { expect });
  assert.ok((await queue('level=1')).body.applications.length > 0);
  assert.deepEqual((await queue('level=2')).body.applications, []);
  for (const [query, pointer, code] of [['level=6', '/level', 'page.choice'], ['level=0', '/level', 'page.choice'],
    ['level=11', '/level', 'page.choice'], ['state=lost', '/state', 'page.choice']]) {
    const { errors } = (await queue(query, 422)).body;
    assert.deepEqual(errors.map((each) => [each.pointer, each.code]), [[pointer, code]], query);
  }
});

test('the desk reads of an application what its candidate reads, and nothing of what was filled in', async () => {
  const { reviewer1, registrar, admin, cashier, auditor } = office;
  const client = new Client(deployment, slug);
  await candidate.apply(client, 153, '13800005153');
  await staff.judge(reviewer1, client.application, { 'material:portrait': 'OTHER' });
  await staff.decide(reviewer1, client.application, 'rejected');
  const own = (await client.get(`/applications/${client.application}`, { expect: 200 })).body;
  const path = `/admin/applications/${client.number}`;
  const { body } = await registrar.get(path, { expect: 200 });
  for (const member of ['status_text', 'decisions', 'timeline', 'payment', 'papers', 'submit_until']) assert.deepEqual(body[member], own[member], member);
  const [refused] = body.decisions[0].items.filter(({ outcome }) => outcome === 'fail');
  assert.deepEqual([refused.item, refused.reasons], ['material:portrait', ['OTHER']]);
  assert.ok(body.materials.some(({ id, name }) => id === 'portrait' && name.length > 0));
  assert.equal(body.mobile, '138****0000');
  const { mobile, id_number: idNumber, employer } = own.form.details;
  for (const secret of [mobile, idNumber, employer]) assert.ok(!JSON.stringify(body).includes(secret), secret);
  assert.deepEqual((await admin.get(path, { expect: 200 })).body, body);
  for (const other of [cashier, reviewer1, auditor, client]) await other.get(path, { expect: 403 });
  await admin.get('/admin/applications/000000000000', { expect: 404 });
});
