// Nobody sees or touches what is another's (S21): every route of the table, asked by every kind of caller, with everybody's ids.
//
// The requests are made from `kaowu routes --json` and schemas/openapi.json, so that a new route is held to the rule without being
// remembered here. The answer is one: 401 to who is not signed in at this centre, 403 to who has not the role, 404 for what is not theirs.
import assert from 'node:assert/strict';
import http from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { minimal } from './bodies.mjs';
import * as candidate from './candidate.mjs';
import { Client, openapi } from './client.mjs';
import { Deployment, kaowu } from './deployment.mjs';
import { Operator } from './operator.mjs';
import { scanned } from './paper.mjs';
import { eventually } from './patience.mjs';
import * as staff from './staff.mjs';

const slugs = ['haidian', 'shijingshan'];
const absent = 'not-there'; // the order of one who has none
const roles = { admin: 'admin', reviewer1: 'reviewer', cashier: 'cashier', registrar: 'registrar', auditor: 'auditor' };
const table = kaowu(['routes', '--json']).trim().split('\n').map(JSON.parse);
const isOperators = (route) => route.path.startsWith('/operator/');
const routes = table.filter((route) => !isOperators(route));
const operators = table.filter(isOperators); // outside of every centre

let deployment, operator;
const offices = {};
const people = [];  // candidates, and everything that is theirs
const callers = []; // {name, slug, token, role or person}

// ---- The scene: in each centre one candidate has gone the whole way, one is to pay, one waits for review ----

// The centres' candidates take different occupations, so that no application number stands in both.
const occupations = { haidian: '供应链管理师', shijingshan: '互联网营销师' };

async function candidateOf(slug, order, name) {
  const client = new Client(deployment, slug);
  const mobile = `1380000400${order}`;
  const occupation = occupations[slug];
  await candidate.apply(client, order, mobile, {
    name, occupation, facts: candidate.certificate('2020-05-01', occupation),
    history: { work: [candidate.period('2020-06', null, occupation)] },
  });
  const { body } = await client.get(`/applications/${client.application}`, { expect: 200 });
  const session = await client.get('/session', { expect: 200 });
  const person = { slug, client, name, mobile, idNumber: candidate.residentId(order), account: session.body.id,
    application: body.id, number: body.number, plan: body.plan_id, order: absent, orderNumber: absent, code: absent, ticket: absent, refund: absent };
  people.push(person);
  return person;
}

async function approved(person, office) {
  await staff.approve(office.reviewer1, person.application);
  const { body } = await person.client.post(`/applications/${person.application}/orders`, { provider: 'simulated' }, { expect: 201 });
  Object.assign(person, { order: body.id, orderNumber: body.number, code: body.code_url.split('/').pop() });
}

async function ticketed(person, office) {
  const { client } = person;
  await client.post(`/demo/pay/${person.code}`, undefined, { expect: 200 });
  person.parcel = `SF${person.number}`;
  await client.put(`/applications/${person.application}/papers`, { courier: '示例速递', courier_number: person.parcel }, { expect: 200 });
  await staff.receive(client, office.registrar);
  await office.registrar.post(`/registrar/plans/${person.plan}/tickets`, undefined, { expect: 200 });
  await deployment.message(person.slug, person.mobile, 'ticket');
  person.ticket = scanned((await client.get(`/applications/${person.application}/ticket`, { expect: 200 })).bytes).split('/').pop();
  const asked = await office.cashier.post(`/cashier/orders/${person.orderNumber}/refunds`, { reason: '考生申请退考' }, { expect: 201 });
  person.refund = asked.body.number;
}

const names = { haidian: ['钱七七', '孙八八', '李九九'], shijingshan: ['周十十', '吴百百', '郑千千'] };

async function centre(slug, first) {
  const office = offices[slug] = await staff.office(deployment, slug);
  const own = [];
  for (const name of names[slug]) own.push(await candidateOf(slug, first + own.length, name));
  for (const person of own.slice(0, 2)) await approved(person, office);
  await ticketed(own[0], office);
  await deployment.message(slug, own[2].mobile, 'submitted');
  const { body } = await office.admin.get('/admin/messages', { expect: 200 });
  const { staff: members } = (await office.admin.get('/admin/staff', { expect: 200 })).body;
  for (const person of own) {
    person.member = members.find((each) => each.login === 'reviewer2').id; // who asks for nothing here, and may be disabled
    person.message = body.messages.find((each) => each.subject === person.application).id;
    person.reports = body.channel.reports.split('/').pop();
    callers.push({ name: 'candidate', slug, token: person.client.token, person });
  }
  for (const [login, role] of Object.entries(roles)) callers.push({ name: role, slug, token: office[login].token, role });
}

