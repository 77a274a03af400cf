// What is no plugin is refused; one that went bad on the disk is set aside, and nobody is refused because of it (S22).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import * as candidate from './candidate.mjs';
import { build, Deployment, kaowu } from './deployment.mjs';
import { pause } from './patience.mjs';
import { installBeside, makePlugin, processesOf } from './plugins.mjs';
import * as staff from './staff.mjs';

let deployment;
before(async () => {
  deployment = await (await Deployment.make({ tenants: ['haidian'] })).start();
});
after(async () => {
  await deployment.kill();
  deployment.remove();
});

const install = (path) => installBeside(deployment, path);
const installed = () => kaowu(['plugin', 'list', '--data', deployment.data]).trim().split('\n');
const files = () => readdirSync(join(deployment.data, 'plugins')).sort();

test('what is no plugin at all is refused as well', async () => {
  for (const path of [new URL(import.meta.url).pathname, '/dev/zero', '/nowhere/at/all.so', deployment.data]) {
    const { status, error } = await install(path);
    assert.equal(status, 1);
    assert.match(error, /^kaowu: \S+: [^\n]+\. \[(file|plugin)\.\w+\]\n/);
  }
});

// Somebody else's transaction on control.db; the function that is given ends it.
async function written() {
  const program = `import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
db.execute('BEGIN IMMEDIATE')
print('begun', flush=True)
sys.stdin.read()`;
  const child = spawn('python3', ['-c', program, join(deployment.data, 'control.db')], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return () => child.stdin.end();
}

test('of other tables under one version one is let in, and the others are refused, also when they come at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-plugin-'));
  const subject = (minutes) => `.subjects = KAOWU_ROWS(kaowu_subject, {"theory", "理论知识考试", ${minutes}, 100, 60})`;
  try {
    const builds = [60, 70, 80].map((minutes) => makePlugin(folder, subject(minutes)));
    const end = await written();
    const coming = Promise.all(builds.map(install));
    await pause(1000); // all have been looked at by now, as a rule, and wait for their turn
    end();
    const told = await coming;
    assert.equal(told.filter(({ status }) => status === 0).length, 1, JSON.stringify(told));
    for (const { status, error } of told) if (status) assert.match(error, /plugin\.version_taken/);
    assert.equal(installed().filter((line) => line.startsWith('tester.1 ')).length, 1);
    assert.equal(files().filter((file) => file.startsWith('tester.1-')).length, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// ---- One that went bad after it was installed ----

const occupation = { altered: '供应链管理师', honest: '互联网营销师' };
const original = join(build, 'plugins', 'supply-chain-manager_level_1.so');
const sha256 = createHash('sha256').update(readFileSync(original)).digest('hex');
const installedFile = () => join(deployment.data, 'plugins', files().find((file) => file.startsWith('supply-chain-manager')));

// Four years and some: not enough, whoever judges.
const short = (name) => ({
  facts: candidate.certificate('2022-07-01', name),
  history: { work: [candidate.period('2022-07', null, name)] },
});

async function filled(order, name) {
  const own = await new Client(deployment, 'haidian').signUp(`138000060${String(order).padStart(2, '0')}`);
  await candidate.draft(own, await candidate.planOf(own, name));
  await candidate.fill(own, order, short(name));
  return own;
}

const preview = async (own) => (await own.get(`/applications/${own.application}/preview`, { expect: 200 })).body;
const readmit = () => kaowu(['plugin', 'readmit', sha256.slice(0, 12), '--data', deployment.data], { stdio: 'pipe' });

test('a plugin\'s file that was altered on disk is in quarantine from the next start on', async () => {
  assert.equal(await deployment.stop(), 0);
  appendFileSync(installedFile(), 'x');
  await deployment.start();
  assert.match(deployment.log, /"event":"plugin\.quarantined"/);
  const line = installed().find((each) => each.startsWith('supply-chain-manager.1'));
  assert.match(line, /quarantined +The plugin's file is gone or not what was installed: .* \[plugin\.file_differs\]$/);
  assert.equal(installed().filter((each) => / active /.test(each)).length, 2);
  assert.throws(() => kaowu(['doctor', '--data', deployment.data], { stdio: 'pipe' }),
    (error) => error.status === 1 &&
      /^fail +plugin supply-chain-manager\.1 .*file is gone or not what was installed.*plugin\.file_differs/m.test(error.stderr));
});

test('its plan goes on taking applications, and a reviewer judges them', async () => {
  const own = await filled(1, occupation.altered);
  const seen = await preview(own);
  assert.equal(seen.manual, true);
  const { body } = await candidate.submit(own);
  assert.equal(body.state, 'reviewing');
  assert.equal(body.manual, true);
  const reviewer = await new Client(deployment, 'haidian').accept('reviewer1');
  assert.equal((await reviewer.get(`/review/applications/${own.application}`, { expect: 200 })).body.manual, true);
  const queue = (await reviewer.get('/review/applications', { expect: 200 })).body.applications;
  assert.equal(queue.find((each) => each.id === own.application).manual, true);
  await staff.approve(reviewer, own.application);
});

test('the other plans notice nothing', async () => {
  const own = await filled(2, occupation.honest);
  const seen = await preview(own);
  assert.equal(seen.manual, false);
  assert.equal(seen.verdict.outcome, 'not_met');
  assert.equal((await candidate.submit(own, { expect: 422 })).body.code, 'eligibility.not_met');
});

test('the operator readmits it once the file is what was installed, and the running server knows at once', async () => {
  const own = await filled(3, occupation.altered);
  assert.equal((await preview(own)).manual, true);
  assert.throws(readmit, (error) =>
    error.status === 1 && /: remove that file and install the plugin again\. \[plugin\.file_changed\]/.test(error.stderr));
  rmSync(installedFile());
  assert.match((await install(original)).out, /^installed supply-chain-manager\.1 .* quarantined\)/);
  assert.equal((await preview(own)).manual, true);
  readmit();
  assert.equal((await preview(own)).manual, false);
  assert.equal((await candidate.submit(own, { expect: 422 })).body.code, 'eligibility.not_met');
  assert.match(kaowu(['doctor', '--data', deployment.data]), /^ok +plugins$/m);
});

test('the server ends well', async () => {
  assert.equal(await deployment.stop(), 0);
  assert.deepEqual(processesOf(deployment), []);
});
