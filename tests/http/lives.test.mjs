// Whole lives of applications, by an oracle: candidates, the whole office and the clock act at random in two centres, and after
// each act the program must show what the model of lives.mjs has become, no more and no less.
//
// KAOWU_SEED goes one way again; with KAOWU_FAULT there are many. What fails tells its seed and all that was done.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { Deployment, kaowu, root } from './deployment.mjs';
import { Account, Centre, day, hour, judged, materials, papers, Plan, topics } from './lives.mjs';
import { eventually } from './patience.mjs';
import { portrait, scan } from './pictures.mjs';
import { seeded } from './workload.mjs';

const first = Number(process.env.KAOWU_SEED ?? Date.now() % 1000000);
const histories = Number(process.env.KAOWU_HISTORIES ?? (process.env.KAOWU_FAULT ? 100 : 1));
const [phases, acts] = [6, 14]; // of a history: how often the clock stands, and what is begun in both centres while it does
const near = 20 * 60e3; // no act is so near a deadline that a slow machine could come to its other side
const reason = '按流程办理（示例）';
const slugs = ['haidian', 'shijingshan'];
const examFrom = Date.parse('2026-12-27T09:00:00+08:00');

// ---- The deployment: three plans of short periods in each centre ----

const begins = '2026-11-23T09:00:00+08:00';
const written = (slug, path) => JSON.parse(readFileSync(join(root, 'tenants', slug, path), 'utf8'));
const whole = (slug) => {
  const plan = written(slug, 'plans/2026-scm-1.json');
  return {
    ...plan, apply: { from: '2026-11-20T09:00:00+08:00', until: '2026-11-30T17:00:00+08:00' },
    pay_until: '2026-12-02T17:00:00+08:00', papers_until: '2026-12-05T17:00:00+08:00', places: 0,
  };
};
const kinds = {
  free: { name: '第1批（不收费）', fee_fen: 0 },
  fee: { name: '第2批（收费）', fee_fen: 68000 },
  few: { name: '第3批（名额有限）', fee_fen: 62000, places: 2 },
};

function documents(slug) {
  return Object.entries(kinds).map(([code, kind]) => {
    const plan = { ...whole(slug), ...kind, code, filing_no: code };
    const rooms = [{ name: '第1考场', seats: code === 'fee' ? 2 : 30 }];
    return { ...plan, exam: { ...plan.exam, rooms } };
  });
}

function folderOf(slug) {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-lives-'));
  mkdirSync(join(folder, 'plans'));
  const tenant = written(slug, 'tenant.json');
  // Whatever is told to four people goes on the same day.
  const sms = { provider: 'spool', budget: { day: 5000, codes: 1500, number: 500 } };
  writeFileSync(join(folder, 'tenant.json'), JSON.stringify({ ...tenant, sms }));
  for (const plan of documents(slug)) writeFileSync(join(folder, 'plans', `${plan.code}.json`), JSON.stringify(plan));
  return folder;
}

// ---- A history ----

class History {
  constructor(seed) { Object.assign(this, { seed, random: seeded(seed), trail: [], counts: {} }); }

  chance(share) { return this.random.between(0, 1) < share; }
  pick(list) { return this.random.pick(list); }

