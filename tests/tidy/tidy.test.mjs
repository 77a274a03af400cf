// A checker that finds nothing may only be blind: each rule is shown a tree with one fault, and must name just that.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { tidy } from './tidy.mjs';

const header = (guard, body = '') => `/* Why. */\n#ifndef ${guard}\n#define ${guard}\n${body}#endif\n`;

const decent = {
  'core/base/result.h': header('KAOWU_BASE_RESULT_H'),
  'core/net/http.h': header('KAOWU_NET_HTTP_H', '#include "base/result.h"\n'),
  'core/exam/plan.h': header('KAOWU_EXAM_PLAN_H'),
  'core/exam/plan.c': `/* Why: not strcpy(a, b) here. */\n#include "plan.h"\n\n#include "base/result.h"\n
int plan(struct error *error)\n{\n\taudit_append(tx, "plan.opened", NULL);
\treturn fail(error, CONFLICT, "plan.full", "places", text, NULL);\n}\n`,
  'schemas/messages/plan.json': '{ "plan.full": { "zh": "满{places}", "en": "full {places}" } }\n',
  'README.md': '# No comment needed\n',
};

// What the rules say of the decent tree once these files stand in it.
function told(changes) {
  const root = mkdtempSync(join(tmpdir(), 'kaowu-tidy-'));
  try {
    for (const [path, text] of Object.entries({ ...decent, ...changes })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return tidy(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const c = (body) => `/* Why. */\n${body}\n`;
const body = (lines) => c(`int long_one(void)\n{\n${'\tnext();\n'.repeat(lines - 2)}}`);
const joined = (...parts) => parts.join('');
const full = { zh: '{places}', en: '{places}' };
const message = (zh, en) => ({
  'schemas/messages/plan.json': JSON.stringify({ 'plan.full': full, 'plan.more': { zh, en } }) + '\n',
});

const planted = [
  ['opening', 'a C file that does not open with a comment', { 'core/exam/a.c': 'int a;\n' }],
  ['opening', 'a script that does not', { 'tests/a.test.mjs': 'import "x";\n' }],
  ['guard', 'a header without a guard', { 'core/exam/a.h': '/* Why. */\nint a;\n' }],
  ['guard', 'a header with its neighbour\'s guard', { 'core/exam/a.h': header('KAOWU_EXAM_PLAN_H') }],
  ['spaces', 'a space at the end of a line', { 'core/exam/a.c': c('int a; ') }],
  ['spaces', 'a file without a last line end', { 'core/exam/a.c': '/* Why. */\nint a;' }],
  ['columns', 'a line of 121 columns', { 'core/exam/a.c': c(`\tint ${'a'.repeat(108)};`) }],
  ['unfinished', 'what is left to do', { 'README.md': joined('TO', 'DO: all\n') }],
  ['place', 'a folder of one machine', { 'README.md': joined('/ho', 'me/me\n') }],
  ['number', 'a mobile number that may be somebody\'s', { 'README.md': joined('Call 139', '12345678\n') }],
  ['banned', 'a banned call', { 'core/exam/a.c': c('void a(void)\n{\n\tstrcpy(x, y);\n}') }],
  ['banned', 'the machine\'s clock', { 'core/exam/a.c': c('void a(void)\n{\n\tb = time(NULL);\n}') }],
  ['secrets', 'a secret is compared until it differs, which', { 'core/exam/a.c': c('int a = strcmp(x, token_hash);') }],
  ['markup', 'markup drawn from text', { 'core/web/src/a.vue': '<!-- Why. -->\n<p v-html="a" />\n' }],
  ['leads', 'a link to nothing', { 'docs/a.md': '[it](b.md)\n' }],
  ['leads', 'a file that is not there', { 'README.md': 'in core/exam/gone.c\n' }],
  ['shown', 'a test that is not there', { 'docs/security.md': '| 1 | met | x | `unit/a#b` |\n' }],
  ['shown', 'a name that no test has',
    { 'docs/security.md': '| 1 | met | | `unit/a#b` |\n', 'tests/unit/a.c': c('int c;') }],
  ['shown', 'a claim without a test', { 'docs/security.md': '| 1 | met | x | |\n' }],
  ['length', 'a function of 71 lines', { 'core/exam/a.c': body(71) }],
  ['floors', 'an include upwards', { 'core/base/a.c': c('#include "net/http.h"') }],
  ['floors', 'an include on the same floor', { 'core/store/a.c': c('#include "net/http.h"') }],
  ['floors', 'a neighbour by its folder', { 'core/exam/a.c': c('#include "exam/plan.h"') }],
  ['floors', 'an include of what is not there', { 'core/exam/a.c': c('#include "plans.h"') }],
  ['libraries', 'an event loop in the business', { 'core/exam/a.c': c('#include <uv.h>') }],
  ['sqlite', 'SQLite outside of its folder', { 'core/exam/a.c': c('int a = sqlite3_step(b);') }],
  ['sql', 'SQL where there is no database', { 'core/net/a.c': c('int a = run("DELETE FROM "\n\t"plan");') }],
  ['sql', 'a ledger that is corrected', { 'core/exam/a.c': c('int a = run("UPDATE payment_event SET a = 0");') }],
  ['sql', 'a ledger that is forgotten', { 'core/exam/erasure.c': c('int a = run("DELETE FROM payment_event");') }],
  ['sql', 'an audit chain that is shortened', { 'core/exam/a.c': c('int a = run("DELETE FROM audit");') }],
  ['sql', 'another mover of states', { 'core/exam/a.c': c('int a = run("UPDATE application SET"\n\t" state = ?1");') }],
  ['lists', 'a table of words', { 'core/exam/a.c': c('int a = run("b IN (\'c\', \'d\',"\n\t" \'e\')");') }],
  ['messages', 'a code without a text', { 'core/exam/a.c': c('int a = f("plan.unheard_of");') }],
  ['messages', 'a shape without a text', { 'schemas/a.json': '{ "pattern": "^a", "x-shape": "beginning" }\n' }],
  ['messages', 'a text of a shape that nothing has',
    { 'schemas/messages/schema.json': '{ "schema.pattern.a": { "zh": "一", "en": "a" } }\n' }],
  ['messages', 'a parameter that is not given', { 'core/exam/a.c': c('int a = fail(e, X, "plan.full", NULL);') }],
  ['messages', 'a text in one language', { ...message('一', ''), 'core/exam/a.c': c('int a = f("plan.more");') }],
  ['messages', 'languages that differ', { ...message('{a}', 'b'), 'core/exam/a.c': c('int a = f("plan.more");') }],
];

test('a tidy tree is left alone', () => {
  const { faults, unused, files } = told({});
  assert.deepEqual(faults, []);
  assert.deepEqual(unused, []);
  assert.equal(files, Object.keys(decent).length);
});

for (const [rule, name, changes] of planted)
  test(`${name} is found`, () => assert.deepEqual(told(changes).faults.map((fault) => fault.rule), [rule]));

test('limits are where they are said to be', () => {
  assert.deepEqual(told({ 'core/exam/a.c': body(70), 'core/exam/b.c': c(`\tint ${'a'.repeat(107)};`) }).faults, []);
});

test('a table in a function is not counted', () => {
  const table = `\tstatic const int a[] = {\n${'\t\t1,\n'.repeat(80)}\t};\n`;
  assert.deepEqual(told({ 'core/exam/a.c': body(70).replace('{\n', `{\n${table}`) }).faults, []);
  assert.equal(told({ 'core/exam/a.c': body(71).replace('{\n', `{\n${table}`) }).faults[0].rule, 'length');
});

test('a table may be as wide as it is', () => {
  assert.deepEqual(told({ 'core/exam/a.c': c(`/* clang-format off */\n\tint ${'a'.repeat(200)};`) }).faults, []);
});

test('a text that nothing uses is mentioned', () => {
  assert.deepEqual(told(message('一', 'one')).unused, ['plan.more']);
  assert.deepEqual(told({ ...message('一', 'one'), 'core/exam/a.c': c(`int a = f("SET why = 'plan.more'");`) }).unused, []);
});