before(async () => {
  deployment = await (await Deployment.make({ tenants: slugs })).start({ words: ['--proxy', '127.0.0.1'] });
  callers.push({ name: 'nobody' }, { name: 'somebody with a made-up token', token: 'A'.repeat(43) });
  await Promise.all(slugs.map((slug, i) => centre(slug, 1 + i * 3)));
  operator = await new Operator(deployment).begin();
  callers.push({ name: 'operator', token: operator.token });
});
after(async () => {
  await deployment.kill();
  deployment.remove();
});

// ---- Requests ----

// What stands for a parameter depends on the word before it. A new kind of parameter must be told here.
const meant = {
  plans: { id: 'plan' }, applications: { id: 'application', number: 'number' }, messages: { id: 'message' },
  staff: { id: 'member' }, orders: { order: 'order', number: 'orderNumber' }, pay: { code: 'code' }, sms: { token: 'reports' },
  tickets: { code: 'ticket' }, erasures: { account: 'account' }, tenants: { slug: 'slug' }, plugins: { sha256: () => absent },
  refunds: { refund: 'refund' }, differences: { difference: () => absent },
  materials: { material: () => 'portrait' }, parts: { part: () => 1 }, items: { item: () => 'details' },
};

function pathOf(route, victim) {
  return route.path.replace(/(\w+)\/\{(\w+)\}/g, (whole, word, name) => {
    const what = meant[word]?.[name];
    assert.ok(what, `${route.path}: what is {${name}} after ${word}?`);
    return `${word}/${typeof what === 'string' ? victim[what] : what()}`;
  });
}

// The path as it is, and once with each query parameter that can name somebody.
function pathsOf(route, victim) {
  const path = pathOf(route, victim);
  const naming = { number: victim.number, name: victim.name, plan: victim.plan, subject: victim.application, holder: victim.account, search: victim.mobile };
  const { parameters = [] } = openapi.paths[route.path][route.method.toLowerCase()];
  const queries = parameters.filter((each) => each.in === 'query' && naming[each.name]);
  return [path, ...queries.map(({ name }) => `${path}?${name}=${encodeURIComponent(naming[name])}`)];
}

const bodyOf = (route, victim) => (route.body ? minimal(route.body, { plan_id: victim.plan, mobile: '13900000000', password: 'short' }) : undefined);
const namesPlan = (route) => Boolean(route.body) && 'plan_id' in openapi.components.schemas[route.body].properties;
const namesSomething = (route) => route.path.includes('{') || namesPlan(route);

// Each from an address of their own: what anybody may ask is limited by address.
const addressOf = (caller) => `198.51.100.${1 + callers.indexOf(caller)}`;

async function ask(slug, caller, route, victim) {
  const client = new Client(deployment, slug, { token: caller.token });
  const body = bodyOf(route, victim);
  const headers = { 'x-forwarded-for': addressOf(caller) };
  const options = { body, headers, upload: route.upload ? Buffer.from('placeholder') : undefined, version: route.versioned ? 1 : undefined };
  const answers = [];
  for (const path of pathsOf(route, victim)) answers.push({ path, ...(await client.call(route.method, path, options)) });
  return answers;
}

// ---- What must come ----

const hasRole = (route, caller) => {
  if (route.audience === 'anybody') return true;
  if (route.audience === 'signed-in') return Boolean(caller.person || caller.role);
  if (route.audience === 'candidate') return Boolean(caller.person);
  return route.roles.length === 0 ? Boolean(caller.role) : route.roles.includes(caller.role); // no role named: any staff
};

// Is what the request names theirs to know, given that they may use the route?
function within(slug, route, caller, victim) {
  if (!namesSomething(route)) return true;
  if (victim.slug !== slug) return false;
  return route.audience !== 'candidate' || victim === caller.person || !route.path.includes('{');
}

