// A plugin's own fields and its own function (S22): what it asks for is filled in, kept sealed, judged by it outside of any
// transaction, and shown in the trace; one that fails refuses nobody.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { kaowu } from './deployment.mjs';
import { deploymentWith, filled, listed, planFor } from './plugin_plans.mjs';
import * as staff from './staff.mjs';

let deployment, own, reviewer;
before(async () => {
  deployment = await deploymentWith(
    ['checks_form', 'crash_in_function', 'hang_in_function', 'changes_answer', 'later_crash_at_load'],
    ['sealer.1', 'crasher.1', 'hanger.1', 'waverer.1', 'later-crasher.1']);
  await deployment.start();
});
after(() => deployment.end());

const view = async (client) => (await client.get(`/applications/${client.application}`, { expect: 200 })).body;
const preview = async (client) => (await client.get(`/applications/${client.application}/preview`, { expect: 200 })).body;
const fields = (client, values, options) => candidate.topic(client, 'fields', { fields: values }, options);
const plugins = (verdict) => verdict.trace.filter((entry) => entry.kind === 'plugin');

test('the plan says what its plugin asks for, and handing in without it tells so by place', async () => {
  own = await filled(deployment, 1, 'sealer.1');
  const { body: plan } = await own.get(`/plans/${(await planFor(own, 'sealer.1')).id}`, { expect: 200 });
  assert.deepEqual(plan.fields.map(({ id, kind, required }) => [id, kind, required]),
    [['seal', 'line', true], ['count', 'number', false], ['since', 'date', false], ['side', 'choice', false]]);
  assert.ok((await view(own)).open_items.includes('fields'));
  const seen = await preview(own);
  assert.deepEqual(seen.missing.map(({ pointer, code }) => [pointer, code]), [['/fields/seal', 'application.missing']]);
  assert.deepEqual(plugins(seen.verdict), [], 'a form that is not complete is not shown to the plugin');
  const { body } = await candidate.submit(own, { expect: 422 });
  assert.deepEqual(body.errors.map(({ pointer }) => pointer), ['/fields/seal']);
});

test('what the manifest does not allow is refused where it is typed', async () => {
  const wrong = { count: 'drei', since: '2026-02-30', side: '南片', salary: '1' };
  const { body } = await fields(own, wrong, { expect: 422 });
  assert.deepEqual(Object.fromEntries(body.errors.map(({ pointer, code }) => [pointer, code])), {
    '/fields/seal': 'application.missing', '/fields/count': 'field.number', '/fields/since': 'field.date',
    '/fields/side': 'field.choice', '/fields/salary': 'field.unknown',
  });
  assert.match(body.errors.find(({ pointer }) => pointer === '/fields/side').detail, /东片、西片/);
  for (const count of ['1.', '.5', '--1', '1e3', '1234567890123', '1.1234567', '1 2', '１二'])
    await fields(own, { seal: '2026-1', count }, { expect: 422 });
  await fields(own, { seal: '一行\n两行' }, { expect: 422 });
  await fields(own, { seal: 7 }, { expect: 422 });
  assert.equal((await view(own)).form.fields, undefined);
});

test('what the plugin refuses is told at its field, with the plugin\'s own words', async () => {
  const { body } = await fields(own, { seal: ' ＡＢ-77102 ', count: '12.5', since: '2020-01-31', side: '南片（含新区）' });
  assert.deepEqual(body.form.fields, { seal: 'AB-77102', count: '12.5', since: '2020-01-31', side: '南片（含新区）' });
  const seen = await preview(own);
  assert.equal(seen.verdict.outcome, 'not_met');
  assert.equal(seen.verdict.eligible_from, null);
  const [entry] = plugins(seen.verdict);
  assert.deepEqual([entry.outcome, entry.used, entry.text, entry.source], ['not_met', ['/fields/seal'], '编号须以年份开头', 'sealer.1 1.0.0']);
  const { body: refused } = await candidate.submit(own, { expect: 422 });
  assert.deepEqual(refused.errors.map(({ pointer, detail }) => [pointer, detail]), [['/fields/seal', '编号须以年份开头']]);
  assert.equal((await view(own)).state, 'draft');
});

test('what the plugin asks a reviewer about is handed in, and the reviewer reads why', async () => {
  await fields(own, { seal: '2019-77103', side: '西片' });
  const { body } = await candidate.submit(own);
  assert.equal(body.state, 'reviewing');
  assert.equal(body.manual, false);
  assert.equal(body.verdict.outcome, 'review');
  reviewer = await new Client(deployment, 'haidian').accept('reviewer1');
  const { body: file } = await reviewer.get(`/review/applications/${own.application}`, { expect: 200 });
  assert.deepEqual(plugins(file.verdict).map(({ outcome, text }) => [outcome, text]), [['review', '旧编号，请核对']]);
  assert.deepEqual(file.form.fields, { seal: '2019-77103', side: '西片' });
  assert.ok(file.items.some(({ item }) => item === 'fields'));
});

