// The server is killed at any moment, or told to stop under load: what it has acknowledged is there, and nothing is there by halves.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import net from 'node:net';
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from './client.mjs';
import * as candidate from './candidate.mjs';
import { build, Deployment, kaowu, today } from './deployment.mjs';
import { firstDayKept, firstDayMake } from './first_day.mjs';
import { pause } from './patience.mjs';
import * as staff from './staff.mjs';
import { Applicant, seeded, work } from './workload.mjs';

const rounds = Number(process.env.KAOWU_FAULT_ROUNDS ?? 200);
const seed = Number(process.env.KAOWU_SEED ?? Date.now() % 1000000);
// Of killing, on a machine that is slow or busy.
const longest = process.env.KAOWU_FAULT ? Number(process.env.KAOWU_FAULT_MINUTES ?? 10) * 60000 : 480000;
const random = seeded(seed);
const run = promisify(execFile);

let deployment, office;
const applicants = [];

before(async () => {
  deployment = await (await Deployment.make({ tenants: ['haidian'] })).start();
  office = await staff.office(deployment, 'haidian');
  for (let order = 1; order <= 10; order++) {
    const client = await new Client(deployment, 'haidian').signUp(`138000030${String(order).padStart(2, '0')}`);
    await candidate.consent(client);
    applicants.push(new Applicant(client, await candidate.planOf(client), order, random));
  }
});
after(async () => {
  await deployment.kill();
  deployment.remove();
});

const roundsADay = 150; // on a slow machine as many as people have revisions for
let begun = Date.now();
// The clock goes on while the server is down.
const restart = () => deployment.start({ clock: new Date(Date.parse(today) + Date.now() - begun).toISOString() });
// Of what may be done a day there is enough again.
async function aDayPasses() {
  await deployment.stop();
  begun -= 86400000;
  await restart();
  for (const applicant of applicants) await applicant.newDay();
  await office.reviewer1.comeBack();
}
const auditVerified = () => run(join(build, 'kaowu'), ['audit', 'verify', 'haidian', '--data', deployment.data]);

// Everybody works; a while after the first answer the server is ended by `end`.
async function workUntil(end, least = 20, most = 300) {
  let gone = false, ended;
  const moment = random.between(least, most);
  const first = () => {
    ended = pause(moment).then(() => {
      gone = true;
      return end();
    });
  };
  await work(applicants, first, () => gone);
  return ended;
}

async function everythingVerified() {
  await Promise.all([auditVerified(), ...applicants.map(async (applicant) => {
    await applicant.verify();
    await applicant.verifyRevision(office.reviewer1);
  })]);
}

const sum = (what) => applicants.reduce((total, each) => total + each[what], 0);

test(`kill -9 at ${rounds} random moments loses nothing that was acknowledged (seed ${seed})`, async (t) => {
  const from = Date.now();
  let done = 0, dayBegan = 0;
  while (done < rounds && Date.now() - from < longest) {
    assert.equal(await workUntil(() => deployment.kill()), 'SIGKILL');
    await restart();
    await everythingVerified();
    done++;
    if (done - dayBegan < roundsADay && !applicants.some(({ spent }) => spent)) continue;
    await aDayPasses();
    dayBegan = done;
  }
  t.diagnostic(`seed ${seed}: ${done} rounds in ${Date.now() - from} ms, ${sum('steps')} writes acknowledged`);
  t.diagnostic(`of the writes in doubt ${sum('done')} were done and ${sum('undone')} not`);
  assert.ok(done >= Math.min(rounds, 50), `only ${done} rounds in ${longest} ms`);
});

test('SIGTERM under load exits with 0 and loses nothing', async () => {
  for (let times = 0; times < 5; times++) {
    assert.equal(await workUntil(() => deployment.stop()), 0, deployment.log);
    await restart();
    await everythingVerified();
  }
});

test('a request that is half sent when SIGTERM comes is still answered, and its write is kept', async () => {
  const applicant = applicants.find(({ content }) => ['draft', 'reviewing'].includes(content?.state));
  const { client, content } = applicant;
  const target = `/t/haidian/api/v1${applicant.path}/withdraw`;
  const head = `POST ${target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${client.token}\r\nIf-Match: "${content.version}"\r\n`;
  const socket = net.connect(deployment.port, '127.0.0.1');
  const closed = new Promise((resolve) => socket.on('close', resolve));
  let answer = '';
  socket.on('data', (part) => (answer += part));
  socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  while (!answer.includes('ok\n')) await pause(5);

  answer = '';
  socket.write(head);
  await pause(50);
  const stopped = deployment.stop();
  await pause(50);
  socket.write('\r\n');
  await closed;
  assert.match(answer, /^HTTP\/1.1 200 /);
  assert.equal(await stopped, 0);

  applicant.doubt = applicant.withdraw();
  await restart();
  await applicant.verify();
  assert.equal(applicant.content.state, 'withdrawn');
});

test('in the end every version has its audit row, every handing-in its message, and the databases are whole', async () => {
  const messages = [];
  for (const member of [office.admin, office.auditor]) await member.comeBack(); // many rounds take longer than a session
  for (let cursor = ''; cursor !== null; ) {
    const { body } = await office.admin.get(`/admin/messages?${cursor && `cursor=${cursor}`}`, { expect: 200 });
    messages.push(...body.messages);
    cursor = body.next;
  }
  for (const applicant of applicants) {
    const actions = await applicant.verifyAudit(office.auditor);
    const submitted = actions.filter((action) => action === 'application.submitted').length;
    const written = messages.filter(({ event, subject }) => event === 'submitted' && subject === applicant.id);
    assert.equal(written.length, submitted);
    // Not all of them today: a number gets only so many SMS a day.
    if (submitted > 0) await deployment.message('haidian', applicant.client.mobile, 'submitted');
  }
  assert.equal(await deployment.stop(), 0);
  assert.match(kaowu(['doctor', '--data', deployment.data]), /haidian: database and audit chain/);
  assert.deepEqual(readdirSync(join(deployment.data, 'spool')), []);
});

test('the same as a database of the first migration is brought to the last: every row is kept, the audit chain whole', async () => {
  const database = join(deployment.data, 'tenants', 'haidian', 'tenant.db');
  const firstDay = join(deployment.data, 'first-day');
  const count = firstDayMake(database, firstDay);
  assert.ok(count > 100);
  for (const end of ['-wal', '-shm']) rmSync(database + end, { force: true });
  copyFileSync(firstDay, database);
  await auditVerified();
  assert.equal(firstDayKept(database, firstDay), count);
  assert.match(kaowu(['doctor', '--data', deployment.data]), /haidian: database and audit chain/);
  await restart();
  await everythingVerified();
});
