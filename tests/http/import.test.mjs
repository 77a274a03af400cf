// A centre moves to another deployment: whole, with its own keys under another master key, and nothing of it by halves.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { build, Deployment, kaowu } from './deployment.mjs';

const mobile = '13800009001';
let old, fresh, client, scan;
before(async () => {
  old = await (await Deployment.make()).start();
  client = new Client(old, 'haidian');
  await candidate.apply(client, 41, mobile);
  scan = (await client.get(`/applications/${client.application}/materials/application_form`, { expect: 200 })).bytes;
  assert.equal(await old.stop(), 0);
  fresh = new Deployment();
  fresh.data = mkdtempSync(join(tmpdir(), 'kaowu-moved-'));
});
after(async () => {
  await fresh.end();
  old.remove();
});

// {status, out, error} of `kaowu tenant import haidian FROM`.
function bring(from, data) {
  const { status, stdout, stderr } = spawnSync(join(build, 'kaowu'),
    ['tenant', 'import', 'haidian', from, '--data', data, '--language', 'en'], { encoding: 'utf8' });
  return { status, out: stdout, error: stderr };
}
const tenants = (data) => kaowu(['tenant', 'list', '--data', data]).trim().split('\n').map((line) => line.split(/ +/).slice(0, 2).join(' '));

test('one that is in use stays where it is', () => {
  const { status, error } = bring(old.data, fresh.data);
  assert.equal(status, 1);
  assert.match(error, /is in use.* Run kaowu tenant suspend haidian there first\. \[tenant\.import_active\]/);
  assert.deepEqual(tenants(fresh.data), ['']);
  assert.equal(existsSync(join(fresh.data, 'tenants')), false);
  assert.match(bring('/nowhere', fresh.data).error, /There is no deployment in \/nowhere/);
});

test('it comes by a deployment of its own that is carried, suspended, and says what it needs', () => {
  kaowu(['tenant', 'suspend', 'haidian', '--data', old.data]);
  const carried = join(fresh.data, 'carried');
  mkdirSync(join(carried, 'tenants', '.haidian.import', 'files'), { recursive: true, mode: 0o700 }); // one that was killed half-way
  writeFileSync(join(carried, 'tenants', '.haidian.import', 'tenant.db'), 'half a database');
  for (const [from, to] of [[old.data, carried], [carried, fresh.data]]) {
    const { status, out, error } = bring(from, to);
    assert.equal(status, 0, error);
    assert.match(out, /^The centre haidian is here now, suspended: .* kaowu tenant resume haidian/);
    assert.match(out, /It needs plugin supply-chain-manager\.1 \S+ \(\w{12}\), which is not here/);
    assert.deepEqual(tenants(to), ['haidian suspended']);
    assert.deepEqual(readdirSync(join(to, 'tenants')), ['haidian']);
    assert.deepEqual(readdirSync(join(to, 'tenants', 'haidian')).filter((name) => !/^(files|tenant\.db.*)$/.test(name)), []);
  }
  const keys = [old.data, carried, fresh.data].map((data) => readFileSync(join(data, 'master.key'), 'hex'));
  assert.equal(new Set(keys).size, 3);
  rmSync(carried, { recursive: true });
  assert.match(bring(old.data, fresh.data).error, /There is a tenant "haidian" already/);
});

test('opened there, everybody finds what was theirs', async () => {
  const files = readdirSync(join(build, 'plugins')).filter((name) => /_level_1\.so$/.test(name)).map((name) => join(build, 'plugins', name));
  kaowu(['plugin', 'install', ...files, '--trust-unsigned', '--data', fresh.data], { stdio: 'pipe' });
  kaowu(['tenant', 'resume', 'haidian', '--data', fresh.data]);
  const told = kaowu(['doctor', '--data', fresh.data], { stdio: 'pipe' });
  assert.match(told, /^ok {4}tenant haidian: database and audit chain \([1-9]\d* rows\)$/m);
  await fresh.start();
  const moved = new Client(fresh, 'haidian');
  const { body } = await moved.post('/sessions', { mobile, password: 'placeholder-password-1' }, { expect: 201 });
  moved.token = body.token;
  const seen = (await moved.get(`/applications/${client.application}`, { expect: 200 })).body;
  assert.deepEqual([seen.number, seen.state, seen.form.details.name], [client.number, 'reviewing', '张三']);
  assert.deepEqual((await moved.get(`/applications/${client.application}/materials/application_form`, { expect: 200 })).bytes, scan);
});

