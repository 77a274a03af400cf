// What a person entrusts to the server is in no log, at any level, and in no file that is not sealed.
//
// One whole run with --debug: people sign up, mistype, upload, are judged, and the machine has trouble. Whatever they wrote or were
// given is then looked for in the log and in every file of the data folder, as it is and in the disguises that texts take.
import assert from 'node:assert/strict';
import net from 'node:net';
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import * as candidate from './candidate.mjs';
import { Deployment, kaowu } from './deployment.mjs';
import { eventually } from './patience.mjs';
import { portrait, scan } from './pictures.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
const name = '欧阳示例';
const mobile = '13800007001';
const idNumber = candidate.residentId(701);
const password = 'placeholder-Passw0rd-7001';
const another = '13800007003';
// Nothing in it is also in a plan or a profile.
const details = () => ({
  ...candidate.details(701, name), mobile: '13800007009', employer: '占位文具厂', address: '北京市海淀区占位胡同7号', email: 'nobody@kaowu.example',
});
const history = {
  work: [{ ...candidate.period('2020-06', null), employer: '占位文具厂', witness: '占位证明人', witness_phone: '13800007008' }],
};
const pictures = { portrait: portrait({ seed: 71 }), scan: scan({ seed: 72 }) };

// What must be nowhere, by what it is called.
const sealed = new Map([['name', name], ['ID number', idNumber], ['mobile', mobile], ['other mobile', another],
  ['password', password]]);
const codes = new Set(); // too short to be looked for in files

let deployment, client, office, log = '';

before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start({ words: ['--debug'] });
  for (const [login, token] of Object.entries(deployment.invitations[slug])) sealed.set(`invitation of ${login}`, token);
});
after(async () => {
  await deployment.kill();
  deployment.remove();
});

const until = (what, holds) => eventually(() => `${what}\n${deployment.log}`, holds);

async function codeFor(event, nth = 0) {
  const { text } = await deployment.message(slug, mobile, event, { after: nth });
  const [code] = text.match(/\d{6}/);
  codes.add(code);
  return code;
}

function raw(bytes) {
  return new Promise((resolve) => {
    const socket = net.connect(deployment.port, '127.0.0.1', () => socket.end(bytes));
    socket.on('data', () => {});
    socket.on('error', resolve);
    socket.on('close', resolve);
  });
}

// ---- The run ----

test('people sign up, mistype and sign in', async () => {
  client = new Client(deployment, slug);
  await client.post('/codes', { purpose: 'sign_up', mobile: '1380000700' }, { expect: 422 });
  await client.post('/codes', { purpose: 'sign_up', mobile }, { expect: 202 });
  const code = await codeFor('code_sign_up');
  await client.post('/accounts', { mobile, code: code === '111111' ? '222222' : '111111', password }, { expect: 422 });
  await client.post('/accounts', { mobile, code, password: 'short' }, { expect: 422 });
  client.token = (await client.post('/accounts', { mobile, code, password }, { expect: 201 })).body.token;
  sealed.set('token', client.token);
  await client.post('/sessions', { mobile, password: `${password} mistyped` }, { expect: 401 });
  client.token = (await client.post('/sessions', { mobile, password }, { expect: 201 })).body.token;
  sealed.set('newer token', client.token);
});

test('requests that are wrong from the first byte carry the same words', async () => {
  const body = JSON.stringify(details());
  const head = `Host: a\r\nAuthorization: Bearer ${client.token}\r\nCookie: kaowu_session=${client.token}\r\n`;
  const path = `/t/${slug}/api/v1/applications`;
  for (const bytes of [
    `GET ${path}/${encodeURIComponent(name)} HTTP/1.1\r\n${head}\r\n`,
    `GET ${path}/${name}/${idNumber} HTTP/1.1\r\n${head}\r\n`,
    `GET /t/${mobile}/api/v1/plans?name=${encodeURIComponent(name)} HTTP/1.1\r\n${head}\r\n`,
    `POST ${path} HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 99999\r\n\r\n${body}`,
    `POST ${path} HTTP/1.1\r\n${head}Content-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    `POST ${path} HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    `POST ${path} HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n${body}`,
    `${name} ${idNumber} ${mobile}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: a\r\n${idNumber} ${name}: ${client.token}\r\n\r\n`,
  ]) await raw(bytes);
  await client.call('POST', '/codes', { headers: { 'content-type': 'application/json' }, upload: Buffer.from(`{"mobile": "${mobile}`) });
});

