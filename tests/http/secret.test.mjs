// `kaowu secret`: keys of others come in on standard input, lie sealed, and are never told again; and by which key a
// centre seals what is its own (`kaowu tenant rotate`).
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { build, Deployment, kaowu } from './deployment.mjs';
import { eventually, pause } from './patience.mjs';

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
  const most = 'x'.repeat(16384);
  assert.match(run(['set', 'haidian', 'sms-tencent'], `${most}\r\nand more`).stderr, /longer than 16 KB/);
  assert.equal(run(['set', 'haidian', 'sms-tencent'], `${most}\r\n`).status, 0);
  assert.equal(run(['remove', 'haidian', 'sms-tencent']).status, 0);
  assert.equal(run(['set', 'haidian']).status, 2);
  assert.equal(run(['set', 'nowhere', 'sms-tencent'], secret).status, 1);
});

// Holds the registry's database from when it has printed a line until its input ends.
const holder = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()`;

test('what was done although the server could not be told of it is not called failed', async () => {
  const held = spawn('python3', ['-c', holder, join(deployment.data, 'control.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(held.stdout, 'data');
    const { status, stderr } = run(['set', 'haidian', 'sms-aliyun'], secret);
    assert.match(stderr, /do not repeat it/);
    assert.equal(status, 0, stderr);
  } finally {
    held.stdin.end();
    await once(held, 'exit');
  }
  assert.match(run(['list', 'haidian']).stdout, /^sms-aliyun /m);
  assert.equal(run(['remove', 'haidian', 'sms-aliyun']).status, 0);
});

test('it stands in no file of the deployment', () => {
  assert.equal(run(['set', 'haidian', 'sms-tencent'], secret).status, 0);
  kaowu(['audit', 'verify', 'haidian', '--data', deployment.data]);
  for (const entry of readdirSync(deployment.data, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) assert.ok(!readFileSync(join(entry.parentPath ?? entry.path, entry.name)).includes(secret), entry.name);
  assert.ok(!deployment.log.includes(secret));
});

test('a centre seals by a new key, while it is served, and reads what the old one has sealed', async () => {
  const client = new Client(deployment, 'haidian');
  const { id } = await candidate.apply(client, 1, '13800007301');
  const written = async () => (await client.get(`/applications/${id}`)).body.form.details;
  const before = await written();
  assert.equal(before.name, '张三');
  const reloads = () => deployment.log.split('serve.reloaded').length;
  const known = reloads();
  kaowu(['tenant', 'rotate', 'haidian', '--data', deployment.data]);
  await eventually(() => `a reload\n${deployment.log}`, () => reloads() > known);
  assert.deepEqual(await written(), before);
  const next = new Client(deployment, 'haidian');
  await candidate.apply(next, 2, '13800007302');
  const picture = async () => (await client.get(`/applications/${id}/materials/certificate`, { expect: 200 })).bytes;
  const seen = await picture();
  const reseal = () => /sealed (\d+) values and (\d+) files by the newest key; 0 do not open/
    .exec(kaowu(['tenant', 'reseal', 'haidian', '--data', deployment.data]));
  const [, values, files] = reseal();
  assert.ok(Number(values) > 0 && Number(files) > 0, `${values} values, ${files} files`);
  assert.deepEqual(reseal().slice(1), ['0', '0']);
  assert.deepEqual(await written(), before);
  assert.deepEqual(await picture(), seen);
});

test('what a server writes before it has heard of a new key is sealed by it in the end', async () => {
  const client = new Client(deployment, 'haidian');
  await client.signUp('13800007303');
  await candidate.draft(client, await candidate.planOf(client));
  const words = ['tenant', 'reseal', 'haidian', '--data', deployment.data];
  kaowu(['tenant', 'rotate', 'haidian', '--data', deployment.data]);
  const resealed = promisify(execFile)(join(build, 'kaowu'), words);
  for (let i = 0; i < 5; i++) {
    await pause(100);
    await candidate.topic(client, 'details', candidate.details(3, `王${'五'.repeat(i + 1)}`));
  }
  await resealed;
  assert.match(kaowu(words), /sealed 0 values and 0 files/);
  await deployment.stop();
  assert.match(kaowu(['doctor', '--data', deployment.data]), /haidian: database and audit chain/);
});