// Holds what an import holds while it works, and says so.
const holder = `
import fcntl, os, sys
fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX)
print('held', flush=True)
sys.stdin.read()`;

test('two imports at once: the second one leaves alone what the first one is making', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'kaowu-beside-'));
  const made = join(data, 'tenants', '.haidian.import');
  mkdirSync(made, { recursive: true, mode: 0o700 });
  writeFileSync(join(made, 'tenant.db'), 'half a database');
  const first = spawn('python3', ['-c', holder, data], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(first, 'exit');
  t.after(() => rmSync(data, { recursive: true }));
  await once(first.stdout, 'data');
  const { status, error } = bring(old.data, data);
  const left = readdirSync(join(data, 'tenants'));
  first.stdin.end();
  await ended;
  assert.equal(status, 1);
  assert.match(error, /another import .* \[tenant\.import_beside\]/i);
  assert.deepEqual(left, ['.haidian.import']);
  assert.equal(bring(old.data, data).status, 0);
});

// As a program before the last migration of control.db has left it; with or without this, the newest that it has.
const older = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
if len(sys.argv) > 2:
    db.executescript("ALTER TABLE tenant DROP COLUMN touches; DROP TABLE recovery_code; DROP TABLE second_factor;"
                     "DELETE FROM migration WHERE file > 'control_0007' AND file < 'control_9'")
print(db.execute('SELECT MAX(file) FROM migration').fetchone()[0])`;

test('what it comes from is left to the program that it belongs to', (t) => {
  const data = mkdtempSync(join(tmpdir(), 'kaowu-older-'));
  t.after(() => rmSync(data, { recursive: true }));
  const from = join(data, 'from'), control = join(from, 'control.db');
  cpSync(old.data, from, { recursive: true });
  const newest = (...words) => execFileSync('python3', ['-c', older, control, ...words], { encoding: 'utf8' }).trim();
  assert.equal(newest('undo'), 'control_0006_backup.sql');
  const { status, error } = bring(from, join(data, 'to'));
  assert.equal(status, 0, error);
  assert.equal(newest(), 'control_0006_backup.sql');
});

test('without its files it does not come', (t) => {
  const data = mkdtempSync(join(tmpdir(), 'kaowu-fileless-'));
  t.after(() => rmSync(data, { recursive: true }));
  const files = join(old.data, 'tenants', 'haidian', 'files'), aside = join(old.data, 'aside');
  renameSync(files, aside);
  symlinkSync(files, files);
  const { status, error } = bring(old.data, data);
  rmSync(files);
  renameSync(aside, files);
  assert.equal(status, 1);
  assert.match(error, /tenants\/haidian\/files cannot be read .* \[file\.unreadable\]/);
  assert.deepEqual(tenants(data), ['']);
  assert.deepEqual(readdirSync(join(data, 'tenants')), []);
});

test('what is in the way of its name is not touched', (t) => {
  const data = mkdtempSync(join(tmpdir(), 'kaowu-in-way-'));
  t.after(() => rmSync(data, { recursive: true }));
  mkdirSync(join(data, 'tenants', 'haidian'), { recursive: true });
  writeFileSync(join(data, 'tenants', 'haidian', 'tenant.db'), 'somebody else\'s');
  const { status, error } = bring(old.data, data);
  assert.equal(status, 1);
  assert.match(error, /tenants\/haidian is there already and belongs to no tenant .* Move it away first\. \[tenant\.import_in_way\]/);
  assert.deepEqual(tenants(data), ['']);
  assert.deepEqual(readdirSync(join(data, 'tenants')), ['haidian']);
  assert.equal(readFileSync(join(data, 'tenants', 'haidian', 'tenant.db'), 'utf8'), 'somebody else\'s');
});

test('an import that was killed before its last step can be given again, and its name is nobody else\'s', (t) => {
  const data = mkdtempSync(join(tmpdir(), 'kaowu-killed-'));
  t.after(() => rmSync(data, { recursive: true }));
  const own = join(data, 'tenants', 'haidian');
  mkdirSync(own, { recursive: true });
  for (const name of ['.import', 'tenant.db']) writeFileSync(join(own, name), '');
  assert.throws(() => kaowu(['tenant', 'add', 'haidian', '--data', data], { stdio: 'pipe' }), /tenant\.import_in_way/);
  const { status, error } = bring(old.data, data);
  assert.equal(status, 0, error);
  assert.deepEqual(tenants(data), ['haidian suspended']);
});
