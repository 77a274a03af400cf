// A candidate's application up to handing in: S3 to S8, S11 to S15, and what bad input is told.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { Deployment } from './deployment.mjs';
import * as candidate from './candidate.mjs';
import { eventually } from './patience.mjs';
import { head, portrait, scan } from './pictures.mjs';
import * as staff from './staff.mjs';

let deployment;
let order = 100;
const mobile = () => `1380000${String(++order).padStart(4, '0')}`;

before(async () => {
  deployment = await (await Deployment.make()).start();
});
after(async () => {
  assert.equal(await deployment.stop(), 0);
  deployment.remove();
});

async function drafted(slug = 'haidian', occupation = '供应链管理师') {
  const client = await new Client(deployment, slug).signUp(mobile());
  await candidate.draft(client, await candidate.planOf(client, occupation));
  return client;
}

const codes = (answer) => answer.body.errors.map((fault) => `${fault.pointer} ${fault.code}`);

test('S12: plans are listed by occupation and level, and one draft is kept for each plan', async () => {
  const client = await drafted();
  const plan = await candidate.planOf(client);
  const { body } = await client.get(`/plans?occupation=${plan.occupation_code}&level=1`, { expect: 200 });
  assert.deepEqual(body.plans.map((each) => each.occupation_name), ['供应链管理师']);
  const again = await client.post('/applications', { plan_id: plan.id }, { expect: 200 });
  assert.equal(again.body.id, client.application);
});

test('S13: every wrong place of the details is named by its pointer, and nothing is kept', async () => {
  const client = await drafted();
  const wrong = { ...candidate.details(++order), id_number: '110108199003071230', mobile: '12345678901' };
  const answer = await candidate.topic(client, 'details', wrong, { expect: 422 });
  assert.deepEqual(codes(answer), ['/id_number identity.checksum', '/mobile identity.mobile']);
  delete wrong.ethnicity;
  const missing = await candidate.topic(client, 'details', wrong, { expect: 422 });
  assert.deepEqual(codes(missing), ['/id_number identity.checksum', '/ethnicity schema.required', '/mobile identity.mobile']);
  const { body } = await client.get(`/applications/${client.application}`);
  assert.deepEqual(body.form, {});
});

test('a name with a glyph that the embedded fonts lack is found when it is typed', async () => {
  const client = await drafted();
  const rare = await candidate.topic(client, 'details', candidate.details(++order, '张\u{10fffd}'), { expect: 422 });
  assert.deepEqual(codes(rare), ['/name document.glyph_missing']);
  await candidate.topic(client, 'details', candidate.details(order, '张㑇'), { expect: 200 });
});

test('the same ID number applies once to a plan, and one that is only typed keeps nobody out', async () => {
  const number = ++order;
  const stranger = await drafted();
  await candidate.fill(stranger, number);
  const first = await drafted();
  await candidate.fill(first, number);
  await candidate.submit(first);
  const second = await drafted();
  const answer = await candidate.topic(second, 'details', candidate.details(number), { expect: 422 });
  assert.deepEqual(codes(answer), ['/id_number application.duplicate']);
  const preview = await stranger.get(`/applications/${stranger.application}/preview`, { expect: 200 });
  assert.deepEqual(preview.body.missing.map(({ pointer }) => pointer), ['/details/id_number']);
  const late = await candidate.submit(stranger, { expect: 422 });
  assert.deepEqual(codes(late), ['/details/id_number application.duplicate']);
});

test('a passport is one document however it is typed, and its owner is old enough', async () => {
  const passport = (number, birth = '1990-03-07') => ({
    ...candidate.details(++order), id_type: '护照', id_number: number, gender: '女', birth,
  });
  const first = await drafted();
  const young = await candidate.topic(first, 'details', passport('G1234567', '2015-01-01'), { expect: 422 });
  assert.deepEqual(codes(young), ['/birth identity.too_young']);
  await candidate.fill(first, order);
  await candidate.topic(first, 'details', passport('G1234567'));
  await candidate.submit(first);
  const second = await drafted();
  const again = await candidate.topic(second, 'details', passport('g 123-4567'), { expect: 422 });
  assert.deepEqual(codes(again), ['/id_number application.duplicate']);
});

