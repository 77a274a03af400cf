// Uploads: who may send one, how much, and how they come back.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import net from 'node:net';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { Deployment } from './deployment.mjs';
import { scan } from './pictures.mjs';

const slug = 'haidian';
let deployment, client;
before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  client = await new Client(deployment, slug).signUp('13800006001');
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.topic(client, 'condition', { condition: '1-1' });
});
after(() => deployment.end());

const size = 2_000_000;
const path = () => `/t/${slug}/api/v1/applications/${client.application}/materials/certificate`;

// Says the head of a request and a part of its body; resolves with what is answered, until `rest` says what else to send.
function begin({ method = 'PUT', target = path(), headers = {}, part = 200_000, rest }) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(deployment.port, '127.0.0.1');
    let heard = '';
    const lines = Object.entries({ host: 'a', 'content-length': size, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`);
    socket.write(Buffer.alloc(part));
    if (rest) setTimeout(() => socket.write(Buffer.alloc(rest)), 300);
    socket.on('data', (bytes) => {
      heard += bytes;
      if (heard.includes('\r\n\r\n')) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve({ status: Number(heard.slice(9, 12)), heard }));
  });
}

test('who is not known is told so before the body has come, and none of it is kept', async () => {
  const version = { 'if-match': '"2"' };
  const strangers = [{}, { authorization: 'Bearer x' }, { authorization: `Bearer ${'A'.repeat(43)}` }, { cookie: 'kaowu_session=x' }];
  for (const who of strangers) {
    const { status, heard } = await begin({ headers: { ...version, ...who } });
    assert.equal(status, 401, heard);
    assert.match(heard, /connection: close/i);
  }
});

test('what else the head tells is told as early: a wrong role, no version, no such address, another site', async () => {
  const bearer = { authorization: `Bearer ${client.token}` };
  const staff = await new Client(deployment, slug).accept('reviewer1');
  assert.equal((await begin({ headers: { authorization: `Bearer ${staff.token}`, 'if-match': '"2"' } })).status, 403);
  assert.equal((await begin({ headers: bearer })).status, 428);
  assert.equal((await begin({ target: '/t/nowhere/api/v1/plans', headers: bearer })).status, 413);
  const cookie = { cookie: `kaowu_session=${client.token}`, origin: 'https://elsewhere.example', 'if-match': '"2"' };
  assert.equal((await begin({ headers: cookie })).status, 403);
});

test('what anybody may send stays in memory, and longer is 413 by its head alone', async () => {
  const target = `/t/${slug}/api/v1/codes`;
  const headers = { 'content-type': 'application/json' };
  assert.equal((await begin({ method: 'POST', target, headers: { ...headers, 'content-length': 65_537 }, part: 0 })).status, 413);
  const long = { purpose: 'sign_up', mobile: '1'.repeat(60_000) };
  await new Client(deployment, slug).post('/codes', long, { expect: 422 });
});

test('JSON of whoever has signed in has a limit of its own, far below that of a picture', async () => {
  const target = `/t/${slug}/api/v1/applications/${client.application}/details`;
  const headers = { authorization: `Bearer ${client.token}`, 'if-match': `"${client.version}"`, 'content-type': 'application/json' };
  const length = 262_144;
  assert.equal((await begin({ target, headers: { ...headers, 'content-length': length + 1 }, part: 0 })).status, 413);
  const { status, heard } = await begin({ target, headers: { ...headers, 'content-length': length }, part: length });
  assert.equal(status, 400, heard); // it has come as a whole, and is no JSON
});

test('who may upload is let in, and the whole of it is judged', async () => {
  const bearer = { authorization: `Bearer ${client.token}`, 'if-match': `"${client.version}"` };
  const { status, heard } = await begin({ headers: bearer, part: 200_000, rest: size - 200_000 });
  assert.equal(status, 422, heard);
  assert.match(heard, /material\.refused|picture\./);
  await candidate.upload(client, 'certificate', scan({ seed: 1 }));
});

test('many at once wait for each other: nobody has sent a picture only to be told to come again', async () => {
  const picture = scan({ seed: 2, width: 1200, height: 1600 });
  assert.ok(picture.length > 65_536, 'longer than what is kept in memory');
  const headers = { authorization: `Bearer ${client.token}`, 'if-match': `"${client.version}"` };
  const statuses = await Promise.all(Array.from({ length: 80 }, async () => {
    const response = await fetch(`${deployment.base}${path()}`, { method: 'PUT', headers, body: picture });
    if (response.ok) client.version = Number(response.headers.get('etag').slice(1, -1));
    await response.arrayBuffer();
    return response.status;
  }));
  // All saw the same version: one is kept, and the others are judged by what it has become.
  assert.deepEqual(statuses.toSorted(), [200, ...Array(79).fill(412)]);
});

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

test('a large file comes back part by part, whole, as often as it is asked for', async () => {
  const large = scan({ width: 1500, height: 2100, quality: 95, rough: 250, seed: 3 });
  const { body: file } = await candidate.upload(client, 'certificate', large);
  assert.ok(file.size > 1_000_000, `${file.size} bytes`);
  const target = `/applications/${client.application}/materials/certificate`;
  const answers = await Promise.all([1, 2, 3, 4].map(() => client.get(target, { expect: 200 })));
  for (const { bytes, headers } of answers) {
    assert.equal(headers.get('content-length'), String(file.size));
    assert.equal(headers.get('content-type'), 'image/jpeg');
    assert.equal(sha256(bytes), file.sha256);
  }
  const head = await client.call('HEAD', target, { expect: 200 });
  assert.equal(head.headers.get('content-length'), String(file.size));
});

test('who leaves in the middle of a file, or reads slowly, hinders nobody', async () => {
  const target = `${path()}`;
  const head = `GET ${target} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${client.token}\r\n\r\n`;
  const sockets = Array.from({ length: 8 }, () => net.connect(deployment.port, '127.0.0.1').on('error', () => {}));
  for (const socket of sockets) {
    socket.write(head);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
  }
  for (const socket of sockets.slice(0, 4)) socket.resetAndDestroy();
  await client.get(`/applications/${client.application}`, { expect: 200 });
  await Promise.all(sockets.slice(4).map((socket) => new Promise((resolve) => {
    socket.on('close', resolve).resume();
    socket.end();
  })));
  assert.equal((await client.get(`/applications/${client.application}/materials/certificate`, { expect: 200 })).status, 200);
});
