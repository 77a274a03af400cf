// Nothing of one centre comes out of another (S21): canaries sing in all that people write, and are listened for in all that comes out.
//
// Both centres go the same way with the same person: same telephone, same ID, same occupation, even the same numbers of applications.
// Only the canaries differ. Each request of one centre is then made again at the other's address, by its path and by its host, with the
// other's session and the other's ids. The hard thing is a canary that cannot be heard: so each centre must hear its own, in each format.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import http from 'node:http';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import * as candidate from './candidate.mjs';
import { Deployment } from './deployment.mjs';
import * as staff from './staff.mjs';

const mobile = '13800009001';
const centres = {
  haidian: { private: ['金丝雀甲', 'canary-one'], known: ['海淀职业技能等级认定中心', '年12月海淀第'], sign: '【海淀】' },
  shijingshan: { private: ['金丝雀乙', 'canary-two'], known: ['石景山职业技能等级认定中心', '年12月石景山第'], sign: '【石景山】' },
};
const slugs = Object.keys(centres);

let deployment;

// ---- What is said, kept as it goes ----

class Recorded extends Client {
  async call(method, path, options = {}) {
    const answer = await super.call(method, path, options);
    centres[this.slug].records.push({ method, path, options, answer, token: this.token });
    return answer;
  }
}

const canaryDetails = (word, latin) => ({
  ...candidate.details(901, word), mobile, employer: `${word}文具厂`, address: `${word}路1号`, email: `${latin}@kaowu.example`,
});
const canaryWork = (word) => ({
  work: [{ ...candidate.period('2020-06', null), employer: `${word}文具厂`, witness: `${word}`, witness_phone: '010-00000000' }],
});

async function office(slug) {
  const found = {};
  for (const login of ['admin', 'reviewer1', 'cashier', 'registrar', 'auditor']) found[login] = await new Recorded(deployment, slug).accept(login);
  return found;
}

async function filled(slug, client) {
  const [word, latin] = centres[slug].private;
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.fill(client, 901, { name: word, history: canaryWork(word) });
  await candidate.topic(client, 'details', canaryDetails(word, latin));
  await candidate.submit(client);
}

async function reviewed(slug, client, { reviewer1 }) {
  const [word, latin] = centres[slug].private;
  await staff.judge(reviewer1, client.application, { details: 'OTHER' });
  await reviewer1.put(`/review/applications/${client.application}/items/details`,
    { outcome: 'fail', reasons: ['OTHER'], note: `${word}，请更正` }, { expect: 200 });
  await reviewer1.get(`/review/applications/${client.application}/notice?outcome=rejected`);
  await staff.decide(reviewer1, client.application, 'rejected');
  client.version = (await client.get(`/applications/${client.application}`, { expect: 200 })).version;
  await candidate.topic(client, 'details', canaryDetails(word, latin));
  await candidate.submit(client);
  await staff.approve(reviewer1, client.application);
  await reviewer1.get(`/review/applications/${client.application}/materials/portrait`, { expect: 200 });
}

async function paidAndSeated(slug, client, { cashier, registrar, admin, auditor }) {
  const [word, latin] = centres[slug].private;
  const order = await staff.payOffline(client, cashier, latin);
  await client.put(`/applications/${client.application}/papers`, { courier: `${word}速递`, courier_number: latin }, { expect: 200 });
  await staff.receive(client, registrar);
  const { id } = await candidate.planOf(client);
  await registrar.post(`/registrar/plans/${id}/tickets`, undefined, { expect: 200 });
  for (const file of ['ticket', 'cover', 'templates', 'materials/portrait'])
    await client.get(`/applications/${client.application}/${file}`, { expect: 200 });
  await cashier.post(`/cashier/orders/${order.number}/refunds`, { reason: `${word}申请退考` }, { expect: 201 });
  await cashier.get('/cashier/orders', { expect: 200 });
  await admin.get('/admin/refunds', { expect: 200 });
  await admin.get('/admin/messages', { expect: 200 });
  await admin.get(`/admin/applications?search=${mobile}`, { expect: 200 });
  await admin.post('/admin/exports/applications', { numbers: 'full', purpose: `${word}报送` }, { expect: 200 });
  await registrar.get(`/registrar/applications/${client.number}`, { expect: 200 });
  await registrar.get(`/admin/applications/${client.number}`, { expect: 200 });
  await auditor.get('/audit', { expect: 200 });
  await client.get('/account/data', { expect: 200 });
  await deployment.message(slug, mobile, 'ticket');
}