  note(line, { text }, { status, body }) {
    this.trail.push(`${line} -> ${status} ${body?.code ?? ''}`);
    const name = `${text.split(' ')[0]} ${status < 300 ? 'taken' : 'refused'}`;
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  get clock() { return new Date(this.now).toISOString(); }

  async begin() {
    this.deployment = await Deployment.make({ tenants: [], plugins: /supply-chain-manager_level_1\.so$/ });
    const { deployment } = this;
    for (const slug of slugs) {
      const folder = folderOf(slug);
      kaowu(['tenant', 'add', slug, '--data', deployment.data]);
      deployment.apply(slug, folder);
      rmSync(folder, { recursive: true });
    }
    this.now = Date.parse(begins);
    await deployment.start({ clock: begins });
    this.desks = [];
    for (const slug of slugs) this.desks.push(await new Desk(this, slug).begin());
  }

  // Acts of both centres, one after another in any order; then everything of both is looked at.
  async go() {
    for (let phase = 0; phase < phases; phase++) {
      if (phase) await this.pass();
      for (let left = acts; left > 0; left--) await this.act();
      for (const desk of this.desks) await desk.verify();
    }
    await this.end();
  }

  async act() {
    const desk = this.pick(this.desks);
    const act = desk.choose();
    await (act?.together ? act.together() : act && desk.perform(act));
  }

  // To just before or after something that is to happen, or anywhere; a candidate's clock is minutes away from every deadline.
  async pass() {
    const moments = this.desks.flatMap(({ centre }) => centre.moments).filter((each) => each > this.now + hour).sort((one, other) => one - other);
    const next = this.pick(moments.slice(0, 4).concat(this.chance(0.1) ? moments.at(-1) + 61 * day : []));
    const jump = next && this.chance(0.5) ? next + this.pick([-near, near]) : this.now + this.random.between(near, 60 * hour);
    let now = Math.max(Math.floor(jump), this.now + near);
    while (moments.some((each) => Math.abs(each - now) < near)) now += near;
    await this.restart(now);
  }

  async restart(now) {
    assert.equal(await this.deployment.stop(), 0);
    this.now = now;
    await this.deployment.start({ clock: this.clock });
    this.trail.push(`---- ${this.clock}`);
    for (const { centre } of this.desks) centre.pass(now);
    for (const desk of this.desks) await desk.settled();
  }

  async end() {
    for (const desk of this.desks) await desk.told();
    assert.equal(await this.deployment.stop(), 0);
    for (const desk of this.desks) desk.assertTold();
    const { data } = this.deployment;
    assert.doesNotMatch(kaowu(['doctor', '--data', data]), /^(?!ok|note)\S/m);
    for (const slug of slugs) assert.match(kaowu(['audit', 'verify', slug, '--data', data]), /\d+ rows/);
  }
}

// ---- A centre: its people, and what they may do ----

// What is refused is told by a status and a code, of the whole or of one of its places.
const told = ({ status, body }) => [body?.code, ...(body?.errors ?? []).map(({ code }) => code)].map((code) => `${status} ${code}`);

class Desk {
  constructor(history, slug) {
    const centre = new Centre(documents(slug).map((document) => new Plan(document)));
    Object.assign(this, { history, slug, centre, staff: {}, people: [], receipts: 0, materials: 0, replies: [] });
    centre.now = history.now;
  }

  get deployment() { return this.history.deployment; }
  pick(list) { return this.history.pick(list); }
  chance(share) { return this.history.chance(share); }

  async begin() {
    for (const login of ['admin', 'reviewer1', 'reviewer2', 'cashier', 'registrar']) {
      const client = await new Client(this.deployment, this.slug).accept(login);
      this.staff[login] = { client, login, disabled: false };
    }
    const { body } = await this.staff.admin.client.get('/admin/plans', { expect: 200 });
    for (const plan of this.centre.plans) plan.id = body.plans.find(({ name }) => name === plan.name).id;
    const members = (await this.staff.admin.client.get('/admin/staff', { expect: 200 })).body.staff;
    this.staff.reviewer2.id = members.find(({ login }) => login === 'reviewer2').id;
    for (const order of [1, 2, 3, 4]) this.people.push({ order: order === 4 ? 1 : order, mobile: `1380000900${order}`, document: order === 4 ? 1 : order });
    for (const person of this.people) await this.signUp(person);
    return this;
  }

  async signUp(person) {
    const client = new Client(this.deployment, this.slug);
    const before = this.deployment.messages(this.slug, person.mobile).filter(({ event }) => event === 'code_sign_up').length;
    await client.post('/codes', { purpose: 'sign_up', mobile: person.mobile }, { expect: 202 });
    const { text } = await this.deployment.message(this.slug, person.mobile, 'code_sign_up', { after: before });
    const code = text.match(/\d{6}/)[0];
    client.token = (await client.post('/accounts', { mobile: person.mobile, code, password: 'placeholder-password-1' }, { expect: 201 })).body.token;
    client.mobile = person.mobile;
    this.centre.tell(person.mobile, 'code_sign_up');
    await candidate.consent(client);
    person.account = new Account(person);
    Object.assign(person.account, { client, since: this.history.now, id: (await client.get('/session', { expect: 200 })).body.id });
    this.centre.accounts.push(person.account);
  }

