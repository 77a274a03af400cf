// What a plugin's author has in hand: check, describe, try. Plugins are built here from a line or two over the decent one.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { build, root } from './deployment.mjs';
import { fixture, makePlugin, plugin } from './plugins.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kaowu-kit-'));
after(() => rmSync(folder, { recursive: true }));

const shipped = (name) => join(build, 'plugins', `${name}_level_1.so`);

const run = (...words) => plugin(words);
const make = (tables, options) => makePlugin(folder, tables, options);

// {status, codes, report}: what check says of a file.
function check(file, ...more) {
  const { status, out } = run('check', file, ...more, '--json', '--language', 'en');
  const report = JSON.parse(out);
  return { status, report, codes: report.faults.map((fault) => fault.code) };
}

// ---- check ----

test('every plugin of plugins/ passes, in both languages', () => {
  const files = readdirSync(join(build, 'plugins')).filter((file) => file.endsWith('.so'));
  assert.ok(files.length >= 3);
  for (const file of files) {
    const path = join(build, 'plugins', file);
    assert.match(run('check', path, '--language', 'zh').out, /^检查通过：.+ \d+\.\d+\.\d+，\d+ 个例子都得出所写的结果。\n$/, file);
    assert.match(run('check', path, '--language', 'en').out, /^Passed: .+ examples come out as they say\.\n$/, file);
    assert.deepEqual(check(path).codes, []);
  }
});

const sins = {
  circle: ['plugin.nesting'],
  control_text: ['schema.pattern.occupation'],
  crash_in_constructor: ['kit.import', 'plugin.crashed'],
  crash_in_function: ['kit.import', 'plugin.crashed'],
  flood_of_findings: ['plugin.garbage'],
  hang_in_function: ['plugin.hung'],
  id_twice: ['plugin.id_twice'],
  impossible_size: ['plugin.size'],
  invalid_utf8: ['plugin.text_encoding'],
  newer_used: ['plugin.newer'],
  no_symbol: ['plugin.no_symbol'],
  one_sided: ['plugin.example_one_sided'],
  opens_a_file: ['kit.import', 'plugin.crashed'],
  path_in_id: ['schema.pattern.plugin_id'],
  remembers: ['kit.changes_order'],
  unknown_material: ['plugin.material_unknown'],
  wrong_abi: ['plugin.abi'],
  wrong_example: ['plugin.example_outcome', 'plugin.example_day'],
};