test('an application is filled in with mistakes, and handed in', async () => {
  const plan = await candidate.planOf(client);
  await candidate.draft(client, plan);
  const wrong = { ...details(), id_number: `${idNumber.slice(0, 17)}${idNumber[17] === '0' ? '1' : '0'}` };
  await candidate.topic(client, 'details', wrong, { expect: 422 });
  await candidate.topic(client, 'details', { ...details(), unknown: name }, { expect: 422 });
  await client.put(`/applications/${client.application}/details`, details(), { version: 99, expect: 412 });
  await candidate.topic(client, 'condition', { condition: '1-1' });
  await candidate.upload(client, 'portrait', pictures.portrait.subarray(0, 50000), { expect: 422 });
  await candidate.fill(client, 701, { name, history });
  await candidate.topic(client, 'details', details());
  for (const material of ['portrait', 'certificate'])
    await candidate.upload(client, material, pictures[material === 'portrait' ? 'portrait' : 'scan']);
  await candidate.submit(client);
  await client.get(`/applications/${client.application}/templates`, { expect: 200 });
  const { body, bytes } = await client.get(`/applications/${client.application}`, { expect: 200 });
  assert.ok(bytes.includes(idNumber));
  const { form } = body;
  for (const [what, value] of Object.entries({
    employer: form.details.employer, address: form.details.address, email: form.details.email,
    'mobile in the form': form.details.mobile, birth: form.details.birth,
    'certificate number': form.certificates[0].number, witness: form.work[0].witness, 'witness telephone': form.work[0].witness_phone,
  })) sealed.set(what, value);
  const kept = (await client.get(`/applications/${client.application}/materials/portrait`, { expect: 200 })).bytes;
  for (const [what, file] of Object.entries({ ...pictures, kept }))
    sealed.set(`the bytes of ${what}`, file.subarray(file.length >> 1, (file.length >> 1) + 24));
});

test('an answer that is kept for an Idempotency-Key shows everything again', async () => {
  const headers = { 'idempotency-key': 'privacy' };
  const plan = await candidate.planOf(client);
  for (let times = 0; times < 2; times++) {
    const { bytes } = await client.post('/applications', { plan_id: plan.id }, { headers, expect: 200 });
    assert.ok(bytes.includes(idNumber));
  }
});

test('another person is refused as a duplicate, and staff look everybody up', async () => {
  const other = await new Client(deployment, slug).signUp('13800007002');
  await candidate.draft(other, await candidate.planOf(other));
  await candidate.topic(other, 'details', details(), { expect: 422 });

  office = await staff.office(deployment, slug);
  for (const [login, each] of Object.entries(office)) {
    sealed.set(`token of ${login}`, each.token);
    sealed.set(`password of ${login}`, each.password ?? each.token);
  }
  await new Client(deployment, slug).post('/staff/sessions', { login: 'admin', password: `${password} of staff` }, { expect: 401 });
  const { reviewer1, registrar, cashier, admin, auditor } = office;
  await reviewer1.get(`/review/applications?name=${encodeURIComponent(name)}`, { expect: 200 });
  await staff.judge(reviewer1, client.application, { details: 'OTHER' });
  await staff.decide(reviewer1, client.application, 'rejected');
  const { version } = await client.get(`/applications/${client.application}`, { expect: 200 });
  client.version = version;
  await candidate.topic(client, 'details', details());
  await candidate.submit(client);
  await staff.approve(reviewer1, client.application);
  await staff.payOffline(client, cashier, 'R-701');
  await client.put(`/applications/${client.application}/papers`, { courier: '示例速递', courier_number: 'SF0000007001' }, { expect: 200 });
  await registrar.get(`/registrar/plans/${(await candidate.planOf(client)).id}/not-arrived`, { expect: 200 });
  await staff.receive(client, registrar);
  await registrar.post(`/registrar/plans/${(await candidate.planOf(client)).id}/tickets`, undefined, { expect: 200 });
  await client.get(`/applications/${client.application}/ticket`, { expect: 200 });
  await client.get(`/applications/${client.application}/cover`, { expect: 200 });
  await admin.get('/admin/messages', { expect: 200 });
  await auditor.get('/audit', { expect: 200 });
});

