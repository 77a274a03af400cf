// What an attacker would try first, at a server as it is deployed: behind a proxy, one centre, a candidate and the staff.
//
// What other scenarios show is not repeated here; docs/security.md says where each stands.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client, openapi } from './client.mjs';
import { Deployment, kaowu } from './deployment.mjs';
import { scan } from './pictures.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
const base = `/t/${slug}/api/v1`;
const password = 'placeholder-password-1';
const routes = kaowu(['routes', '--json']).trim().split('\n').map(JSON.parse);
let deployment, client, office;
before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start({ words: ['--proxy', '127.0.0.1'] });
  office = await staff.office(deployment, slug);
  client = await new Client(deployment, slug).signUp('13800009001', password);
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.topic(client, 'condition', { condition: '1-1' });
});
after(() => deployment.end());

// Sends these very bytes; {status, head, headers, body}.
function raw(text) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(deployment.port, '127.0.0.1', () => socket.write(text));
    const parts = [];
    socket.on('data', (part) => parts.push(part));
    socket.on('error', reject);
    socket.on('close', () => {
      const heard = Buffer.concat(parts).toString('latin1');
      const [head, body = ''] = [heard.split('\r\n\r\n')[0], heard.slice(heard.indexOf('\r\n\r\n') + 4)];
      const lines = head.split('\r\n').slice(1).map((line) => line.match(/^([^:]+): ?(.*)$/).slice(1));
      resolve({ status: Number(heard.slice(9, 12)), head, body, headers: Object.fromEntries(lines.map(([name, value]) => [name.toLowerCase(), value])) });
    });
  });
}

function asked(method, target, headers = {}, body) {
  const all = { host: 'kaowu.example', connection: 'close', ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }), ...headers };
  return raw(`${method} ${target} HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body ?? ''}`);
}

const bearer = (who) => ({ authorization: `Bearer ${who.token}` });
const json = { 'content-type': 'application/json' };

// ---- Headers ----

// An answer of every kind that there is: [what, status, answer].
async function kinds(more) {
  const html = { ...more, accept: 'text/html' };
  const page = await asked('GET', `/t/${slug}/`, html);
  const asset = page.body.match(/(\/assets\/[\w.-]+\.js)/)[1];
  const material = `${base}/applications/${client.application}/materials/certificate`;
  return [
    ['page', 200, page],
    ['page of the staff', 200, await asked('GET', `/t/${slug}/staff/`, html)],
    ['asset', 200, await asked('GET', asset, more)],
    ['public', 200, await asked('GET', `${base}/plans`, more)],
    ['public, from the cache', 200, await asked('GET', `${base}/plans`, more)],
    ['private', 200, await asked('GET', `${base}/account`, { ...more, ...bearer(client) })],
    ['file', 200, await asked('GET', material, { ...more, ...bearer(client) })],
    ['document', 200, await asked('GET', `${base}/applications/${client.application}/templates`, { ...more, ...bearer(client) })],
    ['redirect', 308, await asked('GET', `/t/${slug}`, html)],
    ['not known', 401, await asked('GET', `${base}/account`, more)],
    ['not allowed', 403, await asked('GET', `${base}/admin/staff`, { ...more, ...bearer(client) })],
    ['no route', 404, await asked('GET', `${base}/nowhere`, more)],
    ['no centre', 404, await asked('GET', '/t/nowhere/api/v1/plans', more)],
    ['no method', 405, await asked('DELETE', `${base}/plans`, more)],
    ['options', 204, await asked('OPTIONS', `${base}/plans`, more)],
    ['not acceptable', 406, await asked('GET', `${base}/plans`, { ...more, accept: 'image/png' })],
    ['media type', 415, await asked('POST', `${base}/codes`, { ...more, 'content-type': 'text/plain' }, '{}')],
    ['invalid', 422, await asked('POST', `${base}/codes`, { ...more, ...json }, '{}')],
    ['malformed', 400, await asked('POST', `${base}/codes`, { ...more, ...json }, '{')],
    ['health', 200, await asked('GET', '/healthz', more)],
    ['description', 200, await asked('GET', '/openapi.json', more)],
  ];
}

