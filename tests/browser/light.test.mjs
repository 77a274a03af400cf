// A phone on a thin line: what the first page weighs, and what Lighthouse says of it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Deployment } from '../http/deployment.mjs';
import { eventually } from '../http/patience.mjs';
import { binary, launch, quiet, Visitor } from './browser.mjs';

const most = 150 * 1024;
let deployment;
before(async () => { deployment = await (await Deployment.make()).start(); });
after(() => deployment.end());

test('the first page weighs at most 150 KB, all that it loads included', async (context) => {
  const browser = await launch();
  const visitor = await Visitor.make(browser, deployment, 'haidian');
  const loaded = [];
  visitor.page.on('requestfinished', (request) => loaded.push(request));
  await visitor.goto();
  await visitor.page.getByRole('link', { name: /供应链管理师/ }).waitFor();
  await visitor.page.waitForLoadState('networkidle');
  let bytes = 0;
  for (const request of loaded) bytes += (await request.sizes()).responseBodySize;
  context.diagnostic(`first load: ${loaded.length} requests, ${Math.round(bytes / 1024)} KB`);
  assert.ok(loaded.length > 3 && bytes < most, `${bytes} bytes`);
  await browser.close();
});

function gone(folder) {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

// Lighthouse drives a browser of its own.
async function browserWithPort(folder) {
  const words = ['--headless', '--no-sandbox', ...quiet, '--remote-debugging-port=0', `--user-data-dir=${folder}`];
  const child = spawn(binary, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (part) => {
      said += part;
      const found = said.match(/DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/);
      if (found) resolve(Number(found[1]));
    });
    child.on('exit', () => reject(new Error(said)));
  });
  return { child, port };
}

// What Lighthouse says of one page, in a browser that has not been anywhere; null where its trace of the page was broken off, as it
// is where other tests leave it no time.
async function lighthouseSays(context, page) {
  const { default: lighthouse } = await import('lighthouse');
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-lighthouse-'));
  const { child, port } = await browserWithPort(folder);
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  try {
    const { lhr } = await lighthouse(`${deployment.base}/t/haidian/${page}`, {
      port, logLevel: 'error', onlyCategories: ['performance', 'accessibility', 'best-practices'],
    });
    const broken = Object.values(lhr.audits).filter(({ scoreDisplayMode }) => scoreDisplayMode === 'error');
    for (const { id, errorMessage } of broken) context.diagnostic(`lighthouse: ${id}: ${errorMessage}`);
    if (broken.length > 0) return null;
    const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]));
    context.diagnostic(`lighthouse of /${page}: ${JSON.stringify(scores)}`);
    const failed = Object.values(lhr.audits).filter(({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode === 'binary');
    for (const { id, title } of failed) context.diagnostic(`lighthouse: ${id}: ${title}`);
    return scores;
  } finally {
    child.kill();
    await ended;
    await eventually(`the end of ${folder}`, () => gone(folder)); // its children end after it, and write until then
  }
}

test('Lighthouse, as on a phone', async (context) => {
  const { plans: [plan] } = await (await fetch(`${deployment.base}/t/haidian/api/v1/plans`)).json();
  for (const page of ['', `plans/${plan.id}`]) {
    let scores = null;
    for (let tries = 0; !scores && tries < 3; tries++) scores = await lighthouseSays(context, page);
    // Performance is a time, and what else this machine does decides on it: printed, not judged.
    assert.ok(scores?.accessibility >= 95 && scores['best-practices'] >= 95, JSON.stringify(scores));
  }
});