test('dates that cannot be are refused where they are typed, or before handing in where two topics disagree', async () => {
  const client = await drafted();
  const later = { ...candidate.certificate(), titles: [{ rank: 'senior', issued: '2099-01-01', matching: true }] };
  const refused = await candidate.topic(client, 'certificates', later, { expect: 422 });
  assert.deepEqual(codes(refused), ['/titles/0/issued eligibility.date_future']);
  assert.match(refused.body.errors[0].detail, /^2099年1月1日 晚于申报日 2026年11月23日，/); // as days are written elsewhere
  await candidate.fill(client, ++order, { history: { work: [candidate.period('1985-01', null)] } });
  const { body } = await client.get(`/applications/${client.application}/preview`, { expect: 200 });
  assert.deepEqual(body.missing.map((fault) => `${fault.pointer} ${fault.code}`), ['/work/0/from eligibility.before_birth']);
  assert.deepEqual(codes(await candidate.submit(client, { expect: 422 })), ['/work/0/from eligibility.before_birth']);
});

test('a stale version is refused with both versions, and none at all with 428', async () => {
  const client = await drafted();
  const stale = client.version;
  await candidate.topic(client, 'identity', { identity: '职工' });
  const answer = await client.put(`/applications/${client.application}/identity`, { identity: '职工' }, { version: stale, expect: 412 });
  assert.deepEqual(answer.body.params, { yours: String(stale), current: String(client.version) });
  await client.put(`/applications/${client.application}/identity`, { identity: '职工' }, { expect: 428 });
});

test('S14: the plan takes everyone as 职工', async () => {
  const client = await drafted();
  const answer = await candidate.topic(client, 'identity', { identity: '学生' }, { expect: 422 });
  assert.deepEqual(codes(answer), ['/identity application.identity']);
});

test('S4: an occupation that is neither the plan\'s nor on the list is refused where it is typed, naming the list', async () => {
  const client = await drafted();
  const rows = [
    candidate.period('2020-01', '2021-01', '仓储员', 'same'),
    candidate.period('2021-01', '2022-01', '养蜂员', 'related'),
    candidate.period('2022-01', null, '采购员', 'related'),
  ];
  const answer = await candidate.topic(client, 'work', { work: rows }, { expect: 422 });
  assert.deepEqual(answer.body.errors.map((fault) => fault.pointer), ['/work/0/occupation', '/work/1/occupation']);
  assert.match(answer.body.errors[1].detail, /仓储员/);
  rows[0].relation = 'related';
  Object.assign(rows[1], { consider: true, argument: '工作内容与仓储管理相同' });
  await candidate.topic(client, 'work', { work: rows }, { expect: 200 });
});

test('S3: 电子商务师 is refused as related in haidian, with the reason, and may be considered in shijingshan', async () => {
  const facts = {
    certificates: [{ occupation: '电子商务师', level: 2, issued: '2018-01-01' }],
    work: [{ from: '2018-02', to: null, employer: '示例公司', occupation: '采购员', relation: 'related' }],
  };
  const verdict = async (slug) => {
    const client = new Client(deployment, slug);
    const plan = await candidate.planOf(client);
    const body = structuredClone(facts);
    if (slug === 'shijingshan') Object.assign(body.certificates[0], { consider: true, argument: '岗位内容相近' });
    return (await client.post('/eligibility', { plan_id: plan.id, condition: '1-1', facts: body }, { expect: 200 })).body;
  };
  const haidian = await verdict('haidian');
  assert.equal(haidian.outcome, 'not_met');
  assert.match(JSON.stringify(haidian.trace), /海淀区鉴定中心意见/);
  const shijingshan = await verdict('shijingshan');
  assert.equal(shijingshan.outcome, 'review');
  assert.doesNotMatch(JSON.stringify(shijingshan.trace), /海淀/);
});

test('S1: a verdict says what is short and from which day it would be met', async () => {
  const client = new Client(deployment, 'shijingshan');
  const plan = await candidate.planOf(client);
  const facts = {
    ...candidate.certificate('2022-07-01'),
    work: [{ from: '2022-07', to: null, employer: '示例公司', occupation: '供应链管理师', relation: 'same' }],
  };
  for (const certificate of facts.certificates) delete certificate.number;
  const { body } = await client.post('/eligibility', { plan_id: plan.id, condition: '1-1', facts }, { expect: 200 });
  assert.equal(body.outcome, 'not_met');
  assert.equal(body.eligible_from, '2027-06-30');
});

