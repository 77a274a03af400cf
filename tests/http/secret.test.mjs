// `kaowu secret`: keys of others come in on standard input, lie sealed, and are never told again.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build, Deployment, kaowu } from './deployment.mjs';

const secret = 'placeholder-secret-that-stands-nowhere';
let deployment;
before(async () => {
  deployment = await (await Deployment.make({ tenants: ['haidian'] })).start();
});
after(() => deployment.end());

const run = (words, input = '') =>
  spawnSync(join(build, 'kaowu'), ['secret', ...words, '--data', deployment.data], { input, encoding: 'utf8', env: { ...process.env, LANG: 'en_US.UTF-8' } });

test('a secret is set, listed by name, and removed', () => {
  assert.equal(run(['set', 'haidian', 'sms-tencent'], `${secret}\n`).status, 0);
  const listed = run(['list', 'haidian']);
  assert.match(listed.stdout, /^sms-tencent +\d{4}-/);
  assert.ok(!listed.stdout.includes(secret));
  assert.equal(run(['remove', 'haidian', 'sms-tencent']).status, 0);
  assert.equal(run(['list', 'haidian']).stdout, '');
  assert.match(run(['remove', 'haidian', 'sms-tencent']).stderr, /has not been set/);
});

test('what is no secret is refused with what to do', () => {
  assert.match(run(['set', 'haidian', 'sms-tencent']).stderr, /Nothing came on standard input/);
  assert.match(run(['set', 'haidian', 'sms-tencent'], 'a\0b').stderr, /cannot hold a NUL/);
  assert.match(run(['set', 'haidian', 'SMS'], secret).stderr, /cannot name a secret/);
  assert.match(run(['set', 'haidian', 'sms-tencent'], 'x'.repeat(20000)).stderr, /longer than 16 KB/);
  assert.equal(run(['set', 'haidian']).status, 2);
  assert.equal(run(['set', 'nowhere', 'sms-tencent'], secret).status, 1);
});

test('it stands in no file of the deployment', () => {
  assert.equal(run(['set', 'haidian', 'sms-tencent'], secret).status, 0);
  kaowu(['audit', 'verify', 'haidian', '--data', deployment.data]);
  for (const entry of readdirSync(deployment.data, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) assert.ok(!readFileSync(join(entry.parentPath ?? entry.path, entry.name)).includes(secret), entry.name);
  assert.ok(!deployment.log.includes(secret));
});