// What net refuses before anything else looks at it.
const early = async () => [
  ['framing', 400, await raw('GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')],
  ['target too long', 414, await raw(`GET /${'a'.repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`)],
  ['headers too long', 431, await raw(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(17000)}\r\n\r\n`)],
  ['body too long', 413, await raw(`POST ${base}/codes HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n`)],
];

function expectGuarded([what, status, { status: got, headers, head }]) {
  assert.equal(got, status, `${what}: ${head}`);
  assert.equal(headers['x-content-type-options'], 'nosniff', `${what}: ${head}`);
  for (const directive of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
    assert.ok(headers['content-security-policy']?.includes(directive), `${what}: ${head}`);
  assert.doesNotMatch(headers['content-security-policy'], /unsafe|https?:|\*/, what);
  assert.match(headers['referrer-policy'], /^(no-referrer|same-origin)$/, what);
  assert.equal(headers['cross-origin-resource-policy'], 'same-origin', what);
  const kept = { page: 'no-cache', 'page of the staff': 'no-cache', asset: /^public, / , public: /^public, /, 'public, from the cache': /^public, / }[what];
  assert.match(headers['cache-control'], new RegExp(kept ?? '^no-store$'), what);
  assert.equal(new Set(head.toLowerCase().match(/^[\w-]+(?=:)/gm)).size, head.match(/^[\w-]+(?=:)/gm).length, `${what}: a header twice: ${head}`);
  for (const told of ['server', 'x-powered-by', 'access-control-allow-origin']) assert.equal(headers[told], undefined, what);
}

test('every kind of answer has the headers that guard a browser, and HSTS over TLS alone', async () => {
  await candidate.consent(client);
  await candidate.upload(client, 'certificate', scan());
  const plain = await kinds({});
  for (const each of [...plain, ...await early()]) expectGuarded(each);
  for (const [what, , { headers }] of plain) assert.equal(headers['strict-transport-security'], undefined, what);
  const over = await kinds({ 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7' });
  for (const each of over) {
    expectGuarded(each);
    assert.match(each[2].headers['strict-transport-security'], /^max-age=63072000; includeSubDomains$/, each[0]);
  }
});

test('what was uploaded comes back as an attachment of a type that we name', async () => {
  const { headers } = await client.get(`/applications/${client.application}/materials/certificate`, { expect: 200 });
  assert.equal(headers.get('content-disposition'), 'attachment; filename="certificate.jpg"');
  assert.equal(headers.get('content-type'), 'image/jpeg');
});

// ---- Sessions and requests of others ----

test('a session that somebody else has chosen or presented is never taken over', async () => {
  const chosen = 'B'.repeat(43);
  const body = JSON.stringify({ mobile: client.mobile, password });
  const first = await asked('POST', `${base}/sessions`, { ...json, cookie: `kaowu_session=${chosen}` }, body);
  const token = JSON.parse(first.body).token;
  assert.notEqual(token, chosen);
  assert.match(first.headers['set-cookie'], new RegExp(`^kaowu_session=${token}; Path=/t/${slug}/; HttpOnly; SameSite=Lax$`));
  const second = await asked('POST', `${base}/sessions`, { ...json, cookie: `kaowu_session=${token}` }, body);
  assert.equal(second.status, 201);
  const holds = async (each) => (await asked('GET', `${base}/session`, { cookie: `kaowu_session=${each}` })).status;
  assert.deepEqual([await holds(chosen), await holds(token), await holds(JSON.parse(second.body).token)], [401, 401, 200]);

  // Nor where another one begins with an invitation, at a desk where somebody is signed in.
  const { token: invitation } = (await office.admin.post('/admin/staff', { login: 'newcomer', name: '新同事', roles: ['auditor'] }, { expect: 201 })).body;
  const before = JSON.parse(second.body).token;
  const sent = JSON.stringify({ token: invitation, password });
  const accepted = await asked('POST', `${base}/staff/passwords`, { ...json, cookie: `kaowu_session=${before}` }, sent);
  assert.equal(accepted.status, 201);
  assert.deepEqual([await holds(before), await holds(JSON.parse(accepted.body).token)], [401, 200]);
});

test('no route that writes takes a request of another site, however plain, and no GET writes', async () => {
  const cookie = { cookie: `kaowu_session=${office.admin.token}`, 'content-type': 'text/plain' };
  for (const { method, path, lane } of routes) {
    if (method === 'GET') assert.notEqual(lane, 'write', path);
    if (method === 'GET' || path.startsWith('/demo/')) continue;
    const target = (path.startsWith('/operator/') ? '/api/v1' : base) + path.replace(/\{\w+\}/g, 'x');
    for (const from of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://elsewhere.example' }, { origin: 'null' }])
      assert.equal((await asked(method, target, { ...cookie, ...from }, '{}')).status, 403, `${method} ${path} ${JSON.stringify(from)}`);
  }
});

// A proxy hands on what bytes it was sent; where they are no UTF-8, no code may take them for text.
test('a header of any bytes is trouble to no route', async () => {
  const signature = ['timestamp', 'nonce', 'serial', 'signature'].map((each) => `wechatpay-${each}`);
  const headers = [signature, ...['accept', 'accept-encoding', 'accept-language', 'authorization', 'cookie', 'idempotency-key', 'if-match', 'if-none-match',
    'origin', 'sec-fetch-site', 'x-forwarded-for', 'x-forwarded-proto'].map((name) => [name])];
  for (const { method, path } of routes) {
    const target = (path.startsWith('/operator/') ? '/api/v1' : base) + path.replace(/\{\w+\}/g, 'x');
    for (const names of headers) {
      const garbage = names.map((each) => `${each}: \xff`);
      const lines = ['Host: kaowu.example', 'Connection: close', 'Content-Type: application/json', 'Content-Length: 2', ...garbage];
      const { status } = await raw(Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n{}`, 'latin1'));
      assert.ok(status >= 200 && status < 500, `${method} ${path}, ${names}: ${status}`);
    }
  }
});