test('S7: materials follow from the condition, which is chosen first', async () => {
  const client = await drafted();
  const early = await candidate.upload(client, 'portrait', portrait(), { expect: 409 });
  assert.equal(early.body.code, 'material.condition_first');
  const { body } = await candidate.topic(client, 'condition', { condition: '1-1' });
  assert.deepEqual(body.materials.map((each) => each.id).sort(),
    ['application_form', 'certificate', 'id_card_back', 'id_card_front', 'portrait', 'work_pledge']);
  await candidate.upload(client, 'diploma', scan(), { expect: 404 });
});

test('S8: what a machine can tell of a portrait is told at once, each check with its value and limit', async () => {
  const client = await drafted();
  await candidate.topic(client, 'condition', { condition: '1-1' });
  const told = async (picture) => (await candidate.upload(client, 'portrait', picture, { expect: 422 })).body;
  const blue = await told(portrait({ background: [60, 120, 220] }));
  assert.ok(blue.errors.some((fault) => fault.params.limit), JSON.stringify(blue));
  const wide = await told(portrait({ width: 600, height: 578, quality: 80 }));
  assert.ok(wide.errors.length > 0);
  const text = await told(Buffer.from('this is not a picture'.repeat(3000)));
  assert.ok(text.errors.length > 0);
  const cut = await told(portrait().subarray(0, 45000));
  assert.ok(cut.errors.length > 0);
  const good = await candidate.upload(client, 'portrait', portrait(), { expect: 200 });
  assert.ok(good.body.checks.length >= 5 && good.body.checks.every((check) => check.passed));
  const file = await client.get(`/applications/${client.application}/materials/portrait`, { expect: 200 });
  assert.equal(file.headers.get('content-type'), 'image/jpeg');
});

test('a picture of more than fifty megapixels is refused by its head, with what to do', async () => {
  const client = await drafted();
  await candidate.topic(client, 'condition', { condition: '1-1' });
  const told = async (language) => {
    client.language = language;
    const { errors } = (await candidate.upload(client, 'certificate', head(10000, 6000), { expect: 422 })).body;
    assert.deepEqual(errors.map(({ code }) => code), ['picture.pixels']);
    return errors[0].detail;
  };
  assert.match(await told('zh-CN'), /^图片有 60000000 像素，最多 ≤?50000000。请调低相机的照片大小后重拍/);
  assert.match(await told('en'), /^The picture has 60000000 pixels; ≤?50000000 are allowed\. Choose a smaller size/);
});

test('S9: the templates come as one ZIP of PDFs', async () => {
  const client = await drafted();
  await candidate.topic(client, 'condition', { condition: '1-1' });
  const answer = await client.get(`/applications/${client.application}/templates`, { expect: 200 });
  assert.equal(answer.bytes.subarray(0, 2).toString(), 'PK');
  assert.match(answer.headers.get('content-disposition'), /templates\.zip/);
});

test('an incomplete application is refused with everything that is missing', async () => {
  const client = await drafted();
  const bare = await candidate.submit(client, { expect: 422 });
  assert.deepEqual(bare.body.errors.map((fault) => fault.pointer), ['/details', '/identity', '/condition']);
  await candidate.topic(client, 'condition', { condition: '1-1' });
  const more = await candidate.submit(client, { expect: 422 });
  assert.ok(more.body.errors.some((fault) => fault.pointer === '/materials/portrait'));
  assert.ok(more.body.errors.some((fault) => fault.pointer === '/work'));
});

test('five years that are not full are refused with the first day that would do', async () => {
  const client = await drafted();
  await candidate.fill(client, ++order, { facts: candidate.certificate('2022-07-01'), history: { work: [candidate.period('2022-07', null)] } });
  const answer = await candidate.submit(client, { expect: 422 });
  assert.equal(answer.body.code, 'eligibility.not_met');
  assert.equal(answer.body.params.eligible_from, '2027-06-30');
});

test('S15: what waits for review can be corrected: a new revision, and it stays complete', async () => {
  const client = new Client(deployment, 'haidian');
  await candidate.apply(client, ++order, mobile());
  await candidate.topic(client, 'details', candidate.details(order, '王五'));
  const { body } = await client.get(`/applications/${client.application}`, { expect: 200 });
  assert.equal(body.revision, 2);
  assert.equal(body.state, 'reviewing');
  assert.equal(body.due_at, '2026-11-26T00:00:00.000+08:00');
  await deployment.message('haidian', client.mobile, 'submitted');
});