// The status, or null where the caller is in the right.
function refusal(slug, route, caller, victim) {
  if (route.audience !== 'anybody' && caller.slug !== slug) return 401;
  if (!hasRole(route, caller)) return 403;
  return within(slug, route, caller, victim) ? null : 404;
}

// Those of whom nothing may be in the answer.
function strangers(slug, route, caller, refused) {
  if (refused) return people;
  if (route.audience === 'staff') return people.filter((each) => each.slug !== slug);
  return people.filter((each) => each !== caller.person);
}

const secretsOf = ({ name, mobile, idNumber, account, application, number, order, orderNumber, code, refund, parcel, message, client }) =>
  ({ refund, name, mobile, idNumber, account, application, number, order, orderNumber, code, parcel, message, token: client.token });

function expectNothingOf(person, answer, except, where) {
  const text = `${answer.bytes.toString()}\n${[...answer.headers].join('\n')}`;
  for (const [what, secret] of Object.entries(secretsOf(person)))
    if (secret && secret !== absent && !except.includes(what)) assert.ok(!text.includes(secret), `${where}: the ${what} of ${person.name} is in the answer`);
}

function judge(slug, route, caller, victim, answer) {
  const where = `${route.method} /t/${slug}${answer.path} by ${caller.name}${caller.slug ? ` of ${caller.slug}` : ''}`;
  const refused = refusal(slug, route, caller, victim);
  const said = `${where}: ${answer.status} ${answer.bytes.subarray(0, 300)}`;
  if (refused) assert.equal(answer.status, refused, said);
  else assert.ok(answer.status < 500 && (![403, 404].includes(answer.status) || answer.path.includes(absent)), said);
  if (!refused && route.audience !== 'anybody') assert.notEqual(answer.status, 401, said);
  // Whoever has the code of a payment page may see what is to be paid.
  const except = route.demo && !refused ? ['orderNumber'] : [];
  for (const person of strangers(slug, route, caller, refused)) expectNothingOf(person, answer, except, where);
}

// Ending one's own session is not what this is about.
const skipped = (slug, route, caller) => route.method === 'DELETE' && route.path === '/session' && caller.slug === slug;

function tableOf(counts) {
  const kinds = [...new Set([...counts.keys()].map((key) => key.split('|')[0]))];
  const statuses = [...new Set([...counts.keys()].map((key) => key.split('|')[1]))].sort();
  const cells = (name, values) => name.padEnd(44) + values.map((value) => String(value).padStart(7)).join('');
  return [cells('asked by', statuses), ...kinds.map((kind) => cells(kind, statuses.map((status) => counts.get(`${kind}|${status}`) ?? 0)))];
}

// The route before has asked for it anew: the whole of it is drawn soon.
async function bookDrawn(slug) {
  const { plan } = people.find((person) => person.slug === slug);
  const book = `/admin/plans/${plan}/ticket-book`;
  await eventually('the whole book', async () => (await offices[slug].registrar.get(book, { expect: 200 })).body.finished_at);
}

test('S21: every route, by everybody, with everybody\'s ids', async (t) => {
  const counts = new Map();
  const count = (slug, caller, status) => {
    const kind = !caller.slug ? caller.name : `${caller.name}, ${caller.slug === slug ? 'here' : 'of the other centre'}`;
    counts.set(`${kind}|${status}`, (counts.get(`${kind}|${status}`) ?? 0) + 1);
  };
  for (const slug of slugs)
    for (const route of routes) {
      if (route.path.includes('/ticket-book/parts/')) await bookDrawn(slug);
      const victims = namesSomething(route) ? people : people.filter((each) => each.slug !== slug).slice(0, 1);
      await Promise.all(callers.filter((caller) => !skipped(slug, route, caller)).map(async (caller) => {
        for (const victim of victims)
          for (const answer of await ask(slug, caller, route, victim)) {
            judge(slug, route, caller, victim, answer);
            count(slug, caller, answer.status);
          }
      }));
    }
  const requests = [...counts.values()].reduce((sum, each) => sum + each, 0);
  t.diagnostic(`${routes.length} routes, ${callers.length} callers, ${people.length} candidates' ids: ${requests} requests, by status:`);
  for (const line of tableOf(counts)) t.diagnostic(line);
});

