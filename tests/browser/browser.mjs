// A real browser for the tests: Debian's chromium, as the headless shell where there is one, which draws the same pages and has none
// of what stands around them in a window, in half of the time. Every page that a test visits is held to what holds for all: no
// request to another host, nothing refused by the content policy, no error in the console, no violation that axe can see.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from '../http/deployment.mjs';
import { eventually } from '../http/patience.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Nothing is held against them, and drawing takes as long as axe: only for whoever wants to look.
const pictures = process.env.KAOWU_SCREENSHOTS && join(build, 'screenshots');

// Not /usr/bin/chromium-headless-shell: it is a shell script, which ends and leaves the browser behind.
const browsers = [process.env.KAOWU_CHROMIUM, '/usr/lib/chromium/chromium-headless-shell', '/usr/bin/chromium'];
export const binary = browsers.find((path) => path && existsSync(path));
export const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const launch = (args = []) =>
  chromium.launch({ executablePath: binary, chromiumSandbox: false, args: [...quiet, ...args] });

export const phone = { width: 360, height: 740 };
export const desk = { width: 1440, height: 900 };

// There are that many, once what was done has come through.
export async function amount(locator, wanted) {
  await eventually(async () => `${wanted} of ${locator}, of which there are ${await locator.count()}`,
    async () => (await locator.count()) === wanted, { every: 50 });
}

// The line is so thin that somebody acts while a request is on its way: `start` sends it, and it goes on after `act`.
export async function meanwhile(page, method, start, act) {
  const is = (request) => request.method() === method;
  let release;
  const acted = new Promise((resolve) => { release = resolve; });
  const hold = async (route) => {
    if (is(route.request())) await acted;
    await route.fallback();
  };
  await page.route('**/*', hold);
  await Promise.all([page.waitForRequest(is), start()]);
  await act();
  await Promise.all([page.waitForResponse((response) => is(response.request())), release()]);
  await page.unroute('**/*', hold);
}

// What the browser itself writes when an answer is a refusal that the page expects.
const expected = /^Failed to load resource: (the server responded with a status of (401|404|409|412|422|429)|net::ERR_)/;

// A person with a browser of their own, at a centre, or where `base` says.
export class Visitor {
  static async make(browser, deployment, slug, { language = 'zh-CN', viewport = phone, base = `${deployment.base}/t/${slug}/`, ...options } = {}) {
    const visitor = new Visitor();
    Object.assign(visitor, { deployment, slug, base, language, viewport, faults: [] });
    visitor.context = await browser.newContext({
      viewport, locale: language, timezoneId: 'Asia/Shanghai', acceptDownloads: true, hasTouch: viewport === phone, ...options,
    });
    visitor.context.setDefaultTimeout(60000);
    visitor.context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && url.origin !== deployment.base) visitor.faults.push(`a request to ${url.origin}`);
    });
    visitor.page = await visitor.context.newPage();
    visitor.page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !expected.test(message.text())) visitor.faults.push(`console: ${message.text()}`);
    });
    visitor.page.on('pageerror', (error) => visitor.faults.push(`error: ${error.stack}`));
    return visitor;
  }

  // With a session that there is, at its centre.
  static async signedIn(browser, client, options) {
    const visitor = await Visitor.make(browser, client.deployment, client.slug, options);
    await visitor.context.addCookies([{ name: 'kaowu_session', value: client.token, url: visitor.base }]);
    await visitor.goto('privacy');
    await visitor.page.evaluate(() => localStorage.setItem('kaowu.signed-in', 'yes'));
    return visitor;
  }

  goto(path = '') { return this.page.goto(this.base + path); }

  // Everything that the page was to show at once is there, and no colour is on its way to another.
  async settled() {
    await this.page.waitForSelector('h1');
    await this.page.waitForFunction(() => !document.querySelector('.loading') && document.getAnimations()
      .every(({ playState, effect }) => playState !== 'running' || effect.getComputedTiming().iterations === Infinity));
  }

  // Once the page has settled: nothing is amiss, and axe finds nothing.
  async look(name) {
    await this.settled();
    assert.deepEqual(this.faults, [], name);
    await this.fits(name);
    await this.filled(name);
    await this.level(name);
    await this.accessible(name);
    if (pictures) await this.draw(name);
  }

  async draw(name) {
    const folder = join(pictures, `${this.language}-${this.viewport.width}`);
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  // Nothing sticks out of the window's width.
  async fits(name) {
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(wide, 0, `${name}: ${wide} pixels wider than the window`);
  }

  // No column of a table is empty from its first row to its last.
  async filled(name) {
    const empty = await this.page.evaluate(() => [...document.querySelectorAll('table.rows')].flatMap(({ tBodies: [body], tHead: head }) =>
      [...head?.rows[0].cells ?? []].filter((cell, at) => cell.offsetWidth > 0 && body.rows.length > 0
        && [...body.rows].every(({ cells }) => !cells[at]?.innerText.trim() && !cells[at]?.querySelector('input, img'))).map((cell) => cell.innerText)));
    assert.deepEqual(empty, [], `${name}: empty columns`);
  }

  // Beside each other, controls stand on one line, whatever is said above them.
  async level(name) {
    const lower = await this.page.evaluate(() => [...document.querySelectorAll('.office .side')].flatMap((side) => {
      const fields = [...side.children].flatMap((field) => {
        const control = field.matches('.field') && field.querySelector('input:not([type=radio], [type=checkbox]), select');
        return control ? [{ field, box: field.getBoundingClientRect(), line: control.getBoundingClientRect().bottom }] : [];
      });
      return fields.filter(({ box, line }) => fields.some((other) => other.box.top < box.bottom && box.top < other.box.bottom && line > other.line + 1))
        .map(({ field }) => field.innerText);
    }));
    assert.deepEqual(lower, [], `${name}: controls that stand lower than those beside them`);
  }

  // axe is half a megabyte: it comes by the browser's own protocol, and only what it has found goes back.
  async accessible(name) {
    if (!(await this.page.evaluate(() => 'axe' in window))) {
      this.inspector ??= await this.context.newCDPSession(this.page);
      await this.inspector.send('Runtime.evaluate', { expression: `${axe}; true` });
    }
    const told = await this.page.evaluate(async () => {
      const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
      return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
    });
    assert.deepEqual(told, [], `${name}: axe`);
  }

  close() { return this.context.close(); }
}
