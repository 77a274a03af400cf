// The pages' sources: the types hold against schemas/openapi.json as it is now, every text is there in both languages,
// every text that is named exists, and none is there for nothing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../http/deployment.mjs';

const web = join(root, 'core', 'web');
const areas = {
  candidate: ['shared', 'form', 'candidate'], staff: ['shared', 'form', 'desk', 'staff', 'review', 'office'], operator: ['shared', 'form', 'desk', 'operator'],
};
// What stands on the shared parts, and what staff and operators share beside those.
const folders = { candidate: ['candidate', 'shared'], staff: ['staff', 'desk', 'shared'], operator: ['operator', 'desk', 'shared'] };
const read = (area) => JSON.parse(readFileSync(join(web, 'messages', `${area}.json`), 'utf8'));
const textsOf = (entry) => Object.assign({}, ...areas[entry].map(read));

const sourcesOf = (folder) => readdirSync(join(web, 'src', folder), { recursive: true })
  .filter((name) => /\.(ts|vue)$/.test(name))
  .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(join(web, 'src', folder, name), 'utf8') }));

// Keys in whole: t('a.b'), and keys that are put together: t(`a.${b}.c`) stands for all of that shape. say() knows what else
// to say, so that its keys need not exist.
const named = (text) => [...text.matchAll(/(?<![\w.])\$?t\(\s*(?:[^()'"`]*\?\s*)?(['"`])((?:(?!\1).)+)\1(?:\s*:\s*(['"`])((?:(?!\3).)+)\3)?/g)]
  .flatMap((match) => [match[2], match[4]]).filter(Boolean);
// Keys that are passed along: any quoted text that looks like one.
const quoted = (text) => [...text.matchAll(/['"`]([a-z_]+(?:\.[\w${}.[\]]+)+)['"`]/g)].map((match) => match[1]);
const shape = (key) => new RegExp(`^${key.split(/\$\{[^}]*\}/).map((part) => part.replace(/\W/g, '\\$&')).join('.+')}$`);

test('the types hold', () => {
  execFileSync('npm', ['run', '--silent', 'generate'], { cwd: web, stdio: 'pipe' });
  try {
    execFileSync('npm', ['run', '--silent', 'check'], { cwd: web, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    assert.fail(error.stdout);
  }
});

test('every text is there in both languages, with the same parameters', () => {
  for (const area of new Set(Object.values(areas).flat()))
    for (const [key, text] of Object.entries(read(area))) {
      assert.deepEqual(Object.keys(text), ['zh', 'en'], key);
      assert.ok(text.zh && text.en, key);
      // All the grammar that there is (src/shared/language.ts).
      assert.doesNotMatch(`${text.zh}${text.en}`.replaceAll(/\{\w+\}/g, ''), /[{}]/, key);
      const parameters = (language) => [...text[language].matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
      assert.deepEqual([...new Set(parameters('zh'))], [...new Set(parameters('en'))], key);
    }
});

for (const entry of Object.keys(areas))
  test(`${entry}: every text that is named exists`, () => {
    const texts = Object.keys(textsOf(entry));
    for (const { name, text } of folders[entry].flatMap(sourcesOf))
      for (const key of named(text)) {
        // What shared parts say is said in the area of both.
        const pattern = shape(key);
        assert.ok(texts.some((each) => pattern.test(each)), `${name}: ${key}`);
      }
  });

// What the server's timeline may name (core/exam/application_view.c): what is written of an application, but for what is said elsewhere.
test('every act that a timeline can name has a text', () => {
  const core = (path) => readFileSync(join(root, path), 'utf8');
  const exam = readdirSync(join(root, 'core', 'exam')).filter((name) => name.endsWith('.c')).map((name) => core(`core/exam/${name}`)).join('\n');
  const [, events] = core('core/exam/application_state.c').match(/event_names\[[^{]*\{([^}]*)\}/);
  const [, kinds] = core('schemas/sql/tenant_0007_payment.sql').match(/kind +TEXT NOT NULL CHECK \(kind IN \(([^)]*)\)/);
  const ledgerOnly = ['created', 'placed', 'closing', 'closed'];
  const acts = [
    ...[...events.matchAll(/"(\w+)"/g)].map(([, event]) => `application.${event}`),
    ...[...kinds.matchAll(/'(\w+)'/g)].filter(([, kind]) => !ledgerOnly.includes(kind)).map(([, kind]) => `payment.${kind}`),
    ...[...exam.matchAll(/audit_append\(\s*tx, "((?:application|paper|payment|refund)\.\w+)", (?:application->id|application_id|id),/g)].map(([, act]) => act),
  ].filter((act) => act !== 'application.changed');
  assert.ok(acts.length > 22);
  const texts = textsOf('candidate');
  for (const act of acts) assert.ok(texts[`timeline.${act}`], act);
});

test('no text is there for nothing', () => {
  const all = [...new Set(Object.values(folders).flat())].flatMap(sourcesOf).map(({ text }) => text);
  const used = all.flatMap((text) => [...named(text), ...quoted(text)]).map(shape);
  for (const area of new Set(Object.values(areas).flat()))
    for (const key of Object.keys(read(area)))
      assert.ok(used.some((pattern) => pattern.test(key)), `${area}: ${key}`);
});
