// The disk fills up under load: who writes hears 507 or 503, who reads is served, and when there is room again the same
// process goes on, with everything that was acknowledged.
//
// The disk is full because the shim says so, or, with KAOWU_FULL_FOLDER naming a small file system that holds the data
// (`./dev fault full` mounts one), because a file lies in the way that takes all the rest.
import assert from 'node:assert/strict';
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment, kaowu } from '../http/deployment.mjs';
import { Applicant, seeded, Traffic } from '../http/workload.mjs';
import { long, Machine, minutes } from './faults.mjs';

const folder = process.env.KAOWU_FULL_FOLDER;
const ballast = folder && join(folder, 'ballast');
const seed = Number(process.env.KAOWU_SEED ?? Date.now() % 1000000);
const random = seeded(seed);
const rounds = long ? 20 : 2;
const patience = 60000; // ms, for a phase to be over

let deployment, machine;
const applicants = [];

before(async () => {
  deployment = await Deployment.make({ tenants: ['haidian'] });
  machine = new Machine(deployment.data);
  await deployment.start({ env: machine.env });
  for (let order = 1; order <= (long ? 8 : 2); order++) {
    const client = await new Client(deployment, 'haidian').signUp(`138000033${String(order).padStart(2, '0')}`);
    await candidate.consent(client);
    applicants.push(new Applicant(client, await candidate.planOf(client), order, random));
  }
});
after(async () => {
  free();
  await deployment.end();
  machine.remove();
});

// What is still free goes into one file, down to the last block.
function fill() {
  if (!folder) return machine.fill();
  const file = openSync(ballast, 'a');
  try {
    for (let size = 1 << 20; size >= 512; size >>= 1) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

function free() {
  if (folder) rmSync(ballast, { force: true });
  else machine.free();
}

const told = { 200: 0, 201: 0, 503: 0, 507: 0 };
let reads = 0;

// Who has done enough of what is going on looks on, whatever the machine's speed.
let enough = () => false;

// One step; what was refused is looked at again, so that half of the load is reading.
async function stepOrRefusal(applicant) {
  if (enough(applicant)) return applicant.verify();
  const step = applicant.choose();
  applicant.doubt = step;
  const answer = await step.send();
  assert.ok(answer.status in told, `${step.name}: ${answer.status} ${answer.bytes}`);
  told[answer.status]++;
  if (answer.status < 300) {
    applicant.learn(step, answer);
    applicant.steps++;
    return;
  }
  await applicant.verify();
  reads++;
  applicant.refusals = (applicant.refusals ?? 0) + 1;
}

// Three more of that.
function more(what) {
  const least = new Map(applicants.map((each) => [each, (each[what] ?? 0) + 3]));
  return (each) => (each[what] ?? 0) >= least.get(each);
}

// Until all have done that, on a machine that may be slow, but not for ever.
async function phase(traffic, name, what, meanwhile = () => {}) {
  const until = Date.now() + patience;
  enough = more(what);
  await traffic.until(() => {
    const log = deployment.log.slice(-2000);
    assert.ok(Date.now() < until, `${name} within ${patience} ms: ${JSON.stringify(told)}\n${log}`);
    meanwhile();
    return applicants.every(enough);
  });
}

test(`a full disk refuses who writes and nobody who reads, until there is room (seed ${seed})`, async (t) => {
  const { pid } = deployment.server;
  const traffic = new Traffic();
  const until = Date.now() + minutes * 60000;
  let done = 0;
  traffic.join(applicants, stepOrRefusal);
  for (; done < rounds && Date.now() < until; done++) {
    await phase(traffic, 'everybody writes', 'steps');
    await phase(traffic, 'everybody is refused', 'refusals', fill);
    free();
  }
  await phase(traffic, 'everybody writes again', 'steps');
  await traffic.end();

  for (const applicant of applicants) await applicant.verify();
  const room = folder ? `${(statfsSync(folder).blocks * statfsSync(folder).bsize) >> 20} MB` : 'the shim';
  t.diagnostic(`${done} times full (${room}): ${JSON.stringify(told)}, ${reads} looks at what was refused`);
  assert.ok(told[507] > 0 && reads > 0);
  assert.deepEqual([deployment.server.pid, deployment.server.exitCode], [pid, null]);
  assert.match(kaowu(['doctor', '--data', deployment.data]), /haidian: database and audit chain/);
});