for (const [name, codes] of Object.entries(sins))
  test(`${name} is told: ${codes.join(', ')}`, () => {
    const { status, report, codes: found } = check(fixture(name));
    assert.equal(status, 1);
    assert.equal(report.passed, false);
    assert.deepEqual(found, codes);
    for (const { detail } of report.faults) assert.match(detail, /^[\w"][^\n]+\.$/, detail);
  });

for (const name of ['decent', 'every_condition', 'newer_unused', 'older'])
  test(`${name} passes`, () => assert.deepEqual(check(fixture(name)).codes, []));

test('faults of the file, the tables and the examples are told at once, with their places', () => {
  const file = make(
    `.version = "one", .occupation_code = "6-18", .materials = KAOWU_ROWS(kaowu_material,
      {.id = "portrait", .name = "照片", .kind = KAOWU_PORTRAIT}, {.id = "diploma", .name = "学历", .kind = KAOWU_SCAN})`,
    { before: '__attribute__((visibility("default"))) int helper(void) { return 1; }' },
  );
  const { status, report } = check(file);
  assert.equal(status, 1);
  assert.deepEqual(report.faults.map(({ pointer, code }) => [pointer, code]), [
    ['', 'kit.export'], ['/version', 'schema.pattern.version'], ['/occupation/code', 'schema.pattern.occupation_code'],
    ['/materials/1/id', 'kit.material_unused'],
  ]);
  const { error } = run('check', file, '--language', 'zh');
  assert.match(error, /有 4 处须修改/);
  assert.match(error, /^ {2}occupation_code: 职业编码的写法如/m);
  assert.match(error, /^ {2}materials\[1\]\.id: 没有条件要求材料/m);
  assert.match(error, /\/: 除 kaowu_plugin 外还导出了 helper；请给它加上 static/);
});

// A shared object that names half a million libraries, each by a name as long as a name may be.
function wantsMuch() {
  const name = 'n'.repeat(500);
  const bytes = readFileSync(make('.version = "1.0.0"', { before: `__attribute__((visibility("default"))) int ${name}(void) { return 1; }` }));
  const header = Number(bytes.readBigUInt64LE(32)), entry = Buffer.alloc(16), entries = [];
  let dynamic = header;
  while (bytes.readUInt32LE(dynamic) !== 2) dynamic += 56; // PT_DYNAMIC
  for (let at = Number(bytes.readBigUInt64LE(dynamic + 8)); bytes.readBigInt64LE(at) !== 0n; at += 16) entries.push(bytes.subarray(at, at + 16));
  const strings = entries.find((each) => each.readBigInt64LE() === 5n).readBigUInt64LE(8); // DT_STRTAB
  entry.writeBigInt64LE(1n); // DT_NEEDED
  entry.writeBigUInt64LE(BigInt(bytes.indexOf(`\0${name}\0`) + 1) - strings, 8);
  bytes.writeBigUInt64LE(BigInt(bytes.length), dynamic + 8);
  const file = join(folder, 'wants-much.so');
  writeFileSync(file, Buffer.concat([bytes, ...entries, Buffer.alloc(16 * 500000, entry), Buffer.alloc(16)]));
  return file;
}

test('a file that asks for more than any plugin needs is refused, and not read to its end', () => {
  const { status, codes } = check(wantsMuch());
  assert.equal(status, 1);
  assert.equal(codes[0], 'kit.not_shared');
});

// Two bytes that some terminals take for the beginning of a command, as ESC and [ are.
const control = '\\302\\233';

test('what a plugin says is shown only if no terminal would act on it', () => {
  const finding = `findings->add(findings, KAOWU_REFUSE, "seal", "${control}2J");`;
  assert.deepEqual(check(withFunction(finding)).codes, ['plugin.garbage']);
  const refusal = `{\\"refused\\":[{\\"code\\":\\"plugin.not_loadable\\",\\"params\\":{\\"reason\\":\\"${control}2J\\"}}]}`;
  const forged = make('.version = "1.0.0"', {
    before: `#include <sys/socket.h>
      AT_LOADING {
        static const char forged[] = "${refusal}";
        unsigned char frame[4 + sizeof(forged)] = {sizeof(forged) - 1};
        memcpy(frame + 4, forged, sizeof(forged));
        send(3, frame, 4 + sizeof(forged) - 1, 0); }`,
  });
  const { status, error } = run('describe', forged, '--language', 'en');
  assert.equal(status, 1);
  assert.match(error, /\[plugin\.garbage\]/);
});

test('a person is told each place as the tables have it, a program by its pointer', () => {
  const file = make(`.related = KAOWU_TEXTS("检验员", "检验员"), .conditions = KAOWU_ROWS(kaowu_condition, {.id = "1-1", .text = "年满16周岁。", .source = "例",
      .requirements = KAOWU_ROWS(kaowu_requirement, KAOWU_NEEDS_AGE(16),
        KAOWU_ANY_OF(KAOWU_NEEDS_AGE(99), KAOWU_NEEDS_CERTIFICATE_HELD(2, KAOWU_SAME, 99))),
      .materials = KAOWU_TEXTS("portrait")}),
    .examples = KAOWU_ROWS(kaowu_example, {.name = "a", .condition = "1-1", .on = "2026-01-01", .outcome = KAOWU_MET,
      .certificates = KAOWU_ROWS(kaowu_held_certificate, {.occupation = "测试员", .level = 8, .issued = "2020-01-01"})})`);
  assert.deepEqual(check(file).report.faults.map(({ pointer }) => pointer), ['/related/names/1',
    '/conditions/0/requirement/all/1/any/0/years', '/conditions/0/requirement/all/1/any/1/held_years', '/examples/0/facts/certificates/0/level']);
  for (const verb of ['check', 'describe', 'install']) {
    const { error } = run(verb, file, '--language', 'en', ...(verb === 'install' ? ['--trust-unsigned', '--data', join(folder, 'data')] : []));
    assert.deepEqual([...error.matchAll(/^ {2}([^:]*):/gm)].map(([, place]) => place), ['related[1]',
      'conditions[0].requirements[1].parts[0].years', 'conditions[0].requirements[1].parts[1].years', 'examples[0].certificates[0].level']);
  }
});

// What candidates type is brought to half width before it is compared.
test('an occupation that nobody could type as it stands is told, its own name as well as a related one', () => {
  const { report } = check(make('.occupation_name = "测试员（一）", .related = KAOWU_TEXTS("检验员", "检验员（二）")'));
  assert.deepEqual(report.faults.map(({ pointer, code }) => [pointer, code]),
    [['/occupation/name', 'plugin.occupation_form'], ['/related/names/1', 'plugin.occupation_form']]);
  assert.match(report.faults[0].detail, /: write 测试员\(一\)\.$/);
});

test('a major is the one that is listed, in whichever width its brackets are written', () => {
  const graduated = (name, major, rest) => `{.name = "${name}", .condition = "1-1", .on = "2026-01-01", ${rest}
    .diplomas = KAOWU_ROWS(kaowu_held_diploma, {.diploma = KAOWU_UNIVERSITY, .scope = KAOWU_SAME, .graduated = "2020-07-01", .major = "${major}"})}`;
  const met = '.outcome = KAOWU_MET, .eligible_from = "2020-07-01",';
  assert.deepEqual(check(make(`.majors = KAOWU_TEXTS("测试学（工程）"),
    .conditions = KAOWU_ROWS(kaowu_condition, {.id = "1-1", .text = "取得本专业毕业证书。", .source = "例",
      .requirements = KAOWU_ROWS(kaowu_requirement, KAOWU_NEEDS_DIPLOMA(KAOWU_UNIVERSITY, KAOWU_RELATED, KAOWU_GRADUATES)),
      .materials = KAOWU_TEXTS("portrait")}),
    .examples = KAOWU_ROWS(kaowu_example, ${graduated('wide', '测试学（工程）', met)}, ${graduated('typed', '测试学(工程)', met)},
      ${graduated('another', '测试学', '.outcome = KAOWU_REVIEW,')},
      {.name = "none", .condition = "1-1", .on = "2026-01-01", .outcome = KAOWU_NOT_MET})`)).codes, []);
});

test('tables that cannot be read are told mistake by mistake, by check and by who would install them', () => {
  const file = make(`.level_name = NULL, .materials = KAOWU_ROWS(kaowu_material, {.id = "portrait", .kind = 77},
    {.name = "\\xff", .kind = KAOWU_SCAN})`);
  const codes = ['text_missing', 'text_missing', 'value_unknown', 'text_missing', 'text_encoding'];
  const { status, report } = check(file);
  assert.equal(status, 1);
  assert.deepEqual(report.faults.map(({ code }) => code), codes.map((code) => `plugin.${code}`));
  for (const place of ['level_name', 'materials[0].name', 'materials[0].kind', 'materials[1].id', 'materials[1].name'])
    assert.ok(report.faults.some(({ detail }) => detail.includes(place)), place);
  const { error } = run('describe', file, '--language', 'en');
  assert.match(error, /The plugin's tables have 5 mistakes to be changed\. \[plugin\.mistakes\]/);
  assert.equal(error.match(/\[plugin\.text_missing\]/g).length, 3);
});

// A function that does one thing more; `seal` is a field of the form.
const withFunction = (body, more = '') =>
  make('.fields = KAOWU_ROWS(kaowu_field, {"seal", "编号", KAOWU_LINE}), .check_form = check_form', {
    before: `#include <math.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <time.h>\n#include <unistd.h>\n${more}
      static void check_form(const struct kaowu_form *form, const struct kaowu_findings *findings) {
        const char *seal = "";
        for (size_t i = 0; i < form->values.count; i++)
          if (strcmp(form->values.rows[i].field, "seal") == 0) seal = form->values.rows[i].text;
        ${body} }`,
  });
const complain = 'findings->add(findings, KAOWU_REFUSE, "seal", "编号须以字母开头");';

test('a function that looks at the form alone passes', () => {
  assert.deepEqual(check(withFunction(`if (seal[0] < 'A' || strlen(seal) > 9) ${complain}`)).codes, []);
});

for (const [what, body, codes] of [
  ['the clock', `if (time(NULL) == 1) ${complain}`, ['kit.import']],
  ['the process', `if (getpid() == 1) ${complain}`, ['kit.import']],
  ['the environment', `if (getenv("HOME")) ${complain}`, ['kit.import']],
  ['chance', `if (rand() == 1) ${complain}`, ['kit.import']],
  ['another library', `if (cbrt(strlen(seal)) > 99) ${complain}`, ['kit.import', 'kit.library']],
  ['how often it was asked', `static int n; if (n++ % 2) ${complain}`, ['kit.changes_again']],
  ['the first field', `if (form->values.count > 1 && strcmp(form->values.rows[0].field, "name")) ${complain}`, ['kit.changes_order']],
  ['the form before', `static char last[300]; if (last[0] == 'A' && seal[0] != 'A') ${complain} strncpy(last, seal, 299);`, ['kit.changes_again']],
  ['whom it was asked about first',
    `static int first; if (!first) first = (unsigned char)seal[0]; if (first == 0xE5) ${complain}`, ['kit.changes_process']],
])
  test(`a function that looks at ${what} is told`, () => {
    const { codes: found } = check(withFunction(body));
    assert.deepEqual(found, codes);
  });

test('the author\'s own forms are tried as well', () => {
  const file = withFunction(`static int seen; if (strcmp(seal, "A-7") == 0 && seen++) ${complain}`);
  assert.deepEqual(check(file).codes, []);
  writeFileSync(join(folder, 'forms.json'), '[{ "form": { "seal": "A-7" } }]');
  assert.deepEqual(check(file, join(folder, 'forms.json')).codes, ['kit.changes_again']);
});

test('what is no plugin is refused, and words that are none', () => {
  for (const file of [join(root, 'README.md'), '/dev/zero', '/nowhere.so', folder]) {
    const { status, error } = run('check', file, '--language', 'en');
    assert.equal(status, 1);
    assert.match(error, /\[(file|kit|plugin)\.\w+\]/);
  }
  assert.equal(run('check').status, 2);
  assert.equal(run('check', fixture('decent'), '--nonsense').status, 2);
  assert.equal(run('nonsense').status, 2);
});

// ---- describe ----

test('describe tells a person everything, in Chinese', () => {
  const { status, out } = run('describe', fixture('every_condition'), '--language', 'zh');
  assert.equal(status, 0);
  for (const told of [
    '测试员 一级/高级技师 1.0.0', '相关职业：检验员', '本专业和相关专业：测试学（其他专业由审核员判断）', '申报条件（符合其一即可）', '3-1  累计从事本职业或相关职业工作满10年。',
    '- 累计从事本职业或相关职业工作满 10 年', '材料：身份证人像面、', '（条件组 gc2023）', '理论知识考试（theory）：90 分钟，满分 100，60 分合格', '例子：137 个',
  ]) assert.ok(out.includes(told), `${told} is not in\n${out}`);
});

test('describe shows which requirements are alternatives', () => {
  const example = (name, birth, outcome, from) =>
    `{.name = "${name}", .condition = "1-1", .on = "2026-01-01", .birth = "${birth}", .outcome = ${outcome}, .eligible_from = "${from}"}`;
  const file = make(`.conditions = KAOWU_ROWS(kaowu_condition, {.id = "1-1", .text = "年满16周岁，或工作满1年。", .source = "例",
      .requirements = KAOWU_ROWS(kaowu_requirement,
        KAOWU_ANY_OF(KAOWU_NEEDS_AGE(16), KAOWU_NEEDS_WORK(1, KAOWU_SAME, KAOWU_SINCE_START))),
      .materials = KAOWU_TEXTS("portrait")}),
    .examples = KAOWU_ROWS(kaowu_example, ${example('a', '2000-01-01', 'KAOWU_MET', '2016-01-01')},
      ${example('b', '2015-01-01', 'KAOWU_NOT_MET', '2031-01-01')})`);
  assert.deepEqual(check(file).codes, []);
  assert.match(run('describe', file, '--language', 'zh').out,
    /\n {6}以下任一项：\n {8}- 年满 16 周岁\n {8}- 累计从事本职业工作满 1 年\n/);
});

test('describe gives the manifest as JSON', () => {
  const manifest = JSON.parse(run('describe', shipped('supply-chain-manager'), '--json').out);
  assert.equal(manifest.id, 'supply-chain-manager.1');
  assert.equal(manifest.conditions[0].id, '1-1');
});

// ---- try ----

const facts = {
  on: '2026-11-22', certificates: [{ occupation: '供应链管理师', level: 2, issued: '2022-07-01' }],
  work: [{ from: '2020-01', to: null, occupation: '采购员' }],
};

function tried(file, cases, ...more) {
  const path = join(folder, 'cases.json');
  writeFileSync(path, JSON.stringify(cases));
  return run('try', file, path, ...more);
}

test('try judges a case, and shows the trace', () => {
  const { status, out } = tried(shipped('supply-chain-manager'), { condition: '1-1', facts }, '--language', 'zh');
  assert.equal(status, 0);
  assert.match(out, /^条件 1-1，2026-11-22 申报：不符合；自 2027-06-30 起符合$/m);
  assert.match(out, /\[不符合\] 取得证书后，累计从事本职业或相关职业工作满 5 年\n +已累计 \d+ 天/);
  assert.match(out, /\/work\/0 采购员在相关职业之列。 \(2022-07-01 – 2026-11-22, 1606\)/);
  const told = JSON.parse(tried(shipped('supply-chain-manager'), { condition: '1-1', facts }, '--json').out);
  assert.equal(told.verdict.outcome, 'not_met');
  assert.equal(told.verdict.trace.length, 2);
});

test('a district\'s rule can be tried with it', () => {
  const overlays = [{ id: 'x', kind: 'deny_related', occupation_code: '4-02-06-05', name: '采购员', reason: '按本区意见', from: '2026-01-01' }];
  const told = JSON.parse(tried(shipped('supply-chain-manager'), { condition: '1-1', facts, overlays }, '--json').out);
  assert.equal(told.verdict.eligible_from, null);
  assert.equal(told.verdict.trace[1].overlay.reason, '按本区意见');
});

test('a case that says what must come out is held to it', () => {
  const file = shipped('supply-chain-manager');
  const cases = (outcome) => [{ condition: '1-1', facts, outcome, eligible_from: '2027-06-30' }];
  assert.equal(tried(file, cases('not_met')).status, 0);
  const { status, error } = tried(file, cases('met'), '--language', 'en');
  assert.equal(status, 1);
  assert.match(error, /outcome of .* should be met, and is not_met/);
});

test('a manifest\'s own examples are cases', () => {
  const { examples } = JSON.parse(run('describe', fixture('every_condition'), '--json').out);
  assert.equal(tried(fixture('every_condition'), examples).status, 0);
});

test('a form is tried on check_form', () => {
  const file = withFunction(`if (seal[0] < 'A') ${complain}`);
  const { status, out } = tried(file, [{ form: { seal: '1' }, findings: 1 }, { form: { seal: 'A1' }, findings: 0 }]);
  assert.equal(status, 0);
  assert.match(out, /\[refuse\] seal 编号须以字母开头/);
  assert.equal(tried(file, { form: { seal: '1' }, findings: 0 }).status, 1);
});

test('a case that is no case is refused with its place', () => {
  for (const [wrong, told] of [
    [{ condition: '1-1' }, /schema\./], [{ condition: '9-9', facts }, /has no condition 9-9/], [[], /schema\.minItems/],
    [{ condition: '1-1', facts: { ...facts, on: '2026-02-30' } }, /\/facts\/on/],
    [{ condition: '1-1', facts: { ...facts, birth: '2030-01-01' } }, /eligibility\.date_future/],
  ]) {
    const { status, error } = tried(shipped('supply-chain-manager'), wrong, '--language', 'en');
    assert.equal(status, 1, error);
    assert.match(error, told);
  }
});