  // Whose session has ended meanwhile signs in again; not so who has been shut out.
  async by(who, send) {
    const answer = await send(who.client);
    if (answer.status !== 401 || who.disabled || who.closed) return answer;
    await (who.login ? who.client.comeBack() : who.client.signIn());
    return send(who.client);
  }

  get admin() { return this.staff.admin; }

  // ---- What is done ----

  // {text, who, verdict, send(client, query), stale, dry, key}: sent once, and held against the verdict.
  async perform(act) {
    const { who, verdict, life } = act;
    const line = `${this.slug} ${act.text}${life ? ` of ${life.number} (${life.state})` : ''}`;
    const answer = await this.by(who, (client) => act.send(client));
    this.history.note(line, act, answer);
    const found = `${line}: ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 1500)}`;
    if (who.disabled || who.closed) return assert.equal(answer.status, 401, found);
    const refused = [...verdict.refused, ...(act.stale ? ['412 application.stale'] : [])];
    if (refused.length) assert.ok(told(answer).some((each) => refused.includes(each)), `expected one of ${refused}\n${found}`);
    else {
      assert.ok(answer.status < 300, `expected to be taken\n${found}`);
      if (!act.dry) verdict.effect(answer);
      act.then?.(answer);
    }
    if (act.key) await this.repeat(act, answer);
    if (life) await this.seen(life);
  }

  // Once more with the same key it is answered alike, and nothing is done again.
  async repeat(act, answer) {
    const again = await act.send(act.who.client);
    assert.equal(again.status, answer.status, `${act.text}, again`);
    if (answer.status >= 300) return;
    assert.deepEqual(again.body, answer.body, `${act.text}, again`);
    this.replies.push({ act, answer, at: this.history.now });
  }

  // An act of somebody's on an application, guarded by its version or not.
  versioned(text, who, life, verdict, send) {
    const stale = this.chance(0.05);
    const version = life.version - (stale ? 1 : 0);
    return { text: `${text}${stale ? ' (stale)' : ''}`, who, life, verdict, stale, send: (client) => send(client, { version }) };
  }

  plain(text, who, life, verdict, send, more) { return { text, who, life, verdict, send, ...more }; }

  // Some only ask what would happen.
  dryable(text, who, life, verdict, send, more) {
    const dry = this.chance(0.3);
    const query = dry ? '?dry_run=true' : '';
    return { text: `${text}${dry ? ' (dry)' : ''}`, who, life, verdict, dry, send: (client) => send(client, query), ...more };
  }

  keyed(text, who, life, verdict, send) {
    const key = this.chance(0.3) ? crypto.randomUUID() : undefined;
    const options = key ? { headers: { 'idempotency-key': key } } : {};
    return { text, who, life, verdict, key, send: (client) => send(client, options) };
  }

  // ---- Candidates ----

  apply(account, plan) {
    return this.keyed(`apply for ${plan.name}`, account, this.centre.lifeOf(account, plan), this.centre.apply(account, plan), (client, options) =>
      client.post('/applications', { plan_id: plan.id }, options));
  }

  body(topic, account) {
    const company = `示例公司第${++this.materials}号`;
    switch (topic) {
      case 'details': return { ...candidate.details(account.document), employer: company };
      case 'identity': return { identity: '职工' };
      case 'condition': return { condition: '1-1' };
      case 'certificates': return candidate.certificate();
      default: return { work: candidate.work.work.map((row) => ({ ...row, employer: company })) };
    }
  }

  put(life, topic) {
    return this.versioned(`fill ${topic}`, life.account, life, life.put(topic), (client, options) =>
      client.put(`/applications/${life.id}/${topic}`, this.body(topic, life.account), options));
  }

  upload(life, material) {
    const picture = material === 'portrait' ? portrait({ seed: this.pick([7, 8]) }) : scan({ seed: this.pick([21, 22]) });
    return this.versioned(`upload ${material}`, life.account, life, life.upload(material), (client, options) =>
      client.call('PUT', `/applications/${life.id}/materials/${material}`, { upload: picture, ...options }));
  }

