// The bad plugins of tests/plugin/fixtures beside others' traffic: each is refused when it is installed, or set aside when it
// fails, with a sentence that says why; and of the others' requests none fails (S22).
//
// KAOWU_HOSTILE_REQUESTS=10000 is the full count; by itself it stops at fewer, for it takes minutes with sanitizers.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { build, kaowu } from './deployment.mjs';
import { deploymentWith, filled, listed, planFor } from './plugin_plans.mjs';
import { fixture, installBeside, processesOf } from './plugins.mjs';
import { Applicant, seeded, Traffic } from './workload.mjs';

const seed = Number(process.env.KAOWU_SEED ?? Date.now() % 1000000);
const random = seeded(seed);
const wanted = Number(process.env.KAOWU_HOSTILE_REQUESTS ?? 2500);

// Those that behave until they are asked: their plan, their reason.
const failing = {
  crash_in_function: ['crasher.1', 'crashed'],
  hang_in_function: ['hanger.1', 'hung'],
  allocates: ['allocator.1', 'crashed'],
  forks: ['forker.1', 'crashed'],
  opens_a_file: ['reader.1', 'crashed'],
  connects: ['caller.1', 'crashed'],
  writes_garbage: ['scribbler.1', 'garbage'],
  gigabyte: ['gigabyte.1', 'garbage'],
  flood_of_findings: ['flooder.1', 'garbage'],
  garbage_finding: ['garbler.1', 'garbage'],
  unknown_field: ['stranger.1', 'garbage'],
  changes_answer: ['waverer.1', 'unsteady'],
  later_crash_at_load: ['later-crasher.1', 'crashed'],
  later_hang_at_load: ['later-hanger.1', 'hung'],
  later_lies: ['later-liar.1', 'unsteady'],
  later_forger: ['later-forger.1', 'garbage'],
};

// Those that nothing is wrong with, or nothing that shows here (tests/plugin/test_acts.c); all others have a sin that shows at once.
const decent = ['acts', 'acts_at_loading', 'alternatives', 'checks_form', 'decent', 'edition_1', 'edition_2', 'every_condition', 'newer_unused',
  'newer_version', 'older', 'remembers', 'same_version'];
const refused = readdirSync(join(build, 'tests-plugins')).map((file) => file.replace('.so', ''))
  .filter((name) => !decent.includes(name) && !(name in failing));

let deployment;
const applicants = {};
before(async () => {
  deployment = await deploymentWith([...Object.keys(failing), 'edition_1'], [...Object.values(failing).map(([id]) => id), 'edition.1']);
  await deployment.start();
  await Promise.all(Object.values(failing).map(async ([id], number) => (applicants[id] = await filled(deployment, 100 + number, id))));
});
after(() => deployment.end());

// Of others: they write as anybody does, and look at everything that a candidate sees.
let requests = 0;
async function goOn(applicant) {
  await applicant.step();
  const reads = ['/plans', `/plans/${applicant.plan.id}`, '/applications', applicant.path, `${applicant.path}/preview`];
  for (const path of reads) await applicant.client.get(path, { expect: 200 });
  requests += 1 + reads.length;
}

const traffic = new Traffic();
test('eight others go on working', async () => {
  const others = [];
  for (let order = 1; order <= 8; order++) {
    const client = await new Client(deployment, 'haidian').signUp(`138000082${String(order).padStart(2, '0')}`);
    await candidate.consent(client);
    others.push(new Applicant(client, await planFor(client, 'edition.1'), order, random));
  }
  traffic.join(others, goOn);
  await traffic.until(() => requests > 100);
});

const kept = () => [kaowu(['plugin', 'list', '--data', deployment.data]), readdirSync(join(deployment.data, 'plugins')).sort()];

// Some at a time: most of the time they are waited for.
async function each(list, act) {
  const left = [...list];
  await Promise.all(Array.from({ length: 4 }, async () => {
    while (left.length > 0) await act(left.shift());
  }));
}

async function expectRefused(name) {
  const { status, out, error, ms } = await installBeside(deployment, fixture(name));
  assert.equal(status, 1, `${name}: ${out}${error}`);
  assert.equal(out, '');
  // In a test's build the worker's sanitizer may speak first.
  assert.match(error, /^kaowu: \S+: [^\n]{20,400}\. \[[a-z_.]+\]\n/m, name);
  assert.doesNotMatch(error.slice(error.indexOf('kaowu: ')), /Sanitizer|0x[0-9a-f]{6}|\.c:\d/, name);
  assert.ok(ms < 30000, `${name}: ${ms} ms`);
}

test(`S22: each of ${refused.length} is refused with a sentence when it is installed, and nothing of it is kept`, async () => {
  const before = kept();
  assert.ok(refused.length >= 20);
  await each(refused, expectRefused);
  assert.deepEqual(kept(), before);
});

async function expectSetAside([id, reason]) {
  const { body } = await candidate.submit(applicants[id]);
  assert.deepEqual([body.state, body.manual, body.verdict.outcome], ['reviewing', true, 'review'], id);
  const [entry] = body.verdict.trace.filter(({ kind }) => kind === 'plugin');
  assert.match(entry.text, /^[^\n]{10,}。$/, id);
  assert.match(listed(deployment, id), new RegExp(` quarantined +The plugin's [^\n]{20,400}\\. \\[plugin\\.${reason}\\]$`));
}

test(`S22: each of ${Object.keys(failing).length} is set aside with a sentence when it is asked, and the application goes to a reviewer`,
  () => each(Object.values(failing), expectSetAside));

test(`S22: of ${wanted} requests of the others none failed (seed ${seed})`, async (t) => {
  await traffic.until(() => requests >= wanted);
  await traffic.end();
  t.diagnostic(`seed ${seed}: ${requests} requests`);
  assert.match(listed(deployment, 'edition.1'), / active +$/);
});

test('the server ends well, and leaves no process behind', async () => {
  assert.equal(await deployment.stop(), 0);
  assert.deepEqual(processesOf(deployment), []);
});
