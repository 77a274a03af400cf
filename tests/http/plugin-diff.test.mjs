// What a new version of a plugin changes for candidates, and for whom of those who have applied.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { build, Deployment } from './deployment.mjs';
import { fixture, makePlugin, plugin } from './plugins.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kaowu-diff-'));
after(() => rmSync(folder, { recursive: true }));

function diff(before, later, ...more) {
  const { status, out, error } = plugin(['diff', before, later, '--language', 'zh', ...more]);
  assert.equal(status, 0, error);
  return out;
}

test('the same tables change nothing, whatever the version', () => {
  assert.match(diff(fixture('decent'), makePlugin(folder, '.version = "1.10.0"')), /^测试员 .* 1\.0\.0 -> 测试员 .* 1\.10\.0\n对考生没有变化。\n$/);
});

test('each change for candidates is one sentence', () => {
  const before = makePlugin(folder, `.fields = KAOWU_ROWS(kaowu_field, {"seal", "编号", KAOWU_LINE})`);
  const later = makePlugin(folder, `.version = "1.1.0", .related = KAOWU_TEXTS("检验员", "质检员"), .related_text = "检验员、质检员等",
    .subjects = KAOWU_ROWS(kaowu_subject, {"theory", "理论知识考试", 120, 100, 60}, {"skill", "操作技能考核", 60, 100, 60}),
    .materials = KAOWU_ROWS(kaowu_material, {.id = "portrait", .name = "照片", .kind = KAOWU_SCAN, .required = true, .paper_copies = 2})`);
  const out = diff(before, later);
  for (const told of [
    '/related/names: 相关职业增加：质检员。', '/related/text: 插件的相关职业原文由“检验员等”改为“检验员、质检员等”。',
    '/materials/0: 材料 portrait的类别由“portrait”改为“scan”。', '/materials/0: 材料 portrait的邮寄份数由“0”改为“2”。',
    '/fields: 申报表栏目去掉 seal：编号', '/subjects/0: 科目 theory的分钟数由“90”改为“120”。', '/subjects/1: 科目增加 skill：操作技能考核',
  ]) assert.ok(out.includes(told), `${told} is not in\n${out}`);
  assert.equal(out.trim().split('\n').length, 8, out);
});

test('other majors change who is left to a reviewer', () => {
  const out = diff(fixture('decent'), makePlugin(folder, '.version = "1.1.0", .majors = KAOWU_TEXTS("计量学")'));
  assert.match(out, /\/majors: 本专业和相关专业增加：计量学。\n {2}\/majors: 本专业和相关专业去掉：测试学。/);
});

const seven = `{.id = "1-1", .text = "取得二级证书后，累计从事本职业工作满7年。", .source = "例",
  .requirements = KAOWU_ROWS(kaowu_requirement, KAOWU_NEEDS_CERTIFICATE(2, KAOWU_RELATED),
    KAOWU_NEEDS_WORK(7, KAOWU_SAME, KAOWU_SINCE_CERTIFICATE)), .materials = KAOWU_TEXTS("portrait")}`;
const sevenExamples = (own) => ['KAOWU_MET, .eligible_from = "2017-04-30"', 'KAOWU_NOT_MET'].map((outcome, i) =>
  `{.name = "例${i}", .condition = "1-1", .on = "2026-01-01", .outcome = ${outcome},
    .certificates = KAOWU_ROWS(kaowu_held_certificate, {.occupation = "${own}", .level = ${2 + i}, .issued = "2010-05-01"}),
    .work = KAOWU_ROWS(kaowu_worked, {.from = "2010-05", .occupation = "${own}"})}`).join(', ');
const sevenYears = (own) => `.version = "2.0.0", .conditions = KAOWU_ROWS(kaowu_condition, ${seven}),
  .examples = KAOWU_ROWS(kaowu_example, ${sevenExamples(own)})`;

test('a requirement that changes is told in words, before and after', () => {
  const told = JSON.parse(diff(fixture('decent'), makePlugin(folder, sevenYears('测试员')), '--json'));
  const change = told.changes.find((each) => each.params.column === '要求');
  assert.equal(change.pointer, '/conditions/0');
  assert.match(change.params.before, /满 5 年/);
  assert.match(change.params.after, /累计从事本职业工作满 7 年/);
});