  remove(life, material) {
    return this.versioned(`remove ${material}`, life.account, life, life.remove(material), (client, options) =>
      client.delete(`/applications/${life.id}/materials/${material}`, options));
  }

  move(life, verb) {
    return this.versioned(verb, life.account, life, life[verb](), async (client, options) => {
      const answer = await client.post(`/applications/${life.id}/${verb}`, undefined, options);
      return { ...answer, refunds: answer.status === 200 ? await this.refunds() : [] };
    });
  }

  async refunds() {
    return (await this.by(this.staff.cashier, (client) => client.get('/cashier/refunds?limit=100'))).body.refunds;
  }

  order(life, provider) {
    return this.keyed(`order ${provider}`, life.account, life, life.order(provider), (client, options) =>
      client.post(`/applications/${life.id}/orders`, { provider }, options));
  }

  pay(order) {
    const anybody = { client: new Client(this.deployment, this.slug) };
    return this.plain('pay', anybody, order.life, this.centre.pay(order), (client) => client.post(`/demo/pay/${order.code}`));
  }

  post(life) {
    return this.plain('post', life.account, life, life.post(), (client) =>
      client.put(`/applications/${life.id}/papers`, { courier: '示例速递', courier_number: `SF${++this.materials}00000000` }));
  }

  wish(account, wanted) {
    const verdict = { refused: [], effect: () => { account.wantsErasure = wanted; } };
    return this.plain(`wish-erasure ${wanted}`, account, undefined, verdict, (client) => client.call(wanted ? 'PUT' : 'DELETE', '/account/erasure'));
  }

  consent(account, kind, granted) {
    return this.plain(`consent ${kind} ${granted}`, account, undefined, this.centre.consent(account, kind, granted), (client) =>
      client.put('/account/consents', { kind, granted, text: granted ? '我同意收集和保存这些照片（示例）。' : '我撤回对这些照片的同意（示例）。' }));
  }

  // What was sent with a key, once more, however much has happened since: it is answered as it was, and nothing comes of it.
  replay({ act, answer }) {
    return this.plain(`again: ${act.text}`, act.who, act.life, { refused: [], effect: () => {} }, act.send, {
      then: ({ status, body }) => assert.deepEqual([status, body], [answer.status, answer.body]),
    });
  }

  // ---- Staff ----

  claim(reviewer, life, takeOver) {
    return this.plain(`claim by ${reviewer.login}${takeOver ? ' over' : ''}`, reviewer, life, life.claim(reviewer, takeOver), (client) =>
      client.post(`/review/applications/${life.id}/lease`, takeOver ? { take_over: true } : {}));
  }

  judge(reviewer, life, item, outcome) {
    const body = outcome === 'pass' ? { outcome } : { outcome, reasons: ['OTHER'], note: '请按要求更正' };
    return this.plain(`judge ${item} ${outcome} by ${reviewer.login}`, reviewer, life, life.judge(reviewer, item, outcome), (client) =>
      client.put(`/review/applications/${life.id}/items/${item}`, body));
  }

  decide(reviewer, life, outcome) {
    return this.versioned(`decide ${outcome} by ${reviewer.login}`, reviewer, life, life.decide(reviewer, outcome), (client, options) =>
      client.post(`/review/applications/${life.id}/decision`, { outcome }, options));
  }

  confirm(order, receipt, amount) {
    return this.plain(`confirm ${receipt}`, this.staff.cashier, order.life, this.centre.confirm(order, receipt, amount), (client) =>
      client.post(`/cashier/orders/${order.number}/confirmation`, { receipt_number: receipt, amount_fen: amount }));
  }

  askRefund(order, amount) {
    return this.keyed(`ask-refund ${amount ?? 'all'}`, this.staff.cashier, order.life, this.centre.ask(order, amount), (client, options) =>
      client.post(`/cashier/orders/${order.number}/refunds`, { reason, ...(amount && { amount_fen: amount }) }, options));
  }