test('an edit under review is shown to the plugin before it becomes a revision', async () => {
  const { body: refused } = await fields(own, { seal: 'AB-77104' }, { expect: 422 });
  assert.deepEqual(refused.errors.map(({ pointer }) => pointer), ['/fields/seal']);
  assert.equal((await view(own)).revision, 1);
  const { body } = await fields(own, { seal: '2026-77105' });
  assert.equal(body.revision, 2);
  assert.equal(body.verdict.outcome, 'met');
  assert.deepEqual(plugins(body.verdict).map(({ outcome }) => outcome), ['met']);
  const { body: file } = await reviewer.get(`/review/applications/${own.application}`, { expect: 200 });
  assert.equal(file.revision, 2);
  await candidate.topic(own, 'work', { work: [candidate.period('2017-01', null, '测试员')] });
  assert.equal((await view(own)).revision, 3);
});

test('a reviewer judges the fields as an item of their own, and only they open again', async () => {
  await staff.judge(reviewer, own.application, { fields: 'FIELDS_WRONG' });
  await staff.decide(reviewer, own.application, 'rejected');
  const seen = await view(own);
  assert.deepEqual(seen.open_items, ['fields']);
  own.version = seen.version;
  await fields(own, { seal: '2026-77106', side: '东片' });
  const { body } = await candidate.submit(own);
  assert.equal(body.state, 'reviewing');
  const { body: file } = await reviewer.get(`/review/applications/${own.application}`, { expect: 200 });
  assert.deepEqual(file.changes.topics.filter(({ item }) => item === 'fields').map(({ pointer, after: now }) => [pointer, now]),
    [['/fields/seal', '2026-77106'], ['/fields/side', '东片']]);
  await staff.approve(reviewer, own.application);
});

test('the fields are kept sealed', () => {
  const tenant = join(deployment.data, 'tenants', 'haidian');
  for (const file of readdirSync(tenant).filter((name) => name.startsWith('tenant.db')))
    for (const seal of ['77102', '77103', '77105', '77106']) assert.ok(!readFileSync(join(tenant, file)).includes(seal), `${file}: ${seal}`);
});

test('a plan whose plugin asks for nothing has no such topic', async () => {
  const plain = await filled(deployment, 2, 'crasher.1');
  const seen = await view(plain);
  assert.ok(!seen.open_items.includes('fields'));
  assert.equal((await fields(plain, { seal: '2026-1' }, { expect: 422 })).body.errors[0].code, 'field.unknown');
});

const failing = [
  ['crasher.1', 'plugin.crashed', /运行中出错/],
  ['hanger.1', 'plugin.hung', /未在期限内完成/],
  ['waverer.1', 'plugin.unsteady', /前后回答不一致/],
  ['later-crasher.1', 'plugin.crashed', /运行中出错/],
];

failing.forEach(([id, reason, words], number) =>
  test(`${id}: its applications go to a reviewer with the reason, its version to quarantine, and nobody is refused`, async () => {
    const first = await filled(deployment, 10 + 2 * number, id);
    const { body } = await candidate.submit(first);
    assert.deepEqual([body.state, body.manual, body.verdict.outcome], ['reviewing', true, 'review']);
    const [entry] = plugins(body.verdict);
    assert.equal(entry.outcome, 'review');
    assert.match(entry.text, words);
    assert.match(listed(deployment, id), new RegExp(`quarantined +.*${reason.replace('.', '\\.')}`));
    assert.match(deployment.log, new RegExp(`"plugin\\.quarantined","plugin":"${id}".*"reason":"${reason}"`));
    const told = deployment.log.split('\n').filter((line) => line.includes(`"plugin.quarantined","plugin":"${id}"`)).map(JSON.parse).at(-1);
    assert.deepEqual([told.tenant, told.function], ['haidian', 'check_form']);
    assert.match(told.fields, /^form\.on form\.condition form\.identity details\.birth .*\bwork\.0\.from\b/); // names, and nobody's values
    assert.ok(!told.fields.includes('20'), told.fields);

    const second = await filled(deployment, 11 + 2 * number, id);
    assert.equal((await preview(second)).manual, true);
    const { body: also } = await candidate.submit(second);
    assert.deepEqual([also.state, also.manual], ['reviewing', true]);
    const { body: file } = await reviewer.get(`/review/applications/${second.application}`, { expect: 200 });
    assert.equal(file.manual, true);
    assert.match(plugins(file.verdict)[0].text, words);
  }));

test('readmitted, a plugin is asked again', async () => {
  const sha256 = listed(deployment, 'crasher.1').split(/ +/)[2];
  kaowu(['plugin', 'readmit', sha256, '--data', deployment.data]);
  assert.match(listed(deployment, 'crasher.1'), / active /);
  const again = await filled(deployment, 40, 'crasher.1');
  assert.equal((await candidate.submit(again)).body.manual, true);
  assert.match(listed(deployment, 'crasher.1'), / quarantined /);
});