test('a backup is made while the server runs', () => {
  kaowu(['backup', join(deployment.data, 'backup'), '--data', deployment.data]);
});

test('the machine has trouble: messages cannot be sent, and files are damaged', async () => {
  await deployment.message(slug, mobile, 'ticket');
  const spool = join(deployment.data, 'tenants', slug, 'spool', 'sms.jsonl');
  assert.equal(statSync(spool).mode & 0o077, 0);
  renameSync(spool, `${spool}.kept`);
  mkdirSync(spool);
  await new Client(deployment, slug).post('/codes', { purpose: 'sign_up', mobile: another }, { expect: 202 });
  await until('a message that failed', () => deployment.log.includes('outbox.failed'));
  assert.equal(await deployment.stop(), 0);
  log += deployment.log;

  const files = join(deployment.data, 'tenants', slug, 'files');
  for (const file of readdirSync(files).filter((each) => each.endsWith('.db'))) {
    const bytes = readFileSync(join(files, file));
    writeFileSync(join(files, `${file}.kept`), bytes);
    writeFileSync(join(files, file), Buffer.concat([bytes.subarray(0, 8192), Buffer.alloc(bytes.length - 8192, 'x')]));
  }
  await deployment.start({ words: ['--debug'] });
  const { status } = await client.get(`/applications/${client.application}/materials/portrait`);
  assert.equal(status, 503);
  await until('trouble in the log', () => deployment.log.includes('request.trouble'));
});

// ---- What is found ----

const escaped = (text) => [...text].map((sign) => (sign < '\x7f' ? sign : `\\u${sign.codePointAt(0).toString(16).padStart(4, '0')}`)).join('');

// A text as it is, as JSON and URLs write it, as hexadecimals, and in base64 wherever it begins.
function disguises(secret) {
  const bytes = Buffer.from(secret);
  const found = [bytes, bytes.toString('hex')];
  for (let before = 0; before < 3; before++) {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replace(/=+$/, '');
    found.push(text.slice(before === 0 ? 0 : 4, -2));
  }
  if (typeof secret === 'string') found.push(escaped(secret), encodeURIComponent(secret), encodeURIComponent(secret).toLowerCase());
  return found.filter((each) => each.length >= 6);
}

function expectNothingIn(haystack, where) {
  for (const [what, secret] of sealed)
    for (const each of disguises(secret)) assert.ok(!haystack.includes(each), `the ${what} is in ${where}`);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => join(entry.path, entry.name));
}

// A database that is closed meanwhile takes its -shm and -wal with it: what is gone holds nothing.
function contentOf(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    assert.equal(error.code, 'ENOENT', file);
    return Buffer.alloc(0);
  }
}

// The demo's provider of messages writes them to a file: that is its telephone network, not the server's memory.
const network = join('tenants', slug, 'spool');

test('nothing of it is in any file of the data folder, while the server runs and when it has stopped', async () => {
  const check = () => {
    const files = filesIn(deployment.data).filter((file) => !file.includes(network));
    for (const each of ['tenant.db', 'control.db', 'backup/control.db', '.db.kept'])
      assert.ok(files.some((file) => file.endsWith(each)), `${each} in ${files.join('\n')}`);
    for (const file of files) expectNothingIn(contentOf(file), file);
  };
  const sent = filesIn(join(deployment.data, network)).map((file) => readFileSync(file));
  assert.throws(() => sent.forEach((bytes) => expectNothingIn(bytes, 'what was sent')), /the mobile is in what was sent/);
  check();
  assert.equal(await deployment.stop(), 0);
  check();
});

test('nothing of it is in the log, whose lines are JSON', () => {
  log += deployment.log;
  const lines = log.trim().split('\n').filter((line) => line.startsWith('{')).map(JSON.parse);
  for (const event of ['serve.started', 'outbox.failed', 'request.trouble', 'serve.stopping'])
    assert.ok(lines.some((line) => line.event === event), event);
  expectNothingIn(Buffer.from(log), 'the log');
  for (const code of codes) assert.doesNotMatch(log, new RegExp(`(?<![0-9a-f])${code}(?![0-9a-f])`), 'an SMS code is in the log');
});
