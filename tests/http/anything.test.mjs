// Anybody sends anything to any route: the answer is one that openapi.json describes, and never trouble. What one role may do and
// another not is shown elsewhere (isolation.test.mjs); here nothing is right but by chance.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Anything } from './anything.mjs';
import * as candidate from './candidate.mjs';
import { Client, openapi } from './client.mjs';
import { Deployment, kaowu } from './deployment.mjs';
import { Operator } from './operator.mjs';
import { scan } from './pictures.mjs';
import * as staff from './staff.mjs';
import { seeded } from './workload.mjs';

const seed = Number(process.env.KAOWU_SEED ?? Date.now() % 1000000);
const count = process.env.KAOWU_FAULT ? 40000 : 600;
const random = seeded(seed);
const anything = new Anything(random);

// What would leave nobody to ask is sent seldom, and a centre is not suspended: it would answer nothing.
const ends = [
  'delete /session', 'delete /operator/session', 'post /admin/staff/{id}/disable', 'post /operator/plugins/{sha256}/disable',
];
const never = 'post /operator/tenants/{slug}/suspend';
const operations = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation, tag: operation.tags[0] })));

let deployment;
const people = {};
before(async () => {
  deployment = await (await Deployment.make()).start();
  const office = await staff.office(deployment, 'haidian');
  for (const [login, client] of Object.entries(office)) people[login.replace(/\d$/, '')] = client;
  for (const order of [1, 2]) {
    const client = new Client(deployment, 'haidian');
    await candidate.apply(client, order, `1380000700${order}`);
    people[`candidate${order}`] = client;
  }
  people.operator = await new Operator(deployment).begin();
  people.stranger = new Operator(deployment);
  people.nobody = new Client(deployment, 'haidian');
  for (const { path, method, tag } of operations) {
    if (method !== 'get' || path.includes('{')) continue;
    for (const name of Object.keys(people).filter((each) => each.startsWith(tag) || (tag === 'public' && each === 'nobody')))
      anything.noteRows(path, (await people[name].get(path)).body);
  }
});
after(() => deployment.end());

// Mostly who may, so that more comes of it than a refusal. The operator's routes are at another root.
function personFor({ path, tag }) {
  const operators = path.startsWith('/operator/');
  const names = Object.keys(people).filter((name) => (people[name] instanceof Operator) === operators);
  const able = names.filter((name) => name.startsWith(tag));
  return people[random.pick(able.length && anything.chance(0.85) ? able : names)];
}

// As it stands, if there is anything at the path or above it.
async function versionOf(client, path) {
  for (let at = path; at.split('/').length > 2; at = at.slice(0, at.lastIndexOf('/'))) {
    const { version } = await client.get(at);
    if (version !== undefined) return version;
  }
  return Math.floor(random.between(0, 20));
}

// Whose session has ended signs in again, if that is still possible.
async function back(client) {
  if (client.login) await client.comeBack().catch(() => {});
  else if (client.mobile) await client.signIn().catch(() => {});
  else if (client.password) {
    const { body } = await client.post('/operator/sessions', { login: 'operator', password: client.password });
    client.token = body.token ?? client.token;
  }
}

async function send(client, { path, method, operation }) {
  const target = anything.target(path);
  const content = operation.requestBody?.content ?? {};
  const options = {};
  if (content['application/json']) options.body = anything.value(content['application/json'].schema);
  else if (operation.requestBody) options.upload = anything.chance(0.5) ? scan() : Buffer.from(random.pick(['', 'no picture', '\xff\xd8\xff']));
  if (operation.parameters?.some(({ $ref }) => $ref?.endsWith('/IfMatch')) && anything.chance(0.95)) options.version = await versionOf(client, target);
  const query = (operation.parameters ?? []).filter(({ in: place }) => place === 'query' && anything.chance(0.3))
    .map(({ name, schema }) => `${name}=${encodeURIComponent(anything.value(schema, name))}`).join('&');
  return { target, answer: await client.call(method.toUpperCase(), query ? `${target}?${query}` : target, options), options };
}

// One request of anybody's, whose answer is counted.
async function sendAny(statuses) {
  const what = random.pick(operations);
  const name = `${what.method} ${what.path}`;
  if (name === never || (ends.includes(name) && anything.chance(0.95))) return;
  const client = personFor(what);
  const { target, answer, options } = await send(client, what);
  const told = `${what.method} ${target} ${JSON.stringify(options.body)?.slice(0, 2000)}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 2000)}`;
  assert.ok(answer.status < 500, `${told}\n${deployment.log.slice(-2000)}`);
  assert.ok(!String(answer.body?.code).startsWith('store.'), told);
  statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
  if (answer.status < 300) anything.noteRows(what.path, answer.body);
  if (answer.status === 401) await back(client);
}

// Where several are on their way at a time, the seed does not tell in which order they come.
for (const [when, lanes] of [['one after another', 1], ['eight at a time', 8]]) {
  test(`what is sent ${when} is answered in words, and is never trouble (seed ${seed})`, async (t) => {
    const statuses = {};
    let left = count;
    await Promise.all(Array.from({ length: lanes }, async () => {
      while (left-- > 0) await sendAny(statuses);
    }));
    t.diagnostic(JSON.stringify(statuses));
    assert.ok(statuses[200] > count / 20, 'hardly anything was right');
  });
}

test('and everything is whole after it', async () => {
  await deployment.stop();
  assert.match(kaowu(['doctor', '--data', deployment.data]), /haidian: database and audit chain/);
});
