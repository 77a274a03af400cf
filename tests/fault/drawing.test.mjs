// What draws is loaded by whoever needs it first, and the libraries behind it allocate while they are. One of
// these allocations after another fails, each in a server begun anew: the answer is right, or a clear 503, or the
// process ends by our own word. GLib's would be a trap, and waits for itself where it is spoken as GObject is
// loaded; only of GLib's own first steps nobody can hear before.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as moment } from 'node:timers/promises';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment, today } from '../http/deployment.mjs';
import { Applicant, seeded } from '../http/workload.mjs';
import { long, Machine } from './faults.mjs';

const seed = Number(process.env.KAOWU_SEED ?? Date.now() % 1000000);
const random = seeded(seed);
const last = 2600; // a few hundred beyond those of the loading
const tries = long ? 600 : 24;

let deployment, machine, applicant;
const start = () => deployment.start({ clock: today, env: machine.env });

before(async () => {
  deployment = await Deployment.make({ tenants: ['haidian'] });
  machine = new Machine(deployment.data);
  await start();
  const client = await new Client(deployment, 'haidian').signUp('13800003001');
  await candidate.consent(client);
  applicant = new Applicant(client, await candidate.planOf(client), 1, random);
  await applicant.step();
});
after(async () => {
  await deployment.kill();
  deployment.remove();
  machine.remove();
});

// A name is looked at for characters that cannot be drawn.
async function outcomeOf(step) {
  let answer;
  try {
    answer = await step.send();
  } catch {
    return deployment.exited;
  }
  if (answer.status === 200) applicant.learn(step, answer);
  return answer.status;
}

const aMinute = () => moment(60000, 'no answer in a minute', { ref: false });

test(`an allocation that fails as what draws is loaded keeps nobody waiting (seed ${seed})`, async (t) => {
  const counts = { 200: 0, 503: 0, SIGABRT: 0, SIGTRAP: 0 };
  for (let number = 0; number < tries; number++) {
    const position = 1 + Math.floor(((number + random.between(0, 1)) * last) / tries);
    await deployment.kill();
    await start();
    await applicant.verify();
    const step = applicant.details();
    applicant.doubt = step;
    machine.arm('allocation', position);
    const outcome = await Promise.race([outcomeOf(step), aMinute()]);
    machine.disarm();
    assert.ok(outcome in counts, `allocation ${position}: ${outcome}\n${deployment.log.slice(-2000)}`);
    counts[outcome]++;
  }
  t.diagnostic(`${tries} servers: ${JSON.stringify(counts)}`);
  assert.ok(counts.SIGABRT > 0, 'no allocation of the loading failed');
  assert.ok(counts.SIGTRAP <= Math.ceil(tries / 100), 'GLib is not listened to from the first');
});
