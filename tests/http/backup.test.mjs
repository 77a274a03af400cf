// A backup made under load, restored to another folder: every byte is what was copied, all that was acknowledged before it
// began is in it, and a server goes on from there.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { build, Deployment, kaowu } from './deployment.mjs';
import { eventually } from './patience.mjs';
import { Applicant, seeded, Traffic } from './workload.mjs';

const random = seeded(Number(process.env.KAOWU_SEED ?? Date.now() % 1000000));
const applicants = [];
let deployment, folder, restored;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kaowu-backup-'));
  deployment = await (await Deployment.make({ tenants: ['haidian'] })).start();
  for (let order = 1; order <= 2; order++) {
    const client = await new Client(deployment, 'haidian').signUp(`138000032${String(order).padStart(2, '0')}`);
    await candidate.consent(client);
    applicants.push(new Applicant(client, await candidate.planOf(client), order, random));
  }
});
after(async () => {
  await restored?.end();
  await deployment.end();
  rmSync(folder, { recursive: true, force: true });
});

// {status, told}; what else goes on in this process goes on.
const run = (words) => new Promise((resolve) => {
  execFile(join(build, 'kaowu'), words, { env: { ...process.env, LANG: 'en_US.UTF-8' } },
    (error, out, told) => resolve({ status: error ? error.code : 0, told: out + told }));
});

const copy = () => join(folder, 'copy');
const place = () => join(folder, 'restored');

// What a backup leaves out, from where the operator keeps it.
function restore() {
  rmSync(place(), { recursive: true, force: true });
  cpSync(copy(), place(), { recursive: true });
  for (const name of ['master.key', 'plugins']) cpSync(join(deployment.data, name), join(place(), name), { recursive: true });
}

// Each keeps what its application was at every version that was acknowledged.
async function stepRemembered(applicant) {
  await applicant.step();
  (applicant.history ??= new Map()).set(applicant.content.version, applicant.content);
}

test('a backup under load is found by doctor byte by byte as it was copied', async () => {
  const traffic = new Traffic();
  traffic.join(applicants, stepRemembered);
  await traffic.until(() => applicants.every(({ steps }) => steps > 10));
  for (const applicant of applicants) applicant.known = applicant.content.version;
  const { status, told } = await run(['backup', copy(), '--data', deployment.data]);
  await traffic.end();
  assert.equal(status, 0, told);

  restore();
  for (let times = 0; times < 2; times++) {
    const found = await run(['doctor', '--data', place()]);
    assert.equal(found.status, 0, found.told);
    assert.match(found.told, /ok {4}as backed up, byte by byte \(3 files\)/);
    assert.match(found.told, /ok {4}tenant haidian: database and audit chain/);
  }
});

test('where the master key was lost, what is there can be copied still', async () => {
  const [key, away] = ['master.key', 'master.key.away'].map((name) => join(deployment.data, name));
  const target = `${copy()}-keyless`;
  renameSync(key, away);
  const { status, told } = await run(['backup', target, '--data', deployment.data]);
  const made = existsSync(key);
  renameSync(away, key);
  assert.equal(status, 0, told);
  assert.ok(!made); // nor is another one made
  assert.ok(existsSync(join(target, 'SHA256SUMS')));
});

test('a centre that is damaged is told by its name, and the others are copied', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'kaowu-damaged-'));
  t.after(() => rmSync(data, { recursive: true }));
  for (const slug of ['first', 'second', 'third']) kaowu(['tenant', 'add', slug, '--data', data]);
  writeFileSync(join(data, 'tenants', 'second', 'tenant.db'), 'no database at all'.repeat(1000));
  const target = join(data, 'copy');
  const { status, told } = await run(['backup', target, '--data', data]);
  assert.equal(status, 1);
  assert.equal(told.match(/tenants\/second: .* \[store\.\w+\]/g).length, 1);
  assert.match(told, /Of 1 centres there is no whole copy.* \[command\.backup_partial\]/);
  for (const name of ['control.db', 'tenants/first/tenant.db', 'tenants/third/tenant.db'])
    assert.ok(existsSync(join(target, name)), name);
  assert.ok(!existsSync(join(target, 'SHA256SUMS')));
});

