// A centre whose plans are paid by WeChat Pay, with candidates who have been approved, each to pay his fee.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { build, kaowu, root, today } from '../http/deployment.mjs';
import { eventually } from '../http/patience.mjs';
import * as staff from '../http/staff.mjs';
import { Scene } from './scene.mjs';
import { Wechat } from './wechat.mjs';

export class Cashdesk {
  static async make(slug = 'haidian') {
    const scene = await Scene.make([]);
    scene.clock = Date.parse(today);
    return Cashdesk.in(scene, slug);
  }

  // One more in that scene, with a merchant of its own.
  static async in(scene, slug) {
    const desk = new Cashdesk();
    Object.assign(desk, { slug, scene, wechat: await scene.peer(Wechat) });
    kaowu(['tenant', 'add', slug, '--data', scene.deployment.data]);
    desk.applyPlans();
    return desk;
  }

  get deployment() {
    return this.scene.deployment;
  }
  get address() {
    return `${this.deployment.base}/t/${this.slug}/api/v1/reports/wechat`;
  }

  // The centre as tenants/ has it, but paid by WeChat Pay too, and with these changes.
  applyPlans(changes = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'kaowu-centre-'));
    cpSync(join(root, 'tenants', this.slug), folder, { recursive: true });
    const centre = join(folder, 'tenant.json');
    writeFileSync(centre, JSON.stringify({ ...JSON.parse(readFileSync(centre, 'utf8')), ...changes }));
    for (const name of readdirSync(join(folder, 'plans'))) {
      const file = join(folder, 'plans', name);
      const plan = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...plan, payment: ['wechat', 'offline'] }));
    }
    this.deployment.apply(this.slug, folder);
    rmSync(folder, { recursive: true });
  }

  command(...words) {
    return spawnSync(join(build, 'kaowu'), [...words, '--data', this.deployment.data], {
      encoding: 'utf8',
      env: { ...process.env, LANG: 'en_US.UTF-8' },
    });
  }

  configure(account = this.wechat.account()) {
    const folder = mkdtempSync(join(tmpdir(), 'kaowu-account-'));
    writeFileSync(join(folder, 'account.json'), JSON.stringify(account));
    const done = this.command('payments', 'configure', this.slug, join(folder, 'account.json'));
    rmSync(folder, { recursive: true });
    return done;
  }

  async open(count) {
    this.office = await staff.office(this.deployment, this.slug);
    this.payers = [];
    for (let i = 0; i < count; i += 4)
      await Promise.all(Array.from({ length: Math.min(4, count - i) }, (_, k) => this.approved(i + k)));
    this.free = [...this.payers];
  }

  async approved(i) {
    const client = new Client(this.deployment, this.slug);
    await candidate.apply(client, 1 + i, `1380000${String(3000 + i)}`, { name: '张三' });
    await staff.approve(this.office.reviewer1, client.application);
    this.payers.push(client);
  }

  // Somebody who has not paid yet.
  payer() {
    assert.ok(this.free.length > 0, 'the desk was opened for too few');
    return this.free.pop();
  }

  async order(client, provider = 'wechat', options = { expect: 201 }) {
    return (await client.post(`/applications/${client.application}/orders`, { provider }, options)).body;
  }

  async see(client, order) {
    return (await client.get(`/applications/${client.application}/orders/${order.id}`, { expect: 200 })).body;
  }

  // Until the order holds what is waited for.
  until(client, order, holds) {
    let seen;
    return eventually(() => `${holds}\n${JSON.stringify(seen, null, 1)}\n${this.deployment.log}`, async () => {
      seen = await this.see(client, order);
      return holds(seen) && seen;
    }, { every: 100 });
  }

  // An order that the provider has, with its code.
  async placed(client) {
    const order = await this.order(client);
    return this.until(client, order, ({ state }) => state === 'open');
  }

  async application(client) {
    return (await client.get(`/applications/${client.application}`, { expect: 200 })).body;
  }

  async differences() {
    return (await this.office.cashier.get('/cashier/differences?state=open', { expect: 200 })).body.differences;
  }

  // Sessions of staff end soon: who works on signs in anew.
  async restart(options) {
    await this.deployment.stop();
    return this.startAgain(options);
  }

  async startAgain(options) {
    await this.scene.start(options);
    for (const login of ['admin', 'cashier', 'auditor']) await this.office[login].comeBack();
  }
  end() {
    return this.scene.end();
  }
}

export const kinds = (order) => order.events.map(({ kind }) => kind);
export const of = (order, kind) => order.events.filter((event) => event.kind === kind);