  decideRefund(refund, approve) {
    return this.plain(`decide-refund ${approve}`, this.admin, refund.order.life, this.centre.decideRefund(refund, approve), (client) =>
      client.post(`/admin/refunds/${refund.number}/decision`, approve ? { outcome: 'approved' } : { outcome: 'declined', note: reason }));
  }

  takeBack(refund) {
    return this.plain('take-back-refund', this.staff.cashier, refund.order.life, this.centre.takeBack(refund), (client) =>
      client.post(`/cashier/refunds/${refund.number}/withdrawal`, { reason }));
  }

  payOut(refund) {
    return this.plain('pay-out', this.staff.cashier, refund.order.life, this.centre.payOut(refund), (client) =>
      client.post(`/cashier/refunds/${refund.number}/payout`, { receipt_number: `P-${++this.receipts}` }));
  }

  receive(life, right) {
    const items = Object.entries(papers).filter(([material]) => !life.papers.passed.has(material)).map(([material, copies]) =>
      (right(material) ? { material, copies, outcome: 'pass' } : { material, copies, outcome: 'fail', reasons: ['OTHER'], note: '请重新邮寄' }));
    const all = items.length ? items : [{ material: 'work_pledge', copies: 1, outcome: 'pass' }];
    return this.dryable('receive', this.staff.registrar, life, life.receive(right), (client, query) =>
      client.post(`/registrar/applications/${life.number}/receipt${query}`, { items: all }));
  }

  restore(life) {
    return this.dryable('restore', this.staff.registrar, life, life.restore(), (client, query) =>
      client.post(`/registrar/applications/${life.number}/restore${query}`, { reason }));
  }

  void(life) {
    return this.dryable('void', this.admin, life, life.void(), (client, query) =>
      client.post(`/admin/applications/${life.number}/void${query}`, { reason }));
  }

  tickets(plan) {
    const verdict = this.centre.tickets(plan);
    return this.dryable(`tickets of ${plan.name}`, this.staff.registrar, undefined, verdict, (client, query) =>
      client.post(`/registrar/plans/${plan.id}/tickets${query}`), {
      then: ({ body }) => assert.deepEqual([body.issued, body.waiting, body.tickets.map((each) => each.application_number)],
        [verdict.seated.length, verdict.waiting, verdict.seated.map(({ number }) => number)]),
    });
  }

  remind(life) {
    return this.dryable('remind', this.admin, life, life.remind(), (client, query) =>
      client.post(`/admin/applications/${life.number}/reminder${query}`));
  }

  close(plan) { return this.planned('close', plan, this.centre.close(plan)); }
  publish(plan) { return this.planned('publish', plan, this.centre.publish(plan)); }

  planned(word, plan, verdict) {
    return this.plain(`${word} ${plan.name}`, this.admin, undefined, verdict, async (client) => {
      const { version } = await client.get(`/admin/plans/${plan.id}`);
      return client.post(`/admin/plans/${plan.id}/${word}`, undefined, { version });
    });
  }

  extend(plan) {
    const later = (moment) => new Date(moment + day).toISOString();
    return this.plain(`extend ${plan.name}`, this.admin, undefined, this.centre.extend(plan, day), async (client) => {
      const answer = await client.get(`/admin/plans/${plan.id}`);
      if (answer.status === 401) return answer;
      const { body, version } = answer;
      const apply = { ...body.document.apply, until: later(plan.applyUntil) };
      const document = { ...body.document, apply, pay_until: later(plan.payUntil), papers_until: later(plan.papersUntil) };
      return client.put(`/admin/plans/${plan.id}`, document, { version });
    });
  }

  erase(account) {
    const verdict = this.centre.erase(account);
    return this.plain('erase', this.admin, undefined, verdict, (client) => client.post(`/admin/erasures/${account.id}`), {
      then: ({ body }) => {
        assert.deepEqual([body.erased, body.kept], [verdict.erased, verdict.kept]);
        if (verdict.kept) assert.equal(body.kept_until.slice(0, 10), verdict.keptUntil);
      },
    });
  }

  // What has not been sent yet goes with the account; so it is sent first.
  async eraseQuietly(account) {
    await this.told();
    await this.perform(this.erase(account));
  }

