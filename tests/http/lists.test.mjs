// Lists page by cursor, all of them the same way: walked in small steps, each gives what it gives at once.
//
// Which routes are lists is told by openapi.json, so that a new list is held to it without being remembered here.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client, openapi } from './client.mjs';
import { Deployment } from './deployment.mjs';
import { Operator } from './operator.mjs';
import { walk } from './paging.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
let deployment, office, operator, client, other, plan;

before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug, 'shijingshan'] })).start();
  office = await staff.office(deployment, slug);
  operator = await new Operator(deployment).begin();
  client = new Client(deployment, slug);
  for (const [i, each] of [0, 1, 2, 3].map((i) => [i, i === 0 ? client : new Client(deployment, slug)])) {
    await candidate.apply(each, 301 + i, `1380000530${i}`);
    other = each;
    if (i < 2) await staff.approve(office.reviewer1, each.application);
    if (i >= 2) continue;
    const { number } = await staff.payOffline(each, office.cashier, `R-30${i}`);
    await office.cashier.post(`/cashier/orders/${number}/refunds`, { reason: '考生申请退考' }, { expect: 201 });
  }
  await client.put('/account/erasure', undefined, { expect: 200 });
  await other.put('/account/erasure', undefined, { expect: 200 });
  const { plans } = (await client.get('/plans', { expect: 200 })).body;
  plan = (await client.get(`/applications/${client.application}`, { expect: 200 })).body.plan_id;
  for (const { id } of plans) await client.post('/applications', { plan_id: id });
});
after(() => deployment.end());

const schemaOf = (operation) => operation.responses['200']?.content?.['application/json']?.schema.$ref?.split('/').pop();
const isArray = (schema) => schema.type === 'array' && !schema.maxItems; // not of a few at most

// [path, name of the array] of every GET whose answer is a list of what can be any number.
const lists = Object.entries(openapi.paths).flatMap(([path, { get }]) => {
  const { properties = {} } = openapi.components.schemas[get && schemaOf(get)] ?? {};
  const arrays = Object.keys(properties).filter((name) => isArray(properties[name]));
  return properties.next || (arrays.length === 1 && Object.keys(properties).length === 1) ? [[path, arrays[0]]] : [];
});

const who = (path) => {
  const [, word] = path.split('/');
  const { cashier, registrar, admin, auditor, reviewer1 } = office;
  return { cashier, registrar, admin, audit: auditor, review: reviewer1, operator }[word] ?? client;
};
const fill = (path) => path.replace('{id}', plan);

// The public list may be a few seconds old, and with it how many places are taken; databases grow and shrink by themselves.
const still = (row) => ({ ...row, places_taken: undefined, database_bytes: undefined, files_bytes: undefined });

// The reasons are a table of ours, not what people make.
const paged = lists.filter(([path]) => path !== '/reasons');

test('every list is one of those that page', () => {
  assert.ok(paged.length >= 9, `${paged}`);
  for (const [path] of paged) {
    const names = openapi.paths[path].get.parameters.map((each) => each.$ref?.split('/').pop());
    assert.ok(names.includes('Cursor') && names.includes('Limit'), path);
  }
});

// These have rows only where a provider of payments is played: tests/peers/bill.test.mjs walks them.
const elsewhere = ['/cashier/bills', '/cashier/differences'];

test('walked by one and by two, each list gives every row once, in its order', async (t) => {
  for (const [path, name] of paged) {
    if (elsewhere.includes(path)) continue;
    t.diagnostic(`${path}: ${await walk(who(path), fill(path), name, still)}`);
  }
});

test('a parameter that says nothing is as one that was not sent', async () => {
  for (const [path, name] of paged) {
    const names = openapi.paths[path].get.parameters.map((each) => each.name ?? openapi.components.parameters[each.$ref.split('/').pop()].name);
    const asked = names.filter((each) => each !== 'id').map((each) => `${each}=`).join('&');
    const rows = async (query) => (await who(path).get(`${fill(path)}?${query}`, { expect: 200 })).body[name].map(still);
    assert.deepEqual(await rows(asked), await rows(''), `${path}?${asked}`);
  }
});

// [method, path, name, words] of every parameter that takes one of a few words.
const named = (each) => (each.$ref ? each.$ref.split('/').slice(1).reduce((at, key) => at[key], openapi) : each);
const choices = Object.entries(openapi.paths).flatMap(([path, operations]) => Object.entries(operations).flatMap(([method, { parameters = [] }]) =>
  parameters.map(named).map(({ in: where, name, schema }) => [method, path, name, where === 'query' && named(schema).enum]).filter(([, , , words]) => words)));

test('a parameter that takes one of a few words takes no other, and says which there are', async () => {
  assert.ok(choices.length >= 16, `${choices.length}`);
  for (const [method, path, name, words] of choices) {
    const place = fill(path.replace('{id}/notice', `${client.application}/notice`)).replace('{number}', client.number);
    const { status, body } = await who(path).call(method.toUpperCase(), `${place}?${name}=xyz`, { version: client.version });
    const told = name === 'dry_run' ? [400, body.detail] : [422, body.errors?.find(({ pointer }) => pointer === `/${name}`)?.detail];
    assert.equal(status, told[0], `${path} ${name}`);
    for (const word of words) assert.ok(told[1]?.includes(word), `${path} ${name}: ${told[1]}, without ${word}`);
  }
});

test('what is no cursor of a list, or no number of rows, is refused', async () => {
  for (const [path] of paged) {
    const answer = await who(path).get(`${fill(path)}?cursor=x&limit=101`, { expect: 422 });
    assert.deepEqual(answer.body.errors.map(({ pointer, code }) => `${pointer} ${code}`), ['/cursor page.cursor', '/limit page.limit']);
  }
});
