// Levels and conditions other than 一级's: a plan that follows an older generation of the rules, and facts that only some
// conditions ask for (trainings, titles, diplomas, students), from typing them to the reviewer's screen and the printed form.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { Deployment, kaowu, root } from './deployment.mjs';
import * as candidate from './candidate.mjs';
import { portrait, scan } from './pictures.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kaowu-centre-'));
const example = (name) => JSON.parse(readFileSync(join(root, 'tenants', 'shijingshan', name), 'utf8'));
let deployment;
let order = 300;

// A plan like the example, for another level and under other rules.
function plan(code, level, { occupation_code = '4-01-06-01', ...more } = {}) {
  const document = { ...example('plans/2026-ecs-1.json'), code, filing_no: code, name: `示例计划 ${code}`, occupation_code, level, ...more };
  if (level > 2) document.exam.subjects.pop();
  return document;
}

function centre(slug, plans) {
  mkdirSync(join(folder, slug, 'plans'), { recursive: true });
  writeFileSync(join(folder, slug, 'tenant.json'), JSON.stringify({ ...example('tenant.json'), slug, hosts: [] }));
  for (const each of plans) writeFileSync(join(folder, slug, 'plans', `${each.code}.json`), JSON.stringify(each));
  return join(folder, slug);
}

before(async () => {
  deployment = await Deployment.make({ tenants: [], plugins: /^(e-commerce-specialist_level_[25]|supply-chain-manager_level_3)\.so$/ });
  kaowu(['tenant', 'add', 'centre', '--data', deployment.data]);
  deployment.apply('centre', centre('centre', [
    plan('old-5', 5, { condition_set: 'gc2018', work_type: '网商' }),
    plan('new-2', 2, { identities: ['职工', '学生'] }),
  ]));
  await deployment.start();
});
after(async () => {
  assert.equal(await deployment.stop(), 0);
  deployment.remove();
  rmSync(folder, { recursive: true });
});

async function drafted(code, condition) {
  const client = await new Client(deployment, 'centre').signUp(`1380000${String(++order).padStart(4, '0')}`);
  const { body } = await client.get('/plans', { expect: 200 });
  await candidate.draft(client, body.plans.find((each) => each.code === code));
  await candidate.topic(client, 'details', candidate.details(order));
  await candidate.topic(client, 'identity', { identity: '职工' });
  client.asked = (await candidate.topic(client, 'condition', { condition })).body.materials;
  return client;
}

const preview = async (client) => (await client.get(`/applications/${client.application}/preview`, { expect: 200 })).body;
const codes = (faults) => faults.map((fault) => `${fault.pointer} ${fault.code}`);
const missing = async (client) => codes((await preview(client)).missing).filter((each) => !each.startsWith('/materials/'));
const outcome = async (client) => (await preview(client)).verdict.outcome;

function refused(plans) {
  try {
    kaowu(['tenant', 'apply', centre('centre', plans), '--data', deployment.data], { stdio: 'pipe' });
  } catch ({ status, stderr }) {
    assert.equal(status, 1);
    return stderr;
  }
  return assert.fail('it was taken');
}

test('S22: a plan names a generation of the conditions, and shows nothing of another', async () => {
  const { body } = await new Client(deployment, 'centre').get('/plans', { expect: 200 });
  const plans = await Promise.all(body.plans.map(async ({ id }) =>
    (await new Client(deployment, 'centre').get(`/plans/${id}`, { expect: 200 })).body));
  const [old, current] = ['old-5', 'new-2'].map((code) => plans.find((each) => each.code === code));
  assert.equal(old.condition_set, 'gc2018');
  assert.deepEqual(old.conditions.map(({ id }) => id), ['2018-5-1', '2018-5-2']);
  assert.deepEqual(old.materials.map(({ id }) => id),
    ['id_card_front', 'id_card_back', 'portrait', 'application_form', 'work_proof', 'apprenticeship']);
  assert.equal(old.work_type, '网商');
  assert.equal(current.condition_set, 'gc2023');
  assert.deepEqual(current.conditions.map(({ id }) => id), ['2-1', '2-2', '2-3', '2-4', '2-5']);
  assert.deepEqual(current.work_types, ['网商', '跨境电子商务师']);
});

test('a plan that names what its plugin lacks is told what there is', () => {
  const older = plan('scm-3', 3, { occupation_code: '4-02-06-05', condition_set: 'gc2018' });
  assert.match(refused([older]), /\/condition_set: The plugin has no conditions of gc2018: use what it has: gc2023\./);
  const typed = plan('scm-3', 3, { occupation_code: '4-02-06-05', work_type: '网商' });
  assert.match(refused([typed]), /\/work_type: .* has no work types/);
  rmSync(join(folder, 'centre', 'plans', 'scm-3.json'));
  assert.match(refused([plan('old-5', 5, { work_type: '选品员' })]), /\/work_type: .*网商、跨境电子商务师/);
});