  disable() {
    const reviewer = this.staff.reviewer2;
    const verdict = { refused: [], effect: () => { reviewer.disabled = true; } };
    return this.plain('disable', this.admin, undefined, verdict, (client) => client.post(`/admin/staff/${reviewer.id}/disable`));
  }

  async bringBack() {
    const reviewer = this.staff.reviewer2;
    const { body } = await this.by(this.admin, (client) => client.post(`/admin/staff/${reviewer.id}/invitation`));
    this.deployment.invitations[this.slug].reviewer2 = body.token;
    await reviewer.client.accept('reviewer2');
    reviewer.disabled = false;
  }

  // ---- What they choose ----

  get persons() { return this.people.filter(({ account }) => account && !account.closed); }
  get lives() { return this.centre.lives.filter((life) => !life.gone); }
  get reviewer() { return this.staff[this.pick(['reviewer1', 'reviewer1', 'reviewer2'])]; }

  // Mostly what the application waits for; else anything.
  choose() {
    const { lives } = this;
    const roll = this.history.random.between(0, 1);
    if (!lives.length || roll < 0.06) return this.begins();
    const life = this.pick(lives);
    if (roll < 0.12) return this.aside();
    return (roll < 0.75 ? this.next(life) : null) ?? this.anything(life);
  }

  begins() {
    const away = this.people.find(({ account }) => account.closed && account.since < this.history.now); // a code a minute
    if (away && this.chance(0.3)) return { together: () => this.signUp(away) };
    return this.persons.length ? this.apply(this.pick(this.persons).account, this.pick(this.centre.plans)) : null;
  }

  aside() {
    const { account } = this.pick(this.people);
    const plan = this.pick(this.centre.plans);
    const replies = this.replies.filter(({ at }) => this.history.now - at < 20 * hour);
    return this.pick([
      () => (replies.length ? this.replay(this.pick(replies)) : null),
      () => this.consent(account, this.pick(['portrait', 'id_images']), this.chance(0.7)),
      () => (plan.closed ? this.publish(plan) : this.chance(0.5) ? this.close(plan) : this.publish(plan)),
      () => (plan.papersUntil + day < examFrom && this.chance(0.5) ? this.extend(plan) : null),
      () => this.tickets(this.pick(this.centre.plans)),
      () => this.wish(account, this.chance(0.7)),
      () => ({ together: () => this.eraseQuietly(account) }),
      () => ({ together: () => this.eraseQuietly(this.pick(this.centre.accounts)) }),
      () => (this.staff.reviewer2.disabled ? { together: () => this.bringBack() } : this.disable()),
    ])();
  }

  next(life) {
    switch (life.status) {
      case 'draft': return { together: () => this.complete(life) };
      case 'reviewing': return { together: () => this.review(life) };
      case 'rejected': return this.chance(0.5) ? this.move(life, 'submit') : this.change(life, this.pick([...life.failed]));
      case 'awaiting_payment': return this.payment(life);
      case 'awaiting_papers': return this.chance(0.5) ? this.post(life) : this.parcel(life);
      case 'awaiting_ticket': return this.tickets(life.plan);
      case 'withdrawn': return life.approved && this.chance(0.5) ? this.restore(life) : this.apply(life.account, life.plan);
      case 'expired': case 'forfeited': return this.chance(0.5) ? this.restore(life) : this.apply(life.account, life.plan);
      default: return null;
    }
  }

  payment(life) {
    const open = life.orders.findLast((each) => each.state(this.centre.now) === 'open');
    if (!open) return this.order(life, this.pick(['offline', 'simulated']));
    return open.provider === 'simulated' ? this.pay(open) : this.confirm(open, `R-${++this.receipts}`, open.amount);
  }

  parcel(life) {
    return this.receive(life, this.pick([() => true, () => true, () => false, (paper) => paper === 'work_pledge']));
  }

  change(life, item) {
    const [kind, material] = item.split(':');
    return material ? this.upload(life, material) : this.put(life, kind);
  }

  // One that was written before, as a rule.
  receipt() { return `R-${Math.ceil(this.history.random.between(0, this.receipts)) || 1}`; }