async function wholeWay(slug) {
  centres[slug].records = [];
  const client = await new Recorded(deployment, slug).signUp(mobile);
  const people = await office(slug);
  await filled(slug, client);
  await reviewed(slug, client, people);
  await paidAndSeated(slug, client, people);
  Object.assign(centres[slug], { client, ids: [client.application, (await client.get('/session')).body.id] });
}

before(async () => {
  deployment = await (await Deployment.make({ tenants: slugs })).start({ words: ['--debug'] });
  await Promise.all(slugs.map(wholeWay));
});
after(() => deployment.end());

// ---- Listening ----

const unpack = `
import base64, io, json, sys, zipfile
book = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
print(json.dumps([base64.b64encode(book.read(name)).decode() for name in book.namelist()]))`;

// {kind, text}: as a person reads it, whatever it is wrapped in, without white space, which paper adds as it likes.
const texts = new Map();
function opened(bytes) {
  const key = createHash('sha256').update(bytes).digest('hex');
  if (!texts.has(key)) texts.set(key, open(bytes));
  return texts.get(key);
}

function open(bytes) {
  if (bytes.subarray(0, 5).equals(Buffer.from('%PDF-')))
    return { kind: 'PDF', text: execFileSync('pdftotext', ['-', '-'], { input: bytes, encoding: 'utf8' }).replace(/\s/g, '') };
  if (!bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))) return { kind: 'text', text: bytes.toString() };
  const parts = JSON.parse(execFileSync('python3', ['-c', unpack], { input: bytes })).map((each) => Buffer.from(each, 'base64'));
  return { kind: bytes.includes('xl/workbook.xml') ? 'spreadsheet' : 'archive', text: parts.map((part) => opened(part).text).join('\n') };
}

const headersOf = (answer) => JSON.stringify([...(answer.headers.entries?.() ?? Object.entries(answer.headers))]);
const hears = (answer, word) => opened(answer.bytes).text.includes(word) || headersOf(answer).includes(word);

function expectSilence(answer, words, where) {
  for (const word of words) assert.ok(!hears(answer, word), `${where}: ${word} is in the answer`);
}

const other = (slug) => slugs.find((each) => each !== slug);
const allOf = (slug) => [...centres[slug].private, ...centres[slug].known, ...centres[slug].ids];

test('each centre hears its own canaries in every format, and never the other\'s', (t) => {
  for (const slug of slugs) {
    const heard = new Set();
    for (const { method, path, answer } of centres[slug].records) {
      if (allOf(slug).some((word) => hears(answer, word))) heard.add(opened(answer.bytes).kind);
      expectSilence(answer, allOf(other(slug)), `${method} ${path} of ${slug}`);
    }
    assert.deepEqual([...heard].sort(), ['PDF', 'archive', 'spreadsheet', 'text'], slug);
    t.diagnostic(`${slug}: ${centres[slug].records.length} answers`);
  }
});

test('SMS to the same telephone tell of their own centre only', () => {
  for (const slug of slugs) {
    const sent = deployment.messages(slug, mobile);
    assert.deepEqual(sent.map(({ event }) => event),
      ['code_sign_up', 'submitted', 'rejected', 'submitted', 'approved', 'paid', 'papers_received', 'ticket']);
    for (const each of sent) {
      assert.ok(each.text.startsWith(centres[slug].sign), each.text);
      for (const word of [...allOf(other(slug)), centres[other(slug)].sign]) assert.ok(!JSON.stringify(each).includes(word), each.text);
    }
  }
});