// ---- Bodies ----

function* objects(schema, where) {
  if (!schema || typeof schema !== 'object') return;
  if (schema.$ref) return yield* objects(openapi.components.schemas[schema.$ref.split('/').pop()], schema.$ref.split('/').pop());
  if (schema.properties) yield [where, schema];
  for (const [name, inner] of Object.entries(schema.properties ?? {})) yield* objects(inner, `${where}/${name}`);
  for (const inner of [schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) yield* objects(inner, where);
}

test('no body has room for a field that is not its own', async () => {
  const provider = ['SmsReports']; // who may add to what they report
  for (const name of new Set(routes.map((route) => route.body).filter((each) => each && !provider.includes(each))))
    for (const [where, schema] of objects({ $ref: `#/components/schemas/${name}` }, name))
      assert.ok(schema.additionalProperties === false || schema.unevaluatedProperties === false, `${where} takes any field`);

  const { body, version } = await client.get(`/applications/${client.application}`, { expect: 200 });
  const more = { state: 'approved', account_id: body.id, version: 99, roles: ['admin'] };
  for (const [name, value] of Object.entries(more)) {
    const said = await client.put(`/applications/${client.application}/details`, { ...candidate.details(1), [name]: value }, { version, expect: 422 });
    assert.ok(said.body.errors.some((each) => each.pointer === `/${name}`), name);
  }
  const sent = { mobile: '13800009002', code: '000000', password, roles: ['admin'], kind: 'staff' };
  await new Client(deployment, slug).post('/accounts', sent, { expect: 422 });
  assert.equal((await client.get(`/applications/${client.application}`, { expect: 200 })).body.state, 'draft');
});

// ---- What is put into addresses and headers ----

test('nothing that is sent becomes a header of the answer', async () => {
  const evil = '%0d%0aSet-Cookie:%20evil=1%0d%0a%0d%0aevil';
  const answers = [
    await asked('GET', `/t/${slug}${evil}`, { accept: 'text/html' }),
    await asked('GET', `/t/${evil}/`, { accept: 'text/html' }),
    await asked('GET', `${base}/applications/${evil}`, bearer(client)),
    await asked('GET', `${base}/applications/${client.application}/materials/${evil}`, bearer(client)),
    await asked('GET', `${base}/plans?cursor=${evil}`),
    await asked('GET', `/t/${slug}`, { accept: 'text/html', 'x-forwarded-host': 'evil.example', host: 'evil.example' }),
    await asked('POST', `${base}/sessions`, { ...json, cookie: 'kaowu_session=evil; evil=1' },
      JSON.stringify({ mobile: '13800009003', password: 'evil\r\nSet-Cookie: evil=1' })),
  ];
  for (const { head } of answers) assert.doesNotMatch(head, /evil/i);
});

test('no address leads to a file that is not served', async () => {
  const key = readFileSync(join(deployment.data, 'master.key'));
  const out = ['../master.key', '..%2fmaster.key', '%2e%2e/master.key', '%2e%2e%2fmaster.key', '..%5cmaster.key', '....//master.key',
    '%252e%252e%252fmaster.key', 'master.key%00.js', '../../../../etc/passwd', '..%2f..%2f..%2f..%2fetc%2fpasswd'];
  const under = ['/', '/assets/', `/t/${slug}/`, `/t/${slug}/staff/`, `${base}/`, `${base}/applications/`,
    `${base}/applications/${client.application}/materials/`];
  for (const folder of under)
    for (const name of out) {
      const { status, body, headers } = await asked('GET', folder + name, { ...bearer(client), accept: 'application/json' });
      assert.ok([400, 404].includes(status), `${folder}${name}: ${status}`);
      assert.ok(!body.includes(key.toString('latin1')) && !body.includes('root:'), folder + name);
      assert.equal(headers['content-type'], 'application/problem+json');
    }
});

test('only whom the proxy names has an address, and nobody reaches the machine room through it', async () => {
  const code = (n, headers) =>
    asked('POST', `${base}/codes`, { ...json, ...headers }, JSON.stringify({ purpose: 'sign_up', mobile: `138000${String(10000 + n)}` }));
  const statuses = [];
  for (let n = 0; n < 31; n++) // what the caller wrote himself stands to the left
    statuses.push((await code(n, { 'x-forwarded-for': `198.51.100.${n}, 192.0.2.8` })).status);
  assert.deepEqual([...new Set(statuses.slice(0, 30)), statuses[30]], [202, 429]);
  for (const path of ['/metrics', '/status'])
    assert.equal((await asked('GET', path, { 'x-forwarded-for': '192.0.2.8' })).status, 404);
  assert.equal((await asked('TRACE', `${base}/plans`)).status, 405);
});

// ---- Logs ----

test('the server leaves no picture of its memory when it dies', () => {
  assert.match(readFileSync(`/proc/${deployment.server.pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m);
});

test('the log tells who was turned away, by codes, and no line of it can be forged', async () => {
  const forged = 'x\n{"level":"error","event":"forged"}\n\u001b[31m';
  await new Client(deployment, slug).post('/staff/sessions', { login: forged.slice(0, 60), password: forged }, { expect: 401 });
  await asked('GET', `${base}/applications/${encodeURIComponent(forged)}`, bearer(client));
  await client.get('/admin/staff', { expect: 403 });
  const lines = deployment.log.trim().split('\n').map((line) => JSON.parse(line));
  assert.ok(!lines.some((line) => line.event === 'forged'));
  assert.ok(!/[\u0000-\u0009\u000b-\u001f]/.test(deployment.log));
  const refused = lines.filter((line) => line.event === 'request.refused').map(({ route, code }) => `${route} ${code}`);
  for (const each of ['/staff/sessions session.wrong', '/admin/staff api.not_allowed', '/codes code.too_many_here'])
    assert.ok(refused.includes(each), each);
});