  anything(life) {
    const order = life.orders.length ? this.pick(life.orders) : null;
    const refunds = life.orders.flatMap(({ refunds: each }) => each);
    const refund = refunds.length ? this.pick(refunds) : null;
    const money = [
      () => this.order(life, this.pick(['offline', 'simulated'])),
      ...(order ? [
        () => (order.code ? this.pay(order) : this.confirm(order, `R-${++this.receipts}`, order.amount)),
        () => this.confirm(order, this.chance(0.5) ? this.receipt() : `R-${++this.receipts}`, this.chance(0.8) ? order.amount : 1),
        () => this.askRefund(order, this.chance(0.5) ? undefined : this.pick([1, 30000, order.amount])),
      ] : []),
      ...(refund ? [() => this.decideRefund(refund, this.chance(0.7)), () => this.takeBack(refund), () => this.payOut(refund)] : []),
    ];
    return this.pick([
      () => this.move(life, 'submit'),
      () => (this.chance(0.4) ? this.move(life, 'withdraw') : this.put(life, 'details')),
      () => this.put(life, this.pick(topics)),
      () => (this.chance(0.5) ? this.upload(life, this.pick(materials)) : this.remove(life, this.pick(materials))),
      ...money, ...money,
      () => this.post(life),
      () => this.parcel(life),
      () => this.claim(this.reviewer, life, this.chance(0.3)),
      () => this.judge(this.reviewer, life, this.pick(judged), this.pick(['pass', 'fail'])),
      () => this.decide(this.reviewer, life, this.pick(['approved', 'rejected'])),
      () => this.restore(life),
      () => this.remind(life),
      () => (this.chance(0.3) ? this.void(life) : this.apply(life.account, life.plan)),
    ])();
  }

  // All that is missing, and handed in.
  async complete(life) {
    if (this.chance(0.15)) return this.perform(this.change(life, this.pick([...topics, ...materials.map((each) => `material:${each}`)])));
    for (const item of [...topics, ...materials.map((each) => `material:${each}`)])
      if (!life.filled.has(item) && life.openItems.includes(item)) await this.perform(this.change(life, item));
    await this.perform(this.move(life, 'submit'));
  }

  async review(life) {
    const { reviewer } = this;
    await this.perform(this.claim(reviewer, life, true));
    const fails = this.chance(0.3) ? [this.pick(judged), this.pick(judged)] : [];
    for (const item of judged)
      if (!life.passed.has(item)) await this.perform(this.judge(reviewer, life, item, fails.includes(item) ? 'fail' : 'pass'));
    await this.perform(this.decide(reviewer, life, judged.some((item) => life.outcomes.get(item) === 'fail') ? 'rejected' : 'approved'));
  }

  // ---- What is seen ----

  expected(life) {
    const { withdrawal } = life;
    return {
      withdrawal: withdrawal && [withdrawal.until !== null, withdrawal.reopens, withdrawal.refund],
      number: life.number, state: life.state, status: life.status, next_action: life.nextAction, version: life.version, revision: life.revision,
      open_items: life.openItems.sort(), answered_items: life.answeredItems.sort(),
      paid: life.paid, refunded: life.refunded,
      posted: life.papers.posted !== null, received: life.papers.received !== null, accepted: life.papers.accepted, can_post: life.canPost,
      uploaded: materials.filter((each) => life.filled.has(`material:${each}`)).sort(),
    };
  }

  shown({ number, state, status, next_action, version, revision, open_items: open, answered_items: answered, payment, papers: paper, materials: asked,
    withdrawal }) {
    return {
      withdrawal: withdrawal && [withdrawal.until !== null, withdrawal.reopens, withdrawal.refund_fen],
      number, state, status, next_action, version, revision, open_items: open.sort(), answered_items: answered.sort(),
      paid: payment.paid, refunded: payment.refunded,
      posted: paper.posted_at !== null, received: paper.received_at !== null, accepted: paper.accepted_at !== null,
      can_post: paper.can_post,
      uploaded: asked.filter(({ file }) => file).map(({ id }) => id).sort(),
    };
  }