test('a byte more, or a file that is missing, is told by its name', async () => {
  const spoil = {
    'tenants/haidian/tenant.db': (path) => appendFileSync(path, 'x'),
    'control.db': (path) => cpSync(join(place(), 'tenants/haidian/tenant.db'), path),
    'tenants/haidian/files': (path) => rmSync(path, { recursive: true }),
  };
  for (const [name, act] of Object.entries(spoil)) {
    restore();
    act(join(place(), name));
    const { status, told } = await run(['doctor', '--data', place()]);
    assert.equal(status, 1);
    assert.match(told, new RegExp(`${name}.* is not what .*SHA256SUMS says of it: restore it`));
  }
  restore();
});

test('doctor only looks: plugins that are not there yet are told of, and once they are, all is well', async () => {
  rmSync(join(place(), 'plugins'), { recursive: true });
  for (let times = 0; times < 2; times++) {
    const { status, told } = await run(['doctor', '--data', place()]);
    assert.equal(status, 1);
    assert.match(told, /fail {2}plugin supply-chain-manager\.1 .*: its file is gone or not what was installed/);
    assert.match(told, /ok {4}as backed up, byte by byte/);
  }
  cpSync(join(deployment.data, 'plugins'), join(place(), 'plugins'), { recursive: true });
  const { status, told } = await run(['doctor', '--data', place()]);
  assert.equal(status, 0, told);
});

test('a server goes on from the copy, with all that was acknowledged before it was begun', async () => {
  restored = new Deployment();
  restored.data = place();
  await restored.start();
  assert.ok(!existsSync(join(place(), 'SHA256SUMS')));
  assert.ok(existsSync(join(copy(), 'SHA256SUMS')));
  for (const applicant of applicants) {
    const { known, history, client, id } = applicant;
    client.deployment = restored;
    applicant.see((await client.get(`/applications/${id}`, { expect: 200 })).body);
    assert.ok(applicant.content.version >= known);
    assert.deepEqual(applicant.content, history.get(applicant.content.version));
    for (const material of Object.keys(applicant.content.files)) await applicant.verifyUploaded(material);
    await applicant.step();
  }
});

// Nobody else opens a database while this one holds it: whoever copies it waits.
const holder = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute('PRAGMA locking_mode = EXCLUSIVE')
db.execute('BEGIN EXCLUSIVE')
print('held', flush=True)
sys.stdin.read()
db.execute('ROLLBACK')`;

test('a centre that is made while the others are copied is in the copy as a whole, and so is one that is suspended', async () => {
  const busy = await Deployment.make({ tenants: ['haidian'] });
  const target = join(folder, 'busy');
  const held = spawn('python3', ['-c', holder, join(busy.data, 'tenants/haidian/tenant.db')]);
  await new Promise((resolve) => held.stdout.once('data', resolve));
  const copied = run(['backup', target, '--data', busy.data]);
  await eventually('the first centre is begun', () => existsSync(target));
  kaowu(['tenant', 'add', 'later', '--data', busy.data]);
  kaowu(['tenant', 'suspend', 'haidian', '--data', busy.data]);
  held.stdin.end();
  const { status, told } = await copied;
  assert.equal(status, 0, told);

  for (const name of ['master.key', 'plugins']) cpSync(join(busy.data, name), join(target, name), { recursive: true });
  const found = await run(['doctor', '--data', target]);
  busy.remove();
  assert.equal(found.status, 0, found.told);
  for (const slug of ['haidian', 'later']) assert.match(found.told, new RegExp(`ok {4}tenant ${slug}: database and audit chain`));
});

test('a folder of files that cannot be read is not taken for one that is not there', async (t) => {
  const broken = await Deployment.make({ tenants: ['haidian'] });
  t.after(() => broken.remove());
  const files = join(broken.data, 'tenants/haidian/files');
  symlinkSync(files, files);
  const target = join(folder, 'broken');
  const { status, told } = await run(['backup', target, '--data', broken.data]);
  assert.equal(status, 1);
  assert.match(told, /tenants\/haidian\/files cannot be read .* \[file\.unreadable\]/);
  assert.equal(existsSync(join(target, 'SHA256SUMS')), false);
  const found = await run(['doctor', '--data', broken.data]);
  assert.equal(found.status, 1);
  assert.match(found.told, /fail {2}.*tenants\/haidian\/files cannot be read/);
});
