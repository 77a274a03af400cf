// A new version of a plugin is installed while candidates are at work: nobody's request fails, the plan that was there keeps
// its version, and the plan that is made now has the new one (S22).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { consent } from './candidate.mjs';
import { Client } from './client.mjs';
import { build } from './deployment.mjs';
import { deploymentWith, listed, tenantWith } from './plugin_plans.mjs';
import { fixture } from './plugins.mjs';
import { Applicant, seeded, Traffic } from './workload.mjs';

const seed = Number(process.env.KAOWU_SEED ?? Date.now() % 1000000);
const random = seeded(seed);
const run = promisify(execFile);
const id = 'edition.1';

let deployment;
before(async () => {
  deployment = await deploymentWith(['edition_1'], [id]);
  await deployment.start();
});
after(() => deployment.end());

// Beside the server, which goes on meanwhile.
const kaowu = (...words) => run(join(build, 'kaowu'), [...words, '--data', deployment.data]);

const editions = [
  { version: '1.0.0', words: '按第一版核对', materials: ['portrait'] },
  { version: '2.0.0', words: '按第二版核对', materials: ['portrait', 'certificate'] },
];

// Works on, and knows which edition its plan has: every verdict and every list of materials must be that one's.
class Witness extends Applicant {
  constructor(client, plan, order, edition) {
    super(client, plan, order, random);
    Object.assign(this, { edition, handedIn: 0 });
  }

  see(view) {
    super.see(view);
    if (view.condition) assert.deepEqual(view.materials.map((material) => material.id), this.edition.materials);
    if (view.state !== 'reviewing') return;
    const spoken = view.verdict.trace.filter((entry) => entry.kind === 'plugin');
    assert.deepEqual(spoken.map(({ source, text }) => [source, text]), [[`${id} ${this.edition.version}`, this.edition.words]]);
    assert.equal(view.manual, false);
    this.handedIn++;
  }
}

let orders = 0;
async function witness(plan, edition) {
  const order = ++orders;
  const client = await new Client(deployment, 'haidian').signUp(`138000081${String(order).padStart(2, '0')}`);
  await consent(client);
  return new Witness(client, plan, order, edition);
}

const plansOf = async () => (await new Client(deployment, 'haidian').get('/plans', { expect: 200 })).body.plans.filter(({ name }) => name.startsWith(id));

const traffic = new Traffic();
const letWork = (witnesses) => traffic.join(witnesses, (each) => each.step());
const handIns = (witnesses) => witnesses.map((each) => each.handedIn);
const everybody = [];

test(`S22: a new version is installed under load (seed ${seed})`, { timeout: 180000 }, async (t) => {
  const [plan] = await plansOf();
  const old = await Promise.all(Array.from({ length: 8 }, () => witness(plan, editions[0])));
  letWork(old);
  await traffic.until(() => old.every((each) => each.handedIn > 0));

  await kaowu('plugin', 'install', fixture('edition_2'), '--trust-unsigned');
  const folder = tenantWith([id, { id, version: editions[1].version }]);
  await kaowu('tenant', 'apply', folder);
  rmSync(folder, { recursive: true });
  let plans = [];
  while (plans.length < 2) plans = await plansOf();

  const before = handIns(old);
  const fresh = await Promise.all(Array.from({ length: 8 }, () => witness(plans.find((each) => each.id !== plan.id), editions[1])));
  letWork(fresh);
  await traffic.until(() => fresh.every((each) => each.handedIn > 1) &&
    old.every((each, number) => each.handedIn > before[number]));
  await traffic.end();

  everybody.push(...old, ...fresh);
  await Promise.all(everybody.map((each) => each.verify()));
  const steps = everybody.reduce((sum, each) => sum + each.steps, 0);
  t.diagnostic(`seed ${seed}: ${steps} writes, none failed`);
});

test('both versions stand beside each other, and neither is in quarantine', () => {
  const lines = listed(deployment, id).split('\n');
  assert.deepEqual(lines.map((line) => line.split(/ +/)[1]), ['2.0.0', '1.0.0']);
  for (const line of lines) assert.match(line, / active /);
  assert.doesNotMatch(deployment.log, /"level":"error"/);
});

test('a start later, each plan still has its own', { timeout: 60000 }, async () => {
  assert.equal(await deployment.stop(), 0);
  await deployment.start();
  const materials = [];
  for (const plan of await plansOf()) {
    const { body } = await new Client(deployment, 'haidian').get(`/plans/${plan.id}`, { expect: 200 });
    materials.push(body.conditions[0].materials);
  }
  assert.deepEqual(materials.sort((one, other) => one.length - other.length), editions.map((edition) => edition.materials));
  for (const each of everybody) {
    const before = each.handedIn;
    while (each.handedIn === before) await each.step();
  }
});
