// The whole way of one application, in both centres: handed in, rejected, corrected, approved, paid, posted, ticketed,
// with the server restarted in the middle of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import * as candidate from './candidate.mjs';
import { Deployment, kaowu } from './deployment.mjs';
import { scanned } from './paper.mjs';
import { eventually } from './patience.mjs';
import { portrait } from './pictures.mjs';
import * as staff from './staff.mjs';

let deployment;
before(async () => {
  deployment = await (await Deployment.make()).start();
});
after(() => deployment.end());

const centres = { haidian: { order: 1, mobile: '13800002001' }, shijingshan: { order: 2, mobile: '13800002002' } };
const offices = {};

for (const [slug, { order, mobile }] of Object.entries(centres)) {
  let client, office;

  test(`${slug}: handed in, and seen in the queue with its due time (S15)`, async () => {
    client = centres[slug].client = new Client(deployment, slug);
    office = offices[slug] = await staff.office(deployment, slug);
    await candidate.apply(client, order, mobile, { name: '张㑇' });
    const { body } = await office.reviewer1.get('/review/applications?holder=nobody', { expect: 200 });
    const row = body.applications.find((each) => each.id === client.application);
    assert.equal(row.due_at, '2026-11-26T00:00:00.000+08:00');
    assert.equal(row.name, '张㑇');
    assert.match(row.id_masked, /^110108\*{8}\d{3}[\dX]$/);
    assert.equal(
      (await office.reviewer1.get(`/review/applications?number=${client.number}`, { expect: 200 })).body.applications
        .length,
      1,
    );
    assert.equal(
      (await office.reviewer1.get('/review/applications?name=%E7%8E%8B', { expect: 200 })).body.applications.length,
      0,
    );
  });

  test(`${slug}: one reviewer holds it; another is told, and may take over with a log entry`, async () => {
    const lease = `/review/applications/${client.application}/lease`;
    await office.reviewer1.post(lease, {}, { expect: 200 });
    const refused = await office.reviewer2.post(lease, {}, { expect: 409 });
    assert.equal(refused.body.code, 'review.leased');
    await office.reviewer2.put(
      `/review/applications/${client.application}/items/details`,
      { outcome: 'pass' },
      { expect: 409 },
    );
    await office.reviewer2.post(lease, { take_over: true }, { expect: 200 });
    const { body } = await office.auditor.get(`/audit?subject=${client.application}`, { expect: 200 });
    assert.ok(body.rows.some((row) => row.action === 'review.taken_over'));
  });

  test(`${slug}: a fail needs a reason, approval needs every item, and the SMS is previewed`, async () => {
    const { reviewer2 } = office;
    const item = `/review/applications/${client.application}/items/material:portrait`;
    await reviewer2.put(item, { outcome: 'fail', reasons: [] }, { expect: 422 });
    await reviewer2.put(item, { outcome: 'fail', reasons: ['NO_SUCH'] }, { expect: 422 });
    await reviewer2.put(item, { outcome: 'fail', reasons: ['OTHER'] }, { expect: 422 });
    await staff.decide(reviewer2, client.application, 'approved', { expect: 409 });
    await staff.judge(reviewer2, client.application, { 'material:portrait': 'PHOTO_BAD' });
    const preview = await reviewer2.get(`/review/applications/${client.application}/notice?outcome=rejected`, {
      expect: 200,
    });
    const decided = await staff.decide(reviewer2, client.application, 'rejected');
    assert.equal(decided.body.state, 'rejected');
    const sent = await deployment.message(slug, mobile, 'rejected');
    assert.equal(sent.text, preview.body.text);
  });

  test(`${slug}: only what failed is open; handed in again unchanged is refused (S16)`, async () => {
    const seen = await client.get(`/applications/${client.application}`, { expect: 200 });
    client.version = seen.version;
    assert.deepEqual([seen.body.open_items, seen.body.answered_items], [['material:portrait'], []]);
    assert.match(JSON.stringify(seen.body.decisions), /PHOTO_BAD/);
    await candidate.topic(client, 'details', candidate.details(order), { expect: 409 });
    assert.equal((await candidate.submit(client, { expect: 409 })).body.code, 'application.unchanged');
    await candidate.upload(client, 'portrait', portrait({ seed: 99 }));
    assert.deepEqual((await client.get(`/applications/${client.application}`, { expect: 200 })).body.answered_items, ['material:portrait']);
    const { body } = await candidate.submit(client);
    assert.deepEqual([body.state, body.answered_items], ['reviewing', []]);
  });

  test(`${slug}: a decision on what the candidate has changed meanwhile is refused with both versions`, async () => {
    const { reviewer1 } = office;
    const stale = (await reviewer1.get(`/review/applications/${client.application}`, { expect: 200 })).version;
    await candidate.upload(client, 'portrait', portrait({ seed: 100 }));
    await reviewer1.post(`/review/applications/${client.application}/lease`, {}, { expect: 200 });
    const answer = await reviewer1.post(
      `/review/applications/${client.application}/decision`,
      { outcome: 'approved' },
      { version: stale, expect: 412 },
    );
    assert.equal(answer.body.params.yours, String(stale));
    assert.notEqual(answer.body.params.current, String(stale));
  });

  test(`${slug}: the second round shows what changed, and what passed stays passed`, async () => {
    const seen = await staff.judge(office.reviewer1, client.application);
    assert.deepEqual(
      seen.changes.materials.map((each) => each.material),
      ['portrait'],
    );
    assert.ok(seen.items.filter((each) => each.locked).length >= 8);
    const decided = await staff.decide(office.reviewer1, client.application, 'approved');
    assert.equal(decided.body.state, 'approved');
    await deployment.message(slug, mobile, 'approved');
    const { body } = await client.get(`/applications/${client.application}`, { expect: 200 });
    assert.equal(body.status, 'awaiting_payment');
    assert.deepEqual(body.open_items, []);
  });

  test(`${slug}: the way goes on after a restart`, async () => {
    assert.equal(await deployment.stop(), 0);
    await deployment.start({ clock: slug === 'haidian' ? '2026-11-23T09:10:00+08:00' : '2026-11-23T09:20:00+08:00' });
    assert.equal(
      (await client.get(`/applications/${client.application}`, { expect: 200 })).body.status,
      'awaiting_payment',
    );
  });

  test(`${slug}: an order is paid once, whatever is confirmed twice (S17, S18)`, async () => {
    const orders = `/applications/${client.application}/orders`;
    const order1 = (await client.post(orders, { provider: 'simulated' }, { expect: 201 })).body;
    const again = (await client.post(orders, { provider: 'simulated' }, { expect: 201 })).body;
    assert.equal(again.id, order1.id);
    const offline = (await client.post(orders, { provider: 'offline' }, { expect: 201 })).body;
    await office.cashier.post(
      `/cashier/orders/${offline.number}/confirmation`,
      { receipt_number: 'R-1', amount_fen: 1 },
      { expect: 422 },
    );
    const code = order1.code_url.split('/').pop();
    assert.match((await client.get(`/demo/pay/${code}`, { expect: 200 })).bytes.toString(), /确认支付/);
    for (let times = 0; times < 3; times++) await client.post(`/demo/pay/${code}`, undefined, { expect: 200 });
    const paid = (await client.get(`${orders}/${order1.id}`, { expect: 200 })).body;
    assert.equal(paid.state, 'paid');
    assert.equal(paid.events.filter((event) => event.kind === 'paid').length, 1);
    await deployment.message(slug, mobile, 'paid');
    const { body } = await client.get(`/applications/${client.application}`, { expect: 200 });
    assert.equal(body.status, 'awaiting_papers');
    assert.equal(body.payment.paid, true);
    const list = await office.cashier.get('/cashier/orders?state=paid', { expect: 200 });
    assert.ok(JSON.stringify(list.body).includes(order1.number));
  });

  test(`${slug}: papers go to the centre's own address with a cover sheet (S19)`, async () => {
    const { body } = await client.get(`/applications/${client.application}/papers`, { expect: 200 });
    const line = slug === 'haidian' ? '北京市海淀区示例路1号考务中心101' : '北京市石景山区玉泉路63号远洋时代广场313';
    assert.equal(body.address.line, line);
    assert.deepEqual(body.papers.map(({ material, copies }) => [material, copies]).sort(), [
      ['application_form', 2],
      ['work_pledge', 1],
    ]);
    const cover = await client.get(`/applications/${client.application}/cover`, { expect: 200 });
    assert.equal(cover.bytes.subarray(0, 5).toString(), '%PDF-');
    await client.get(`/applications/${client.application}/ticket`, { expect: 409 });
    await client.put(
      `/applications/${client.application}/papers`,
      { courier: '示例速递', courier_number: 'SF0000000000' + order },
      { expect: 200 },
    );
    const plan = (await client.get(`/applications/${client.application}`)).body.plan_id;
    const missing = await office.registrar.get(`/registrar/plans/${plan}/not-arrived`, { expect: 200 });
    assert.ok(missing.body.applications.some((each) => each.number === client.number));
    await staff.receive(client, office.registrar, { work_pledge: 'PROMISE_BAD' });
    await deployment.message(slug, mobile, 'papers_wrong');
    await client.put(
      `/applications/${client.application}/papers`,
      { courier: '示例速递', courier_number: 'SF9999999999' + order },
      { expect: 200 },
    );
    await staff.receive(client, office.registrar);
    await deployment.message(slug, mobile, 'papers_received');
    assert.equal((await client.get(`/applications/${client.application}`)).body.status, 'awaiting_ticket');
  });

  test(`${slug}: the ticket opens with a seat and a number, and prints (S20)`, async () => {
    const plan = (await client.get(`/applications/${client.application}`)).body.plan_id;
    await office.registrar.post(`/registrar/plans/${plan}/tickets`, undefined, { expect: 200 });
    await deployment.message(slug, mobile, 'ticket');
    const { body } = await client.get(`/applications/${client.application}`, { expect: 200 });
    assert.equal(body.status, 'ticketed');
    const ticket = await client.get(`/applications/${client.application}/ticket`, { expect: 200 });
    assert.equal(ticket.bytes.subarray(0, 5).toString(), '%PDF-');
    assert.ok(ticket.bytes.length > 20000);
    // Compressed as core/part/drawing_compression.c wants it: zlib writes the level into a stream's second byte.
    const streams = [...ticket.bytes.toString('latin1').matchAll(/FlateDecode[^]*?stream\r?\n([^])([^])/g)];
    assert.ok(streams.length > 0);
    for (const [, first, second] of streams) assert.equal(first + second, '\x78\x01');
    await office.registrar.post(`/registrar/plans/${plan}/tickets`, undefined, { expect: 200 });
    assert.equal(deployment.messages(slug, mobile).filter((line) => line.event === 'ticket').length, 1);
  });

  test(`${slug}: whoever scans the ticket at the door sees whose seat it is, in this centre only`, async () => {
    const address = scanned((await client.get(`/applications/${client.application}/ticket`, { expect: 200 })).bytes);
    const [, base, code] = /^(.*)\/tickets\/([^/]+)$/.exec(address);
    assert.equal(base, `http://127.0.0.1:${deployment.port}/t/${slug}`);
    assert.equal((await fetch(address, { headers: { accept: 'text/html' } })).headers.get('content-type'), 'text/html; charset=utf-8');
    const nobody = new Client(deployment, slug);
    const { body } = await nobody.get(`/tickets/${code}`, { expect: 200 });
    assert.equal(body.valid, true);
    assert.equal(body.name, '张*');
    assert.equal(body.number, code.split('.')[0]);
    const other = new Client(deployment, slug === 'haidian' ? 'shijingshan' : 'haidian');
    await other.get(`/tickets/${code}`, { expect: 404 });
  });

  test(`${slug}: a ticket whose portrait is damaged is left out of the book, and its office is told`, async () => {
    const plan = (await client.get(`/applications/${client.application}`)).body.plan_id;
    const book = `/admin/plans/${plan}/ticket-book`;
    await office.registrar.get(book, { expect: 404 });
    await office.cashier.post(book, undefined, { expect: 403 });
    const change = (table, set) => {
      const path = join(deployment.data, 'tenants', slug, 'files', `${plan}.db`);
      const program = `import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as db: db.execute("UPDATE ${table} SET ${set}")`;
      execFileSync('python3', ['-c', program, path]);
    };
    change('file', "id = id || '-'"); // as if it were gone
    assert.equal((await client.get(`/applications/${client.application}/ticket`, { expect: 503 })).body.code, 'ticket.portrait');
    change('file', "id = rtrim(id, '-')");

    change('chunk', 'number = number + 1000');
    const refused = await client.get(`/applications/${client.application}/ticket`, { expect: 503 });
    assert.equal(refused.body.code, 'ticket.portrait');
    await office.registrar.post(book, undefined, { expect: 200 });
    const found = await eventually('the end of the book', async () => {
      const { body } = await office.admin.get(book, { expect: 200 });
      return body.finished_at && body;
    });
    assert.deepEqual([found.total, found.drawn, found.missing, found.parts], [1, 0, 1, []]);
    const [{ application_number: number, text }] = found.missing_tickets;
    assert.deepEqual([number, text], [client.number, refused.body.detail]);

    change('chunk', 'number = number - 1000');
    await office.registrar.post(book, undefined, { expect: 200 });
    await eventually('the whole book', async () => (await office.admin.get(book, { expect: 200 })).body.drawn === 1);
    assert.equal((await office.admin.get(book, { expect: 200 })).body.missing, 0);
  });

  test(`${slug}: the office has all tickets in one PDF, also when the server dies over them`, async () => {
    const plan = (await client.get(`/applications/${client.application}`)).body.plan_id;
    const book = `/admin/plans/${plan}/ticket-book`;
    const asked = await office.registrar.post(book, undefined, { expect: 200 });
    assert.equal(asked.body.total, 1);
    await deployment.kill();
    await deployment.start();
    const found = await eventually('the whole book', async () => {
      const { body } = await office.admin.get(book, { expect: 200 });
      return body.finished_at && body;
    });
    assert.equal(found.drawn, 1);
    assert.equal(found.parts.length, 1);
    const { bytes, headers } = await office.registrar.get(`${book}/parts/1`, { expect: 200 });
    assert.equal(headers.get('content-type'), 'application/pdf');
    assert.equal(bytes.length, found.parts[0].size);
    const own = (await client.get(`/applications/${client.application}/ticket`, { expect: 200 })).bytes;
    assert.equal(scanned(bytes).split('/').pop(), scanned(own).split('/').pop());
    await office.registrar.get(`${book}/parts/2`, { expect: 404 });
  });

  test(`${slug}: every change has its audit row, and the administrator sees the messages masked`, async () => {
    const { body } = await office.auditor.get(`/audit?subject=${client.application}`, { expect: 200 });
    const actions = new Set(body.rows.map((row) => row.action));
    for (const action of [
      'application.created',
      'application.submitted',
      'application.rejected',
      'application.edited',
      'application.approved',
      'application.ticketed',
    ])
      assert.ok(actions.has(action), action);
    assert.match(kaowu(['audit', 'verify', slug, '--data', deployment.data]), /\d+ rows/);
    const messages = (await office.admin.get('/admin/messages', { expect: 200 })).body.messages;
    assert.ok(messages.every((message) => message.state === 'sent' && /^138\*{4}\d{4}$/.test(message.mobile)));
  });
}