test('an apprenticeship is typed, judged, handed in, seen by the reviewer, and asked for on paper', async () => {
  const client = await drafted('old-5', '2018-5-2');
  assert.deepEqual(await missing(client), ['/trainings application.missing']);
  const training = { kind: 'apprenticeship', occupation: '电子商务师', completed: '2020-07-01', provider: '示例商贸有限公司' };
  const put = (changes, options) =>
    candidate.topic(client, 'certificates', { certificates: [], trainings: [{ ...training, ...changes }] }, options);
  for (const [changes, fault] of [
    [{ completed: '2027-01-01' }, '/trainings/0/completed eligibility.date_future'],
    [{ completed: '2020-02-30' }, '/trainings/0/completed schema.format.date'],
    [{ kind: 'hearsay' }, '/trainings/0/kind schema.enum'],
    [{ kind: 'course', level: 5 }, '/trainings/0/hours schema.required'],
    [{ provider: '张\u{10fffd}' }, '/trainings/0/provider document.glyph_missing'],
  ]) assert.deepEqual(codes((await put(changes, { expect: 422 })).body.errors), [fault]);

  await put({ occupation: '供应链管理师' });
  assert.equal(await outcome(client), 'not_met');
  await put({});
  const { verdict } = await preview(client);
  assert.equal(verdict.outcome, 'met');
  assert.deepEqual(verdict.trace.map(({ kind, used, eligible_from }) => [kind, used, eligible_from]),
    [['training', ['/trainings/0'], '2020-07-01']]);

  for (const { id, kind } of client.asked)
    await candidate.upload(client, id, kind === 'portrait' ? portrait() : scan({ seed: order }));
  assert.equal((await candidate.submit(client)).body.state, 'reviewing');
  const reviewer = await new Client(deployment, 'centre').accept('reviewer1');
  const { body } = await reviewer.get(`/review/applications/${client.application}`, { expect: 200 });
  assert.deepEqual(body.form.trainings, [training]);
  assert.equal(body.verdict.outcome, 'met');
});

test('two counts are asked for at once, and each is told by itself', async () => {
  const client = await drafted('new-2', '2-2');
  assert.deepEqual(await missing(client),
    ['/certificates application.missing', '/work application.missing', '/titles application.missing']);
  const facts = {
    certificates: [{ occupation: '互联网营销师', level: 3, issued: '2026-01-01', number: 'S000011000001263000001' }],
    titles: [{ rank: 'junior', issued: '2015-01-01', matching: true, name: '助理经济师', number: 'BJ0001' }],
  };
  await candidate.topic(client, 'certificates', facts);
  await candidate.topic(client, 'work', { work: [candidate.period('2012-01', null, '电子商务师')] });
  const { verdict } = await preview(client);
  assert.equal(verdict.outcome, 'not_met');
  assert.equal(verdict.eligible_from, '2026-12-31');
  assert.deepEqual(verdict.trace.map((each) => `${each.kind} ${each.outcome}`),
    ['title met', 'work met', 'certificate met', 'work not_met']);
  facts.certificates[0].issued = '2025-01-01';
  await candidate.topic(client, 'certificates', facts);
  assert.equal(await outcome(client), 'met');
});

test('a student is one as long as he has not graduated', async () => {
  const client = await drafted('new-2', '2-5');
  const put = (diploma, options) => candidate.topic(client, 'certificates', {
    certificates: [{ occupation: '电子商务师', level: 3, issued: '2024-11-23', number: 'S000011000001243000001' }],
    diplomas: [{ kind: 'technician_college', school: '示例技师学院', major: '烹饪', major_scope: 'unrelated', graduated: null, ...diploma }],
  }, options);
  assert.deepEqual(codes((await put({ graduated: '2026-07-01', final_year: true }, { expect: 422 })).body.errors),
    ['/diplomas/0/final_year eligibility.graduate_final_year']);
  await put({ graduated: '2026-07-01' });
  assert.equal(await outcome(client), 'not_met');
  await put({});
  assert.equal(await outcome(client), 'met');
  assert.deepEqual(await missing(client), []);
});

test('the office can check in as many papers as a plugin may ask for', () => {
  const schema = (name) => JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8'));
  assert.equal(schema('openapi.json').components.schemas.Receipt.properties.items.maxItems,
    schema('plugin-manifest.schema.json').properties.materials.maxItems);
});