const graduated = (version, students, assessed) => `.version = "${version}", .conditions = KAOWU_ROWS(kaowu_condition, {.id = "1-1",
    .text = "取得毕业证书。", .source = "例", .materials = KAOWU_TEXTS("portrait"), .requirements = KAOWU_ROWS(kaowu_requirement,
      {.kind = KAOWU_DIPLOMA, .diplomas = KAOWU_UNIVERSITY, .scope = KAOWU_RELATED, .students = ${students}, .assessed = ${assessed}})}),
  .examples = KAOWU_ROWS(kaowu_example, {.name = "a", .condition = "1-1", .on = "2026-01-01", .outcome = KAOWU_NOT_MET},
    {.name = "b", .condition = "1-1", .on = "2026-01-01", .outcome = KAOWU_REVIEW,
     .diplomas = KAOWU_ROWS(kaowu_held_diploma, {KAOWU_UNIVERSITY, KAOWU_SAME, "2020-07-01", .major = "别的"})})`;

test('a diploma says whether students count, and whether the school must be an assessed one', () => {
  const told = JSON.parse(diff(makePlugin(folder, graduated('1.0.0', 'KAOWU_GRADUATES', 'false')),
    makePlugin(folder, graduated('1.1.0', 'KAOWU_FINAL_YEAR', 'true')), '--json'));
  assert.deepEqual(told.changes.map(({ params: { before, after } }) => [before, after]),
    [['取得本专业或相关专业的普通高等学校（本科及以上）毕业证书', '取得经评估论证的普通高等学校（本科及以上）本专业或相关专业的毕业证书（含在读应届毕业生）']]);
});

test('past applications are judged by both, and those whose verdict differs are listed by number', async () => {
  const deployment = await (await Deployment.make({ tenants: ['haidian'] })).start();
  after(() => deployment.end());
  const apply = (order, options) =>
    candidate.apply(new Client(deployment, 'haidian'), order, `1380000700${order}`, options);
  // Five years and a half as the old version wants, seven and a half, and five in a related occupation.
  const years = (from, name, relation) => ({
    facts: candidate.certificate(`${from}-01`), history: { work: [candidate.period(from, null, name, relation)] },
  });
  const short = await apply(1, years('2021-05'));
  const long = await apply(2, years('2019-05'));
  const related = await apply(3, years('2019-05', '采购员', 'related'));
  const unfinished = await new Client(deployment, 'haidian').signUp('13800007009');
  await candidate.draft(unfinished, await candidate.planOf(unfinished));

  const later = makePlugin(folder, `.id = "supply-chain-manager.1", .occupation_code = "4-02-06-05", ${sevenYears('供应链管理师')}`,
    { before: '#undef OWN\n#define OWN "供应链管理师"' });
  const words = [later, '--replay', 'haidian', '--data', deployment.data];
  const told = JSON.parse(diff('supply-chain-manager.1@1.1.0', ...words, '--json'));
  assert.equal(told.judged, 3);
  assert.deepEqual(told.differing.map((row) => [row.number, row.condition, row.on, row.before, row.after]).sort(), [
    [short.number, '1-1', '2026-11-23', 'met', 'not_met'], [related.number, '1-1', '2026-11-23', 'met', 'not_met'],
  ].sort());
  const out = diff('supply-chain-manager.1@1.1.0', ...words);
  assert.match(out, /按两个版本重新判断了 3 份已提交的申报（按各自的提交日），结论不同的有 2 份：/);
  assert.ok(out.includes(`${short.number}（2026-scm-1，条件 1-1，2026-11-23）：符合 → 不符合`), out);
  assert.ok(!out.includes(long.number));
  assert.doesNotMatch(out, /张三|110108|13800007/);

  // Nothing was changed by looking.
  const same = JSON.parse(diff(join(build, 'plugins', 'supply-chain-manager_level_1.so'), 'supply-chain-manager.1@1.1.0',
    '--replay', 'haidian', '--data', deployment.data, '--json'));
  assert.deepEqual([same.changes, same.judged, same.differing], [[], 3, []]);
  assert.equal((await unfinished.get(`/applications/${unfinished.application}`, { expect: 200 })).body.state, 'draft');
});

test('what cannot be compared is told', () => {
  for (const [words, status, told] of [
    [['diff', fixture('decent')], 2, /usage/],
    [['diff', fixture('decent'), fixture('wrong_abi')], 1, /plugin\.abi/],
    [['diff', fixture('decent'), 'tester.1@1.0.0', '--data', '/nowhere'], 1, /no deployment/],
    [['diff', fixture('decent'), fixture('decent'), '--replay', 'haidian', '--data', '/nowhere'], 1, /no deployment/],
  ]) {
    const answer = plugin([...words, '--language', 'en']);
    assert.equal(answer.status, status);
    assert.match(answer.error, told);
  }
});