test('S16: what failed and was not changed is still failed when it is handed in again', async () => {
  const client = new Client(deployment, 'haidian');
  await candidate.apply(client, ++order, mobile());
  const reviewer = await new Client(deployment, 'haidian').accept('reviewer2');
  await staff.judge(reviewer, client.application, { 'material:portrait': 'OTHER', 'material:id_card_front': 'OTHER' });
  await staff.decide(reviewer, client.application, 'rejected');
  client.version = (await client.get(`/applications/${client.application}`)).version;
  await candidate.upload(client, 'portrait', portrait({ seed: 5 }));
  await candidate.submit(client);
  const { body } = await reviewer.get(`/review/applications/${client.application}`, { expect: 200 });
  const outcome = Object.fromEntries(body.items.map((item) => [item.item, item.outcome]));
  assert.equal(outcome['material:portrait'], null);
  assert.equal(outcome['material:id_card_front'], 'fail');
});

test('a withdrawn application opens again as a draft with everything in it', async () => {
  const client = new Client(deployment, 'haidian');
  await candidate.apply(client, ++order, mobile());
  const gone = await client.post(`/applications/${client.application}/withdraw`, undefined, { version: client.version, expect: 200 });
  assert.equal(gone.body.state, 'withdrawn');
  await deployment.message('haidian', client.mobile, 'withdrawn');
  const again = await client.post('/applications', { plan_id: gone.body.plan_id }, { expect: 200 });
  assert.equal(again.body.state, 'draft');
  client.version = again.version;
  await candidate.submit(client);
});

test('an Idempotency-Key gives the same answer twice and refuses another request', async () => {
  const client = await new Client(deployment, 'haidian').signUp(mobile());
  const plan = await candidate.planOf(client);
  const headers = { 'idempotency-key': 'one' };
  const first = await client.post('/applications', { plan_id: plan.id }, { headers, expect: 201 });
  const second = await client.post('/applications', { plan_id: plan.id }, { headers, expect: 201 });
  assert.deepEqual(second.body, first.body);
  for (const header of ['etag', 'location']) assert.equal(second.headers.get(header), first.headers.get(header));
  const other = await candidate.planOf(client, '电子商务师');
  await client.post('/applications', { plan_id: other.id }, { headers, expect: 409 });
});

test('an answer kept for its Idempotency-Key is sealed like the form that it shows', async () => {
  const client = await drafted();
  await candidate.topic(client, 'details', { ...candidate.details(++order), employer: '封存示例有限公司' });
  const plan = await candidate.planOf(client);
  const headers = { 'idempotency-key': 'two' };
  for (let times = 0; times < 2; times++) {
    const { body } = await client.post('/applications', { plan_id: plan.id }, { headers, expect: 200 });
    assert.equal(body.form.details.employer, '封存示例有限公司');
  }
  const folder = join(deployment.data, 'tenants', 'haidian');
  for (const file of readdirSync(folder).filter((name) => name.startsWith('tenant.db')))
    assert.ok(!readFileSync(join(folder, file)).includes('封存示例有限公司'), file);
});

test('what is only spaces is missing, and spaces around are taken off', async () => {
  const client = await drafted();
  const blank = await candidate.topic(client, 'details', { ...candidate.details(++order), name: '  ', address: '\u3000 \u3000 \u3000' }, { expect: 422 });
  assert.deepEqual(codes(blank), ['/name schema.minLength', '/address schema.minLength']);
  const lines = await candidate.topic(client, 'details', { ...candidate.details(order), employer: '示例\n公司' }, { expect: 422 });
  assert.deepEqual(codes(lines), ['/employer application.one_line']);
  const { body } = await candidate.topic(client, 'details', { ...candidate.details(order), name: ' 张三\u3000', employer: '无' });
  assert.equal(body.form.details.name, '张三');
  assert.equal(body.form.details.employer, '无');
});

test('problems are told in English to those who ask for it', async () => {
  const client = new Client(deployment, 'haidian', { language: 'en' });
  const { body } = await client.get('/applications', { expect: 401 });
  assert.equal(body.detail, 'Sign in first.');
});

