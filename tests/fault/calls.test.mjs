// Each call to the disk and each allocation of the server fails once, somewhere in a candidate's way to handing in: the
// answer is the right one, or a clear 503 or 507, or the process aborts; and what is stored is whole, and is what was
// acknowledged.
//
// A step is sent with one call failing, then with one some calls later, until it has no more; the long run goes over
// it again from the next call on until it has been at every one. After each fault the candidate's view is held against
// what was acknowledged (workload.mjs).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { build, Deployment, kaowu, today } from '../http/deployment.mjs';
import { pause } from '../http/patience.mjs';
import { Applicant, seeded } from '../http/workload.mjs';
import { long, Machine, minutes } from './faults.mjs';

const seed = Number(process.env.KAOWU_SEED ?? Date.now() % 1000000);
const random = seeded(seed);
const run = promisify(execFile);
// Each uploads fifty times at most, and every call of an upload is to fail once; so many sign up from one address in an
// hour.
const applicantCount = long ? 100 : 2;
const anHour = 25;

let deployment, machine;
const office = {};
const applicants = [];
let begun = Date.now();

// The clock goes on while the server is down.
const start = () =>
  deployment.start({ clock: new Date(Date.parse(today) + Date.now() - begun).toISOString(), env: machine.env });
async function anHourPasses() {
  await deployment.stop();
  begun -= 3600000;
  await start();
}

const auditVerified = () => run(join(build, 'kaowu'), ['audit', 'verify', 'haidian', '--data', deployment.data]);
const running = () => deployment.server.exitCode === null && deployment.server.signalCode === null;

before(async () => {
  deployment = await Deployment.make({ tenants: ['haidian'] });
  machine = new Machine(deployment.data);
  await start();
  for (let order = 1; order <= applicantCount; order++) {
    const client = await new Client(deployment, 'haidian').signUp(`13800003${String(order).padStart(3, '0')}`);
    await candidate.consent(client);
    const applicant = new Applicant(client, await candidate.planOf(client), order, random);
    while (applicant.content?.state !== 'reviewing') await applicant.step();
    applicants.push(applicant);
    if (order % anHour === 0) await anHourPasses();
  }
  for (const login of ['reviewer1', 'auditor']) office[login] = await new Client(deployment, 'haidian').accept(login);
});
after(async () => {
  if (running()) await deployment.kill();
  deployment.remove();
  machine.remove();
});

// ---- The steps of a way, as a ring: each leaves the application as the next one wants it ----

const reading = (name, act) => ({ name, read: act });

const ring = [
  (each) => each.withdraw(),
  (each) => each.create(),
  (each) => each.details(),
  (each) => each.identity(),
  (each) => each.condition(),
  (each) => each.certificates(),
  (each) => each.work(),
  (each) => each.upload('portrait'),
  () => reading('file', (each) => each.verifyUploaded('portrait')),
  (each) => each.submit(),
  () => reading('view', (each) => each.verify()),
  () => reading('review', (each) => each.verifyRevision(office.reviewer1)),
];

// ---- What may come of a step ----

const refusals = [503, 507];
const tally = () => ({ sent: 0, refused: 0, aborted: 0, cut: 0, unnoticed: 0, places: {} });

// A process that is gone must have gone by an assertion, after a fault: nothing else is clean.
let faulted = false;
async function aborted(counts) {
  const how = await deployment.exited;
  assert.ok(faulted && ['SIGABRT', 'SIGTRAP'].includes(how), `the server ended with ${how}:\n${deployment.log}`);
  counts.aborted++;
  faulted = false;
  await start();
}

// No answer at all is none of those that may come of a step.
async function answerOf(step, promise) {
  let timer;
  const silence = new Promise((_, reject) => {
    const message = `${step.name}: no answer in a minute`;
    timer = setTimeout(() => reject(new assert.AssertionError({ message })), 60000);
  });
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}

// fetch() tells of a connection that broke before the process is known to be gone.
const settled = () => Promise.race([deployment.exited, pause(3000)]);

async function sendStep(applicant, step, counts) {
  applicant.doubt = step;
  let answer;
  try {
    answer = await answerOf(step, step.send());
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return settled();
  }
  if (refusals.includes(answer.status)) {
    counts.refused++;
    return `refused: ${answer.bytes}\n${deployment.log.slice(-2000)}`;
  }
  const told = `${step.name}: ${answer.status} ${answer.bytes}\n${deployment.log.slice(-2000)}`;
  assert.ok([200, 201].includes(answer.status), told);
  applicant.learn(step, answer);
  return 'done';
}

