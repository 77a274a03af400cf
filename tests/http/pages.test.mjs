// How the server gives the pages to browsers: which address leads to which page, compressed, for ever or never kept,
// and under a content policy that lets nothing in from elsewhere.
import assert from 'node:assert/strict';
import http from 'node:http';
import zlib from 'node:zlib';
import { after, before, test } from 'node:test';
import { Deployment } from './deployment.mjs';

let deployment;
before(async () => { deployment = await (await Deployment.make()).start(); });
after(() => deployment.end());

// As it came over the wire: fetch() would decompress.
function get(path, headers = {}, method = 'GET') {
  return new Promise((resolve, reject) => {
    const request = http.request(deployment.base + path, { method, headers }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(parts) }));
    });
    request.on('error', reject).end();
  });
}

const html = { accept: 'text/html' };
const assetsOf = (page) => [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);

test('a centre has a page for candidates and one for staff, whatever view their address names', async () => {
  const candidate = await get('/t/haidian/', html);
  const staff = await get('/t/haidian/staff/', html);
  assert.equal(candidate.status, 200);
  assert.match(candidate.headers['content-type'], /^text\/html/);
  assert.notDeepEqual(candidate.bytes, staff.bytes);
  for (const path of ['/t/haidian/applications/1/work', '/t/haidian/staffing', '/t/shijingshan/'])
    assert.deepEqual((await get(path, html)).bytes, candidate.bytes, path);
  assert.deepEqual((await get('/t/haidian/staff/review/1', html)).bytes, staff.bytes);
  assert.deepEqual((await get('/', { ...html, host: 'haidian.kaowu.example' })).bytes, candidate.bytes);
});

test('without the slash at its end the base leads to itself with one', async () => {
  for (const path of ['/t/haidian', '/t/haidian/staff']) {
    const { status, headers } = await get(path, html);
    assert.deepEqual([status, headers.location], [308, `${path}/`]);
    assert.equal((await get(`${path}?lang=en&x=%2F`, html)).headers.location, `${path}/?lang=en&x=%2F`);
  }
});

test('who comes by a browser to where nothing is reads so', async () => {
  for (const [path, said] of [['/t/nowhere/', '没有这个机构'], ['/', '没有这个机构'], ['/assets/nothing.js', '没有这个机构']]) {
    const { status, headers, bytes } = await get(path, html);
    assert.deepEqual([status, headers['content-type']], [404, 'text/html; charset=utf-8'], path);
    assert.match(bytes.toString(), new RegExp(said));
  }
  assert.match((await get('/t/nowhere/', { ...html, 'accept-language': 'en' })).bytes.toString(), /lang="en".*There is no such centre/);
});

test('who does not ask for HTML, and what begins with /api, get no page', async () => {
  for (const [path, headers] of [
    ['/t/haidian/nothing', { accept: 'application/json' }], ['/t/haidian/nothing', {}], ['/t/nowhere/', {}],
    ['/t/haidian/api/v1/nothing', html], ['/t/haidian/api', html], ['/t/nowhere/api/v1/plans', html], ['/', { accept: '*/*' }],
  ]) {
    const answer = await get(path, headers);
    assert.equal(answer.status, 404, path);
    assert.match(answer.headers['content-type'], /^application\/problem\+json/);
  }
});

test('a page may load from its own server only, nothing inline, and is never shown old', async () => {
  for (const path of ['/t/haidian/', '/t/haidian/staff/']) {
    const { headers, bytes } = await get(path, html);
    const policy = headers['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self';/);
    assert.match(policy, /style-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:|data:/);
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.doesNotMatch(bytes.toString(), /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|(?:src|href)="(?!\/assets\/)/);
  }
});

test('what a page loads is named by its content and kept for ever', async () => {
  const assets = assetsOf((await get('/t/haidian/', html)).bytes.toString());
  assert.ok(assets.some((path) => path.endsWith('.js')) && assets.some((path) => path.endsWith('.css')));
  for (const path of assets) {
    const { status, headers } = await get(path);
    assert.equal(status, 200);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal((await get(path, { 'if-none-match': headers.etag })).status, 304);
    assert.equal((await get(path, {}, 'POST')).status, 404);
  }
});

test('each browser gets the smallest form that it takes', async () => {
  const script = assetsOf((await get('/t/haidian/', html)).bytes.toString()).find((path) => path.endsWith('.js'));
  const plain = await get(script);
  assert.equal(plain.headers['content-encoding'], undefined);
  const forms = [
    ['br', 'gzip, deflate, br', zlib.brotliDecompressSync], ['gzip', 'gzip', zlib.gunzipSync],
    ['gzip', 'br;q=0, gzip;q=0.5', zlib.gunzipSync], [undefined, 'gzip;q=0.0', (bytes) => bytes], [undefined, 'brotli', (bytes) => bytes],
  ];
  const etags = new Set();
  for (const [coding, accepted, decompress] of forms) {
    const { headers, bytes } = await get(script, { 'accept-encoding': accepted });
    assert.equal(headers['content-encoding'], coding, accepted);
    assert.equal(headers.vary, 'Accept-Encoding');
    assert.deepEqual(decompress(bytes), plain.bytes);
    etags.add(headers.etag);
  }
  assert.equal(etags.size, 3);
});