  // By its candidate; by the desk, once the account is closed.
  async seen(life) {
    if (life.account.closed) return this.seenByDesk(life);
    const { body } = await this.by(life.account, (client) => client.get(`/applications/${life.id}`));
    assert.deepEqual(this.shown(body), this.expected(life), `application ${life.number}`);
    const moments = [[body.papers.deadline_at, life.papersUntil], [body.payment.pay_until, life.payUntil],
      ...(life.submitUntil ? [[body.submit_until, life.submitUntil]] : [])];
    assert.equal('submit_until' in body, life.submitUntil !== undefined, life.number);
    assert.equal(body.plan_full, life.state === 'draft' || life.takenAgain ? this.centre.full(life.plan) : undefined, life.number);
    for (const [text, at] of moments) assert.ok(Math.abs(Date.parse(text) - at) < near / 2, `${text} instead of ${new Date(at).toISOString()}`);
  }

  async seenByDesk(life) {
    const { status, body } = await this.by(this.staff.registrar, (client) => client.get(`/registrar/applications/${life.number}`));
    if (life.gone) return assert.equal(status, 404, life.number);
    assert.deepEqual([body.state, body.status, body.version], [life.state, life.status, life.version], life.number);
    assert.equal(body.restorable, life.restore().refused.length === 0, `${life.number} is to be restored`);
  }

  // Everything: no act was felt by an application that it was not meant for, in this centre or the other.
  async verify() {
    const { centre } = this;
    for (const life of centre.lives) await this.seen(life);
    const { plans } = (await this.by(this.admin, (client) => client.get('/admin/plans'))).body;
    for (const plan of centre.plans) assert.equal(plans.find(({ id }) => id === plan.id).places_taken, centre.taken(plan), `places of ${plan.name}`);
    const { orders } = (await this.by(this.staff.cashier, (client) => client.get('/cashier/orders?limit=100'))).body;
    assert.deepEqual(orders.map(({ number, state, balance_fen: balance }) => `${number} ${state} ${balance}`).sort(),
      centre.orders.map((order) => `${order.number} ${order.state(centre.now)} ${order.balance}`).sort());
    assert.deepEqual((await this.refunds()).map(({ number, state, amount_fen: amount }) => `${number} ${state} ${amount}`).sort(),
      centre.refunds.map(({ number, state, amount }) => `${number} ${state} ${amount}`).sort());
  }

  // What the moments that have passed make of applications is made after the start, by a job of its own.
  async settled() {
    for (const life of this.lives) await eventually(() => `${life.number} to be ${life.state}`, () => this.isSettled(life));
    await this.verify();
  }

  async isSettled(life) {
    const { body } = await this.by(this.staff.registrar, (client) => client.get(`/registrar/applications/${life.number}`));
    if (body.state !== life.state || life.account.closed) return body.state === life.state;
    const view = await this.by(life.account, (client) => client.get(`/applications/${life.id}`));
    return this.shown(view.body).uploaded.length === this.expected(life).uploaded.length;
  }

  // ---- Messages ----

  messages(mobile) { return this.deployment.messages(this.slug, mobile).map(({ event }) => event).sort(); }

  async told() {
    for (const { mobile } of this.people) {
      const expected = this.centre.told.get(mobile) ?? [];
      await eventually(() => `${expected.length} messages to ${mobile}: ${this.messages(mobile)}; not ${[...expected].sort()}`,
        () => this.messages(mobile).length >= expected.length);
    }
  }

  assertTold() {
    for (const { mobile } of this.people) assert.deepEqual(this.messages(mobile), [...(this.centre.told.get(mobile) ?? [])].sort(), `messages to ${mobile}`);
  }
}

for (let number = 0; number < histories; number++) {
  const seed = first + number;
  test(`a history is as the model has it (seed ${seed})`, async (t) => {
    const history = new History(seed);
    try {
      await history.begin();
      await history.go();
      t.diagnostic(JSON.stringify(history.counts));
    } catch (error) {
      t.diagnostic(`${history.trail.join('\n')}\n${history.deployment?.log?.slice(-2000)}`);
      throw error;
    } finally {
      await history.deployment?.end();
    }
  });
}