test("at the papers' deadline what was not posted is forfeited, and staff restore it with a reason (S19)", async () => {
  const client = new Client(deployment, 'haidian');
  const { reviewer1, cashier, registrar, auditor } = offices.haidian;
  await candidate.apply(client, 30, '13800002030');
  await staff.approve(reviewer1, client.application);
  await staff.payOffline(client, cashier, 'R-30');
  assert.equal(await deployment.stop(), 0);
  await deployment.start({ clock: '2026-12-20T17:00:30+08:00' });
  await deployment.message('haidian', '13800002030', 'forfeited');
  const login = async (other, path, body) => {
    other.token = (await other.post(path, body, { expect: 201 })).body.token;
  };
  await login(client, '/sessions', { mobile: '13800002030', password: 'placeholder-password-1' });
  await login(registrar, '/staff/sessions', { login: 'registrar', password: registrar.password });
  await login(auditor, '/staff/sessions', { login: 'auditor', password: auditor.password });
  assert.equal((await client.get(`/applications/${client.application}`, { expect: 200 })).body.state, 'forfeited');
  await registrar.post(`/registrar/applications/${client.number}/restore`, { reason: '短' }, { expect: 422 });
  await registrar.post(
    `/registrar/applications/${client.number}/restore`,
    { reason: '考生已在截止日前寄出，快递延误' },
    { expect: 200 },
  );
  assert.equal((await client.get(`/applications/${client.application}`, { expect: 200 })).body.state, 'approved');
  const { body } = await auditor.get(`/audit?subject=${client.application}`, { expect: 200 });
  assert.ok(body.rows.some((row) => row.action === 'application.forfeited' && row.actor_kind === 'system'));
  assert.ok(body.rows.some((row) => row.action === 'application.restored'));
});

test('the simulated payment is refused outside --demo', async () => {
  assert.equal(await deployment.stop(), 0);
  assert.throws(() =>
    kaowu(['serve', '--data', deployment.data, '--listen', '127.0.0.1:0', '--clock', '2026-12-20T18:00:00+08:00'], {
      stdio: 'pipe',
    }),
  );
});