test('a file that was replaced before anybody looked at it is freed within hours; what a revision holds stays', async () => {
  const client = await drafted();
  await candidate.topic(client, 'condition', { condition: '1-1' });
  await candidate.upload(client, 'portrait', portrait({ seed: 1 }));
  await candidate.upload(client, 'portrait', portrait({ seed: 2 }));
  const kept = new Client(deployment, 'haidian');
  await candidate.apply(kept, ++order, mobile());
  await candidate.upload(kept, 'portrait', portrait({ seed: 3 }));
  assert.equal(await deployment.stop(), 0);
  await deployment.start({ clock: '2026-11-23T12:00:00+08:00' });
  await eventually('files.freed in the log', () => deployment.log.includes('"files.freed"'));
  const freed = deployment.log.split('\n').filter((line) => line.includes('"files.freed"')).map(JSON.parse);
  assert.deepEqual(freed.map((line) => [line.tenant, line.count]), [['haidian', '1']]);
  for (const each of [client, kept]) {
    await each.signIn();
    await each.get(`/applications/${each.application}/materials/portrait`, { expect: 200 });
  }
  const reviewer = await new Client(deployment, 'haidian').accept('reviewer1');
  for (const revision of [1, 2])
    await reviewer.get(`/review/applications/${kept.application}/materials/portrait?revision=${revision}`, { expect: 200 });
});

test('a picture is taken back by its owner, of the version that was seen', async () => {
  const client = await drafted();
  await candidate.topic(client, 'condition', { condition: '1-1' });
  await candidate.upload(client, 'portrait', portrait({ seed: 4 }));
  const path = `/applications/${client.application}/materials/portrait`;
  await client.delete(path, { expect: 428 });
  await client.delete(path, { version: client.version - 1, expect: 412 });
  const { body, version } = await client.delete(path, { version: client.version, expect: 200 });
  assert.equal(body.materials.find((each) => each.id === 'portrait').file, undefined);
  await client.get(path, { expect: 404 });
  assert.equal((await client.delete(path, { version, expect: 404 })).body.code, 'material.not_there');
});

test('when the plan takes no changes any more nothing is shown as open', async () => {
  const client = new Client(deployment, 'haidian');
  await candidate.apply(client, ++order, mobile());
  const path = `/applications/${client.application}`;
  assert.ok((await client.get(path, { expect: 200 })).body.open_items.length > 0);
  assert.equal(await deployment.stop(), 0);
  await deployment.start({ clock: '2026-12-15T17:00:00+08:00' });
  await client.signIn();
  assert.deepEqual((await client.get(path, { expect: 200 })).body.open_items, []);
});

// A machine that comes too late to see the draft before its moment begins earlier the next time.
test('a draft expires when its moment comes, while the server runs', async () => {
  for (const ahead of [3e3, 15e3, 75e3, 375e3]) {
    assert.equal(await deployment.stop(), 0);
    await deployment.start();
    const client = await drafted();
    assert.equal(await deployment.stop(), 0);
    await deployment.start({ clock: new Date(Date.parse('2026-12-15T17:00:00+08:00') - ahead).toISOString() });
    await client.signIn();
    const state = async () => (await client.get(`/applications/${client.application}`, { expect: 200 })).body.state;
    if (await state() !== 'draft') continue;
    await eventually('its end', async () => await state() === 'expired', { every: 100, within: ahead + 600e3 });
    return;
  }
  assert.fail('it was never a draft');
});

test('whoever asks too often whether he can apply is told when to ask again', async () => {
  const client = new Client(deployment, 'shijingshan');
  const plan = await candidate.planOf(client);
  const facts = { ...candidate.certificate('2022-07-01'), work: [] };
  for (const certificate of facts.certificates) delete certificate.number;
  for (let asked = 0; asked < 600; asked++) {
    const { status, headers, body } = await client.post('/eligibility', { plan_id: plan.id, condition: '1-1', facts });
    if (status === 200) continue;
    assert.deepEqual([status, body.code], [429, 'api.too_often']);
    assert.ok(asked >= 60 && Number(headers.get('retry-after')) >= 1, `${asked}: ${headers.get('retry-after')}`);
    await client.get('/plans', { expect: 200 });
    return;
  }
  assert.fail('it was never told');
});
