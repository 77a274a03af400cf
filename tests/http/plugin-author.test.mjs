// docs/plugin-author.md, as a reader would follow it: its plugin and every block of it, in an empty folder; and `plugin new`.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { build, root } from './deployment.mjs';
import { plugin } from './plugins.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kaowu-author-'));
after(() => rmSync(folder, { recursive: true }));
const empty = (name) => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};

const page = readFileSync(join(root, 'docs', 'plugin-author.md'), 'utf8');
const blocks = (kind) => [...page.matchAll(new RegExp('```' + kind + '\\n([\\s\\S]*?)```', 'g'))].map((block) => block[1]);
const [whole] = blocks('c');
const compilerLine = page.match(/^cc .*$/m)[0];
const environment = { ...process.env, PATH: `${build}:${process.env.PATH}`, LANG: 'zh_CN.UTF-8' };
const bash = (script, cwd) => spawnSync('bash', ['-euo', 'pipefail', '-c', script], { cwd, encoding: 'utf8', env: environment });

test('the page opens with a whole plugin of under 60 lines, which builds and passes', () => {
  assert.ok(page.indexOf('```c') < page.indexOf('\n## '));
  assert.ok(whole.split('\n').length < 60);
  const cwd = empty('whole');
  mkdirSync(join(cwd, 'welder'));
  writeFileSync(join(cwd, 'welder', 'level_3.c'), whole);
  copyFileSync(join(root, 'core', 'plugin', 'kaowu_plugin.h'), join(cwd, 'welder', 'kaowu_plugin.h'));
  const { status, stdout, stderr } = bash(`${compilerLine} -Wall -Wextra -Wpedantic -Werror\nkaowu plugin check welder/welder_level_3.so`, cwd);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^检查通过：焊工 三级\/高级工 1\.0\.0/);
});

test('every block of the page runs as it is written, in an empty folder', () => {
  const cwd = empty('page');
  const { status, stdout, stderr } = bash(blocks('sh').join('\n'), cwd);
  assert.equal(status, 0, stdout + stderr);
  for (const told of ['检查通过', '申报条件（符合其一即可）', '不符合；自 2027-06-30 起符合', '从现在起接受由 kaowu-ed25519:',
    'installed welder.3 1.0.0', 'signed     active', '科目 theory的分钟数由“90”改为“120”。', 'installed welder.3 1.1.0',
    '新的计划从现在起使用 welder.3 1.0.0'])
    assert.ok(stdout.includes(told), `${told} is not in\n${stdout}`);
  assert.match(stderr, /注意：welder\.3 1\.1\.0 没有可信的签名/);
  assert.equal(bash(blocks('sh')[0].split('\n')[0], empty('again')).stdout, `${compilerLine}\n`);
  assert.equal(readFileSync(join(folder, 'again', 'welder', 'level_3.c'), 'utf8'), whole);
});

test('the functions that the page names are those that check lets through', () => {
  const source = readFileSync(join(root, 'core', 'plugin', 'plugin_check.c'), 'utf8');
  const table = source.match(/callable\[\] = \{([\s\S]*?)\};/)[1];
  const named = page.match(/nothing else:\n\n```\n([\s\S]*?)```/)[1].trim().split(/\s+/);
  assert.deepEqual(named, [...table.matchAll(/"(\w+)"/g)].map((match) => match[1]));
});

test('the verbs that the page names are those that there are', () => {
  const verbs = [...plugin([]).error.matchAll(/kaowu plugin (\w+)/g)].map((match) => match[1]);
  const table = page.slice(page.indexOf('## Commands'), page.indexOf('## Packages'));
  for (const verb of verbs) assert.match(table, new RegExp(`\`${verb}[ \`]`), verb);
});

// ---- new ----

for (const level of [1, 2, 3, 4, 5])
  test(`a new plugin of level ${level} builds without a warning and passes its check`, () => {
    const cwd = empty(`level-${level}`);
    const { status, out, error } = plugin(['new', '4-99-99-01', '示例师', '--level', `${level}`], { cwd });
    assert.equal(status, 0, error);
    assert.deepEqual(readdirSync(join(cwd, 'occupation-4-99-99-01')).sort(), ['README.md', `level_${level}.c`, 'kaowu_plugin.h'].sort());
    assert.doesNotMatch(readFileSync(join(cwd, 'occupation-4-99-99-01', `level_${level}.c`), 'utf8'), /@/);
    execFileSync('sh', ['-c', `${out.trim()} -Wall -Wextra -Wpedantic -Werror`], { cwd });
    const built = join(cwd, 'occupation-4-99-99-01', `occupation-4-99-99-01_level_${level}.so`);
    const manifest = JSON.parse(plugin(['describe', built, '--json']).out);
    assert.deepEqual([manifest.id, manifest.level, manifest.occupation.name], [`occupation-4-99-99-01.${level}`, level, '示例师']);
    assert.equal(plugin(['check', built]).status, 0);
  });

// Each that is there: whoever takes one over for an occupation of his own gets one that passes.
for (const name of readdirSync(join(root, 'plugins'), { withFileTypes: true }).filter((entry) => entry.isDirectory()))
  for (const file of readdirSync(join(root, 'plugins', name.name)).filter((each) => /^level_\d\.c$/.test(each)))
    test(`a new plugin from ${name.name}/${file} builds and passes its check`, () => {
      const level = file.match(/\d/)[0];
      const cwd = empty(`from-${name.name}-${level}`);
      const from = join(root, 'plugins', name.name);
      const { status, out, error } =
        plugin(['new', '4-99-99-01', '示例师', '--level', level, '--id', 'sample', '--from', from], { cwd });
      assert.equal(status, 0, error);
      execFileSync('sh', ['-c', out.trim()], { cwd });
      const built = join(cwd, 'sample', `sample_level_${level}.so`);
      assert.equal(plugin(['check', built]).status, 0, plugin(['check', built]).error);
      const manifest = JSON.parse(plugin(['describe', built, '--json']).out);
      assert.deepEqual([manifest.id, manifest.version, manifest.occupation], [`sample.${level}`, '1.0.0', { code: '4-99-99-01', name: '示例师' }]);
    });

test('what is asked for wrongly is told, all of it, and nothing is written', () => {
  const cwd = empty('wrong');
  const told = (...words) => plugin(['new', ...words, '--language', 'en'], { cwd });
  const { status, error } = told('61802', '焊 "工', '--level', '7', '--id', 'Welder!', '--folder', 'a b');
  assert.equal(status, 1);
  for (const code of ['form_code', 'form_name', 'form_level', 'form_stem', 'form_folder']) assert.match(error, new RegExp(`kit\\.${code}`));
  assert.match(told('4-99-99-01', '示例师', '--level', '3', '--from', join(root, 'plugins', 'supply-chain-manager', 'level_1.c')).error,
    /kit\.from_level/);
  assert.match(told('4-99-99-01', '示例师', '--level', '3', '--from', '/nowhere').error, /cannot be read/);
  assert.match(told('4-99-99-01', '示例师', '--level', '3', '--from', join(root, 'README.md')).error, /kit\.from_level/);
  assert.equal(told('4-99-99-01', '示例师').status, 2);
  assert.deepEqual(readdirSync(cwd), []);
  assert.equal(told('4-99-99-01', '示例师', '--level', '3').status, 0);
  assert.match(told('4-99-99-01', '示例师', '--level', '3').error, /Cannot write occupation-4-99-99-01 \(File exists\)/);
});
