// Candidates who go on working whatever happens to the server, and know what it must remember.
//
// Each keeps what the server has acknowledged and the one step whose answer never came. After a crash the application is as
// acknowledged, or as that step would have left it: never in between, never behind.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as candidate from './candidate.mjs';
import { pause } from './patience.mjs';
import { portrait, scan } from './pictures.mjs';

// The same choices for the same seed (mulberry32).
export function seeded(seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { between: (least, most) => least + random() * (most - least), pick: (list) => list[Math.floor(random() * list.length)] };
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

// Encoded once: what is asked of the server, not of this process, is the load.
const pictures = {
  portrait: [7, 8].map((seed) => portrait({ seed })),
  scan: [21, 22, 23].map((seed) => scan({ seed })),
};

// What a client could ever check again, of what a view shows.
function contentOf(view) {
  const { version, revision, state, identity, condition, form, materials } = view;
  const files = {};
  for (const { id, file } of materials) if (file) files[id] = file.sha256;
  return { version, revision, state, identity, condition, form, files };
}

const uploadsMost = 50; // well below what an application may upload in a day
const revisionsMost = 100; // LIMIT_DAY_REVISIONS: what waits for review is a revision more with every change
const actsMost = 900; // below LIMIT_DAY_ACTS: a fast machine does as many in some seconds

export class Applicant {
  constructor(client, plan, order, random) {
    Object.assign(this, { client, plan, order, random, content: null, doubt: null, written: 0, steps: 0, done: 0, undone: 0 });
    Object.assign(this, { acts: 0, uploads: 0, revisionsBefore: 0 });
  }

  get path() { return `/applications/${this.id}`; }

  // Has done all that a day has room for.
  get spent() { return this.acts >= actsMost; }

  // What there may be a day begins anew; and nobody is signed in any more.
  async newDay() {
    this.acts = 0;
    this.uploads = 0;
    this.revisionsBefore = this.content?.revision ?? 0;
    await this.client.signIn();
  }

  // ---- Steps: `send` does it; `after` says what the content becomes, given what is found ----

  create() {
    return {
      name: 'create',
      send: () => this.client.post('/applications', { plan_id: this.plan.id }),
      after: (before) => ({ ...(before ?? { revision: 0, identity: null, condition: null, form: {}, files: {} }), state: 'draft' }),
    };
  }

  // A draft's change stays a draft's; while it waits for review each change is a revision.
  changed(before, change) {
    return { ...before, revision: before.revision + (before.state === 'reviewing' ? 1 : 0), ...change };
  }

  put(topic, body, change) {
    return {
      name: topic,
      send: () => this.client.put(`${this.path}/${topic}`, body, { version: this.content.version }),
      after: (before, found) => this.changed(before, change(before, found)),
    };
  }

  // The server may add to what it was given (birth and gender to an ID number); nothing of what was given may be missing.
  form(topic, given, beside = []) {
    return (before, found) => {
      for (const [name, value] of Object.entries(given)) assert.deepEqual(found.form[topic]?.[name], value, `${topic}/${name}`);
      const written = [topic, ...beside].map((name) => [name, found.form[name]]);
      return { form: { ...before.form, ...Object.fromEntries(written) } };
    };
  }

  details() {
    const body = { ...candidate.details(this.order), employer: `示例公司第${++this.written}号` };
    return this.put('details', body, this.form('details', body));
  }

  identity() {
    return this.put('identity', { identity: '职工' }, () => ({ identity: '职工' }));
  }

  condition() {
    return this.put('condition', { condition: '1-1' }, () => ({ condition: '1-1' }));
  }

  certificates() {
    const body = candidate.certificate(undefined, this.plan.occupation_name);
    return this.put('certificates', body, this.form('certificates', body.certificates, ['titles', 'diplomas', 'trainings']));
  }

  work() {
    const rows = structuredClone(candidate.work.work);
    for (const row of rows) Object.assign(row, { employer: `示例公司第${++this.written}号`, occupation: this.plan.occupation_name });
    return this.put('work', { work: rows }, this.form('work', rows));
  }

  upload(material) {
    this.uploads++;
    const picture = this.random.pick(material === 'portrait' ? pictures.portrait : pictures.scan);
    return {
      name: material,
      upload: material,
      send: () => this.client.call('PUT', `${this.path}/materials/${material}`, { upload: picture, version: this.content.version }),
      after: (before, found) => this.changed(before, { files: { ...before.files, [material]: found.files[material] } }),
    };
  }

  submit() {
    return this.move('submit', (before) => ({ state: 'reviewing', revision: before.revision + 1 }));
  }

  withdraw() {
    return this.move('withdraw', () => ({ state: 'withdrawn' }));
  }

  move(verb, change) {
    return {
      name: verb,
      send: () => this.client.post(`${this.path}/${verb}`, undefined, { version: this.content.version }),
      after: (before) => ({ ...before, ...change(before) }),
    };
  }

  // What is missing first, then anything.
  choose() {
    const { content } = this;
    if (!content || content.state === 'withdrawn') return this.create();
    if (!content.form.details) return this.details();
    if (!content.identity) return this.identity();
    if (!content.condition) return this.condition();
    if (!content.form.certificates) return this.certificates();
    if (!content.form.work) return this.work();
    const missing = this.asked.find((material) => !content.files[material]);
    if (missing) return this.upload(missing);
    const full = content.revision - this.revisionsBefore >= revisionsMost - 1;
    if (full && content.state !== 'draft') return this.withdraw();
    const move = () => (content.state !== 'draft' ? this.withdraw() : full ? this.details() : this.submit());
    const details = () => this.details();
    const work = () => this.work();
    const upload = () => (this.uploads < uploadsMost ? this.upload(this.random.pick(this.asked)) : this.work());
    return this.random.pick([details, details, work, work, move, move, upload])();
  }

  // One step, or once the day is spent a look. Throws what fetch throws if the connection breaks: the step then stays in doubt.
  async step() {
    if (this.spent) return this.verify();
    const act = this.choose();
    this.acts++;
    this.doubt = act;
    const answer = await act.send();
    assert.ok(answer.status === 200 || answer.status === 201, `${act.name}: ${answer.status} ${answer.bytes}`);
    this.learn(act, answer);
    this.steps++;
  }

  learn(act, answer) {
    if (act.upload) {
      const found = { files: { [act.upload]: answer.body.sha256 } };
      this.content = { ...act.after(this.content, found), version: answer.version };
    } else {
      const now = contentOf(answer.body);
      this.expect(act, now);
      this.see(answer.body);
    }
    this.lastUpload = act.upload;
    this.doubt = null;
  }

  see(view) {
    this.id = view.id;
    this.asked = view.materials.filter((each) => each.required).map((each) => each.id);
    this.content = contentOf(view);
  }

  // `now` is what this step, and only this step, makes of the content that is known.
  expect(act, now) {
    const version = (this.content?.version ?? 0) + 1;
    assert.deepEqual(now, { ...act.after(this.content, now), version }, `${act.name} of application ${this.id}`);
  }

  // After a restart: nothing acknowledged is lost, and the step in doubt happened or did not.
  async verify() {
    const { body } = await this.client.get('/applications', { expect: 200 });
    const id = this.id ?? body.applications[0]?.id;
    assert.ok(body.applications.length <= 1);
    if (!id) {
      this.undone++;
      return assert.equal(this.content, null);
    }

    const view = (await this.client.get(`/applications/${id}`, { expect: 200 })).body;
    const now = contentOf(view);
    if (now.version === this.content?.version) {
      assert.deepEqual(now, this.content);
      this.undone += this.doubt ? 1 : 0;
    } else {
      assert.ok(this.doubt, `version ${now.version} instead of ${this.content?.version} of application ${id}, and no step in doubt`);
      this.expect(this.doubt, now);
      this.lastUpload = this.doubt.upload ?? this.lastUpload;
      this.done++;
    }
    this.see(view);
    this.doubt = null;
    await this.verifyFile();
  }

  async verifyFile() {
    if (!this.lastUpload) return;
    await this.verifyUploaded(this.lastUpload);
    this.lastUpload = undefined;
  }

  async verifyUploaded(material) {
    const { bytes } = await this.client.get(`${this.path}/materials/${material}`, { expect: 200 });
    assert.equal(sha256(bytes), this.content.files[material]);
  }

  // What was handed in, as the reviewer sees it: the newest revision is there, whole, and is what the candidate sees.
  async verifyRevision(reviewer) {
    if (this.content?.state !== 'reviewing') return;
    const { body } = await reviewer.get(`/review/applications/${this.id}`, { expect: 200 });
    const { revision, form, identity, condition } = this.content;
    assert.deepEqual({ revision: body.revision, form: body.form, identity: body.identity, condition: body.condition.id },
      { revision, form, identity, condition });
  }

  // Every version has its audit row, every revision the row of its move.
  async verifyAudit(auditor) {
    if (!this.content) return [];
    const rows = [];
    for (let cursor = ''; cursor !== null; ) {
      const { body } = await auditor.get(`/audit?subject=${this.id}${cursor && `&cursor=${cursor}`}`, { expect: 200 });
      rows.push(...body.rows);
      cursor = body.next;
    }
    const actions = rows.map((row) => row.action).filter((action) => action.startsWith('application.'));
    assert.equal(actions.length, this.content.version);
    assert.equal(actions.filter((action) => /submitted|edited/.test(action)).length, this.content.revision);
    return actions;
  }
}

// Lets all of them work until the server is gone. `first` is called once the first of them has been answered; a connection that
// breaks before `gone()` is the server's fault.
export async function work(applicants, first, gone) {
  let answered = false;
  await Promise.all(applicants.map(async (applicant) => {
    for (;;) {
      try {
        await applicant.step();
      } catch (error) {
        if (error instanceof assert.AssertionError || !gone()) throw error;
        return;
      }
      if (!answered) first();
      answered = true;
    }
  }));
}

// Others' traffic beside what a test does: each who joins acts again and again until the end, and whoever waits hears of the
// first thing that went wrong.
export class Traffic {
  over = false;
  going = [];

  join(people, act) {
    for (const each of people)
      this.going.push((async () => {
        while (!this.over && !this.broken) await act(each);
      })().catch((error) => (this.broken ??= error)));
  }

  async until(holds) {
    while (!holds()) {
      if (this.broken) throw this.broken;
      await pause(20);
    }
  }

  async end() {
    this.over = true;
    await Promise.all(this.going);
    if (this.broken) throw this.broken;
  }
}