test('one\'s own application does not lead to another\'s order', async () => {
  const paying = people.filter((each) => each.order !== absent);
  for (const { slug, client, application, order } of paying)
    for (const other of paying)
      for (const id of [other.order, other.orderNumber])
        await client.get(`/applications/${application}/orders/${id}`, { expect: other.order === order ? 200 : 404 });
});

test('a session is good in its own centre only, and nobody has ended another\'s', async () => {
  for (const { slug, token } of callers.filter((each) => each.slug))
    for (const other of slugs)
      await new Client(deployment, other, { token }).get('/session', { expect: other === slug ? 200 : 401 });
});

// fetch() sets Host itself.
function byHost(host, path, headers) {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port: deployment.port, path, headers: { host, ...headers } }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    request.on('error', reject);
  });
}

test('the same holds by host name and by cookie', async () => {
  for (const { slug, token } of callers.filter((each) => each.slug))
    for (const other of slugs) {
      const expected = other === slug ? 200 : 401;
      assert.equal(await byHost(`${other}.kaowu.example`, '/api/v1/session', { authorization: `Bearer ${token}` }), expected);
      assert.equal(await byHost('a', `/t/${other}/api/v1/session`, { cookie: `kaowu_session=${token}` }), expected);
      // A host leads to its own centre alone: a browser keeps what belongs to a host for all of its paths.
      for (const host of slugs)
        assert.equal(await byHost(`${host}.kaowu.example`, `/t/${other}/api/v1/session`, { authorization: `Bearer ${token}` }), 404);
    }
});

// ---- The operator's routes ----

const requestOf = (route) => ({ body: route.body ? minimal(route.body, { password: 'short' }) : undefined,
  upload: route.upload ? Buffer.from('placeholder') : undefined });

test('the operator\'s routes are in no centre, and nothing else is where they are', async () => {
  for (const route of operators)
    for (const { slug, token } of callers.filter((each) => each.slug || each.token === operator.token))
      await new Client(deployment, slug ?? slugs[0], { token }).call(route.method, pathOf(route, people[0]), { ...requestOf(route), expect: 404 });
  for (const route of routes.filter((each) => !each.path.includes('{')))
    assert.equal((await fetch(`${deployment.base}/api/v1${route.path}`, { method: route.method })).status, 404, route.path);
});

test('no session of a centre opens the operator\'s routes, and an operator sees nobody\'s data there', async () => {
  for (const route of operators) {
    const path = pathOf(route, people[0]);
    for (const { token, name, slug } of callers.filter((each) => each.token !== operator.token)) {
      const answer = await new Operator(deployment, { token }).call(route.method, path, requestOf(route));
      if (route.audience === 'operator') assert.equal(answer.status, 401, `${route.method} ${path} by ${name} of ${slug}`);
    }
    if (route.method !== 'GET') continue;
    const answer = await operator.get(path);
    for (const person of people) expectNothingOf(person, answer, [], `${path} by the operator`);
  }
});

test('an Idempotency-Key of somebody else brings nothing of theirs', async () => {
  const headers = { 'idempotency-key': 'the same for everybody' };
  const seen = new Set();
  for (const { client, application, plan } of people) {
    const { body } = await client.post('/applications', { plan_id: plan }, { headers, expect: 200 });
    assert.equal(body.id, application);
    seen.add(body.id);
  }
  assert.equal(seen.size, people.length);
});

const filesIn = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.path, entry.name));

test('nothing of a candidate is in another centre\'s files, nor in the deployment\'s own', async () => {
  assert.equal(await deployment.stop(), 0);
  const shared = filesIn(deployment.data).filter((file) => !file.startsWith(join(deployment.data, 'tenants')));
  for (const slug of slugs) {
    const own = filesIn(join(deployment.data, 'tenants', slug)).map((file) => readFileSync(file));
    for (const person of people) {
      const orders = person.order === absent ? [] : [person.order, person.orderNumber];
      const ids = [person.application, person.account, person.plan, person.number, person.message, ...orders];
      for (const id of ids) assert.equal(own.some((bytes) => bytes.includes(id)), person.slug === slug, `${id} of ${person.slug} in ${slug}`);
      for (const file of shared) for (const id of ids) assert.ok(!readFileSync(file).includes(id), `${id} in ${file}`);
    }
    assert.match(kaowu(['audit', 'verify', slug, '--data', deployment.data]), /\d+ rows, head/);
  }
});