// ---- Every request again, where it does not belong ----

function asked({ base, host, method, path, token, cookie, options }) {
  const headers = { host, 'accept-language': 'zh-CN' };
  if (token) headers.authorization = `Bearer ${token}`;
  if (cookie) headers.cookie = `kaowu_session=${cookie}`;
  if (options.version !== undefined) headers['if-match'] = `"${options.version}"`;
  const body = options.upload ?? (options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body)));
  if (body) Object.assign(headers, { 'content-type': options.upload ? 'image/jpeg' : 'application/json', 'content-length': body.length });
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: deployment.port, method, path: `${base}/api/v1${path}`, headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(parts) }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

// With the paths, hence the ids, of `slug`, and what the person at the other centre would send.
async function replay(slug, mine, theirs) {
  const to = other(slug);
  const { method, path } = mine, { options } = theirs;
  const both = [...allOf(slug).filter((word) => !centres[slug].known.includes(word)), ...centres[to].private, ...centres[to].ids];
  const at = async (where, request, silent) => {
    const answer = await asked({ method, path, options, ...request });
    expectSilence(answer, silent, `${method} ${path} of ${slug} ${where}`);
    assert.ok(answer.status < 500, `${method} ${path} of ${slug} ${where}: ${answer.status}`);
    return answer.status;
  };
  return [
    await at('at the other centre, by its session', { base: `/t/${to}`, host: 'a', token: theirs.token }, allOf(slug)),
    await at('at the other centre\'s host, by its cookie', { base: '', host: `${to}.kaowu.example`, cookie: theirs.token }, allOf(slug)),
    await at('at the other centre\'s host, by its own session', { base: '', host: `${to}.kaowu.example`, token: mine.token }, both),
    await at('by the other\'s session', { base: `/t/${slug}`, host: 'a', token: theirs.token }, both),
    await at('by the other\'s cookie', { base: `/t/${slug}`, host: 'a', cookie: theirs.token }, both),
  ];
}

const shape = ({ method, path }) => `${method} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|(?<=\/)(KW)?\d[\w-]*/g, '{}')}`;
// A code that is sent again is another person's turn to be rationed; and nobody's session is to end here.
const repeated = ({ method, path }) => !/^\/(codes|accounts|staff\/passwords)$/.test(path) || method === 'GET';

test('every request again with the other centre\'s host, session and ids brings nothing of it', async (t) => {
  const [first, second] = slugs.map((slug) => centres[slug].records.filter(repeated));
  assert.deepEqual(first.map(shape), second.map(shape), 'both went the same way');
  const statuses = {};
  for (let i = 0; i < first.length; i++)
    for (const status of [...await replay(slugs[0], first[i], second[i]), ...await replay(slugs[1], second[i], first[i])])
      statuses[status] = (statuses[status] ?? 0) + 1;
  assert.ok(statuses[401] > first.length && statuses[404] > 0, JSON.stringify(statuses));
  t.diagnostic(`${10 * first.length} requests, by status: ${JSON.stringify(statuses)}`);
});

test('neither centre\'s application has changed by that, and no canary is in the log', async () => {
  for (const slug of slugs) {
    const { client } = centres[slug];
    const { body, bytes } = await client.get(`/applications/${client.application}`, { expect: 200 });
    assert.equal(body.state, 'ticketed');
    for (const word of centres[other(slug)].private) assert.ok(!bytes.includes(word), `${word} in ${slug}`);
  }
  assert.equal(await deployment.stop(), 0);
  const log = deployment.log.trim().split('\n').filter((line) => line.startsWith('{')).map((line) => [JSON.parse(line), line]);
  for (const [{ tenant }, line] of log) {
    for (const slug of slugs) for (const word of centres[slug].private) assert.ok(!line.includes(word), line);
    if (slugs.includes(tenant)) for (const id of centres[other(tenant)].ids) assert.ok(!line.includes(id), line);
  }
  assert.ok(log.some(([{ event }]) => event === 'serve.stopping'), 'the whole log was heard');
});