// The machine is in order again; a worker that could not be started is tried again after a while. What the fault left
// may end the process only now.
async function sendAtLast(applicant, make, counts) {
  const { version } = applicant.content;
  let outcome;
  for (let tries = 0; applicant.content.version === version; tries++) {
    const step = make(applicant);
    assert.ok(tries < 40, `${step.name} is never done again: ${outcome}`);
    if (tries > 0) await pause(250);
    outcome = await sendStep(applicant, step, tally());
    if (outcome !== 'done') await verified(applicant, counts);
  }
}

async function readStep(applicant, step, counts) {
  try {
    await answerOf(step, step.read(applicant));
  } catch (error) {
    if (!(error instanceof assert.AssertionError)) return settled();
    assert.ok(refusals.some((status) => error.actual === status), `${step.name}: ${error.message}`);
    counts.refused++;
  }
}

// One step with that call failing. False: it had no such call.
async function stepWithFault(applicant, step, kind, position, way, counts) {
  const { refused } = counts;
  faulted = true;
  machine.arm(kind, position, way);
  try {
    await (step.read ? readStep : sendStep)(applicant, step, counts);
  } finally {
    counts.last = machine.disarm();
  }
  counts.sent++;
  if (!running()) {
    await aborted(counts);
  } else if (applicant.doubt && counts.refused === refused) {
    counts.cut++;
  } else if (counts.last.fired && counts.refused === refused) {
    counts.unnoticed++;
  }
  return counts.last.fired;
}

// The call that failed may have been another thread's, and the process may go only after the step was answered.
async function verified(applicant, counts) {
  try {
    await applicant.verify();
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    await settled();
    if (running()) throw error;
    await aborted(counts);
    await applicant.verify();
  }
}

// Which calls of a step are to fail: `stride` apart, from the first one on in the long run, then from the second.
class Positions {
  constructor(stride) {
    Object.assign(this, { stride, passes: long ? stride : 1, tried: 0, last: 0 });
    this.next = this.first = long ? 1 : 1 + Math.floor(random.between(0, stride));
  }

  get over() { return this.passes === 0; }

  note(reached) {
    if (reached) {
      this.tried++;
      this.last = Math.max(this.last, this.next);
      this.next += this.stride;
    } else {
      this.next = ++this.first;
      this.passes--;
    }
  }
}

// Every step in turn, until each has failed at every position or the time is over.
async function sweep(kind, way, stride) {
  const counts = tally();
  const positions = ring.map(() => new Positions(stride));
  const until = Date.now() + (long ? minutes * 60000 : 5000);
  for (let turn = 0; positions.some((each) => !each.over) && Date.now() < until; turn++) {
    const applicant = applicants[turn % applicants.length];
    for (const [index, make] of ring.entries()) {
      const step = make(applicant);
      const { over } = positions[index];
      if ((step.upload && applicant.uploads > 50) || ((step.upload || step.read) && over)) continue;
      const { version } = applicant.content;
      if (!over) {
        const position = positions[index];
        position.note(await stepWithFault(applicant, step, kind, position.next, way, counts));
        counts.places[step.name] = `${position.tried} to ${position.last}`;
      }
      await verified(applicant, counts);
      if (step.read || applicant.content.version > version) continue;
      await sendAtLast(applicant, make, counts);
    }
    if (turn % 20 === 0) await auditVerified();
  }
  return { ...counts, complete: positions.every((each) => each.over) };
}

function told({ sent, refused, aborted: gone, cut, unnoticed, complete, places }) {
  const reached = Object.entries(places).map((each) => each.join(' ')).join(', ');
  return `${sent} steps: ${refused} refused, ${gone} aborted, ${cut} cut off, ${unnoticed} right all the same; ` +
    `${long && complete ? 'every position' : 'a sample'}: ${reached}`;
}

async function everythingWhole() {
  for (const applicant of applicants) {
    await applicant.verify();
    await applicant.verifyRevision(office.reviewer1);
    await applicant.verifyAudit(office.auditor);
  }
  assert.match(kaowu(['doctor', '--data', deployment.data]), /haidian: database and audit chain/);
}

for (const way of long ? ['error', 'full', 'short'] : [random.pick(['error', 'full', 'short'])]) {
  test(`a call to the disk that fails (${way}) is told or does no harm (seed ${seed})`, async (t) => {
    const counts = await sweep('disk', way, 7);
    t.diagnostic(told(counts));
    assert.ok(counts.refused > 0, 'no step was refused: nothing was tried');
    assert.equal(counts.aborted, 0);
    await everythingWhole();
  });
}

test(`an allocation that fails is told, ends the server cleanly or does no harm (seed ${seed})`, async (t) => {
  const counts = await sweep('allocation', 'error', 97);
  t.diagnostic(told(counts));
  assert.ok(counts.refused + counts.aborted > 0, 'nothing was tried');
  await everythingWhole();
});
