// Thousands who only wear the server out, and a million requests: everybody else is answered, memory is bounded, and
// nothing is left behind. How much slower others are answered is told, and is nothing that a test could hold to.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment } from '../http/deployment.mjs';
import { eventually } from '../http/patience.mjs';
import { long } from './faults.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const descriptors = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })) || 1e6;
const slow = long ? 1000 : 50;
const idle = Math.min(long ? 10000 : 500, Math.floor(descriptors / 2) - 2 * slow);
const requests = long ? 1000000 : 20000;
const MB = 1 << 20;

let deployment, client, crowd;

before(async () => {
  deployment = await (await Deployment.make({ tenants: ['haidian'] })).start();
  client = await new Client(deployment, 'haidian').signUp('13800003401');
  await candidate.draft(client, await candidate.planOf(client));
});
after(async () => {
  crowd?.kill();
  await deployment.end();
});

const until = (what, holds, within = 120000) => eventually(what, holds, { every: 200, within });

// What the server's process holds: bytes and descriptors.
function held() {
  const { pid } = deployment.server;
  const kilobytes = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)[1];
  return { memory: Number(kilobytes) * 1024, files: readdirSync(`/proc/${pid}/fd`).length };
}

async function metric(name) {
  const text = await (await fetch(`${deployment.base}/metrics`)).text();
  return Number(text.match(new RegExp(`^${name} (\\d+)$`, 'm'))[1]);
}

// How long others wait, in ms: the 99th percentile of so many requests, each of which must be answered.
async function waited(count) {
  const times = [];
  for (let at = 0; at < count; at++) {
    const from = performance.now();
    await client.get(at % 2 ? '/plans' : `/applications/${client.application}`, { expect: 200 });
    times.push(performance.now() - from);
  }
  return times.sort((a, b) => a - b)[Math.floor(count * 0.99)];
}

test(`${idle} idle connections, ${slow} of a byte a second, floods, abandoned uploads and churn`, async (t) => {
  const alone = await waited(long ? 2000 : 100);
  const before = held();
  const upload = `/t/haidian/api/v1/applications/${client.application}/materials/portrait`;
  let told = {};
  crowd = spawn(process.execPath, [join(folder, 'crowd.mjs'), deployment.port, idle, slow, client.token, upload]);
  crowd.stdout.on('data', (part) => {
    told = JSON.parse(part.toString().trim().split('\n').pop());
  });
  await until('everybody is there', async () => (await metric('kaowu_connections_open')) >= idle + slow);
  const beside = await waited(long ? 2000 : 100);
  await until('all kinds are there', () => told.refused > slow / 2 && told.abandoned > 20 && told.churned > 100);
  const busy = held();
  const open = await metric('kaowu_connections_open');
  const gone = new Promise((resolve) => crowd.on('exit', resolve));
  crowd.kill();
  await gone;

  await until('everybody is gone', async () => (await metric('kaowu_connections_open')) < 20);
  const left = held();
  const each = Math.round((busy.memory - before.memory) / open / 1024);
  const ratio = (beside / alone).toFixed(2);
  t.diagnostic(`p99 alone ${alone.toFixed(1)} ms, beside them ${beside.toFixed(1)} ms: ${ratio} times`);
  t.diagnostic(`${open} open: ${busy.memory >> 20} MB, ${each} KB each; ${JSON.stringify(told)}`);
  for (const [when, { memory, files }] of Object.entries({ before, after: left }))
    t.diagnostic(`${when}: ${memory >> 20} MB, ${files} files open`);
  assert.ok(busy.memory - before.memory < 64 * MB + open * 16384, `${each} KB for each connection`);
  assert.ok(left.files <= before.files + 20, `${left.files} files are open, ${before.files} were`);
  assert.deepEqual(readdirSync(join(deployment.data, 'spool')), []);
  await client.get('/applications', { expect: 200 });
});

// Who is sent away comes back: as many as are there take every descriptor that they can get.
test('a crowd that would take every descriptor leaves those that databases need', async () => {
  const small = await (await Deployment.make()).start({ descriptors: 256 });
  const sockets = new Set();
  let over = false;
  const stay = () => {
    const socket = net.connect(small.port, '127.0.0.1').on('error', () => {});
    sockets.add(socket.on('close', () => sockets.delete(socket) && !over && setTimeout(stay, 1000)));
  };
  for (let count = 0; count < 400; count++) stay();
  await until('it has what it can get', () => readdirSync(`/proc/${small.server.pid}/fd`).length >= 128);
  for (const slug of ['haidian', 'shijingshan']) await new Client(small, slug).signUp('13800003402');
  over = true;
  for (const socket of sockets) socket.destroy();
  await small.end();
});

// ---- Many requests ----

const request = (path, token) =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nHost: a\r\n${token ? `Authorization: Bearer ${token}\r\n` : ''}\r\n`);

// On one connection `count` requests, `window` of them out at once; each answer must have its status.
function ask(count, kinds, window = 16) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(deployment.port, '127.0.0.1');
    let sent = 0, heard = 0, rest = Buffer.alloc(0);
    const send = () => {
      for (; sent < count && sent - heard < window; sent++) socket.write(kinds[sent % kinds.length].bytes);
    };
    socket.on('error', reject);
    socket.on('connect', send);
    socket.on('data', (part) => {
      rest = Buffer.concat([rest, part]);
      for (let end; (end = rest.indexOf('\r\n\r\n')) >= 0; heard++) {
        const head = rest.toString('latin1', 0, end);
        const whole = end + 4 + Number(head.match(/content-length: (\d+)/i)?.[1] ?? 0);
        if (rest.length < whole) break;
        const { status } = kinds[heard % kinds.length];
        if (!head.startsWith(`HTTP/1.1 ${status} `)) return reject(new Error(`${status} expected: ${head}`));
        rest = rest.subarray(whole);
      }
      if (heard === count) socket.end();
      else send();
    });
    socket.on('close', () => (heard === count ? resolve() : reject(new Error(`${heard} of ${count} answers`))));
  });
}

test(`${requests} requests leave neither memory nor descriptors behind`, async (t) => {
  const kinds = [
    { status: 200, bytes: request('/t/haidian/api/v1/plans') },
    { status: 200, bytes: request(`/t/haidian/api/v1/applications/${client.application}`, client.token) },
    { status: 404, bytes: request('/t/haidian/api/v1/nothing') },
    { status: 401, bytes: request('/t/haidian/api/v1/applications', 'nobody') },
  ];
  const many = async (count) => {
    for (let done = 0; done < count; done += 8 * 500)
      await Promise.all(Array.from({ length: 8 }, () => ask(500, kinds)));
  };
  await many(requests / 10);
  const before = held();
  const from = Date.now();
  await many(requests);
  await until('all connections are closed', async () => (await metric('kaowu_connections_open')) < 20);
  const after = held();
  const grown = (after.memory - before.memory) / MB;
  const seconds = Math.round((Date.now() - from) / 1000);
  t.diagnostic(`${requests} requests in ${seconds} s on ${requests / 500} connections: ` +
    `${(before.memory / MB).toFixed(1)} MB before, ${(after.memory / MB).toFixed(1)} MB after`);
  assert.ok(grown < 8, `${grown.toFixed(1)} MB more`);
  assert.ok(after.files <= before.files + 10, `${after.files} files are open, ${before.files} were`);
});
