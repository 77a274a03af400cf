// The list as a spreadsheet: every cell is text, numbers are masked unless an administrator says what for, and it is kept who took it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as candidate from './candidate.mjs';
import { Client } from './client.mjs';
import { Deployment } from './deployment.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
let deployment, office, client;

before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  office = await staff.office(deployment, slug);
  client = new Client(deployment, slug);
  await candidate.apply(client, 701, '13800007001', { name: '示例甲' });
  await candidate.apply(new Client(deployment, slug), 702, '13800007002', { name: '示例乙' });
  await staff.approve(office.reviewer1, client.application);
});
after(() => deployment.end());

// As another program sees it: [[cell's type, text]] of each row.
const reader = `
import json, re, sys, zipfile
from xml.etree import ElementTree
ns = {'m': 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
with zipfile.ZipFile(sys.argv[1]) as book:
    assert book.testzip() is None
    sheet = ElementTree.fromstring(book.read('xl/worksheets/sheet1.xml'))
print(json.dumps([[[c.get('t'), ''.join(t.text or '' for t in c.iter('{%s}t' % ns['m']))] for c in row] for row in sheet.iter('{%s}row' % ns['m'])]))`;

async function take(caller, body, options = { expect: 200 }) {
  const { bytes } = await caller.post('/admin/exports/applications', { numbers: 'masked', ...body }, options);
  const file = join(deployment.data, 'taken.xlsx');
  writeFileSync(file, bytes);
  return JSON.parse(execFileSync('python3', ['-c', reader, file], { encoding: 'utf8' }));
}
const texts = (rows) => rows.map((row) => row.map(([, text]) => text));
const taken = async () => (await office.auditor.get('/audit', { expect: 200 })).body.rows.filter((each) => each.action === 'export.applications');

test('the list is there as it was filtered, every cell a text, numbers masked', async () => {
  const rows = await take(office.registrar, {});
  assert.ok(rows.flat().every(([type]) => ['inlineStr', 's'].includes(type)), JSON.stringify(rows[1]));
  const [head, ...people] = texts(rows);
  assert.deepEqual(head.slice(0, 4), ['申报编号', '姓名', '证件号码', '手机号']);
  assert.deepEqual(people.map(([, name]) => name), ['示例乙', '示例甲']);
  const masked = candidate.residentId(702).replace(/^(.{6}).*(.{4})$/, '$1********$2');
  assert.deepEqual(people[0].slice(2, 4), [masked, '138****7002']);
  const only = texts(await take(office.registrar, { status: 'awaiting_payment' }));
  assert.deepEqual(only.slice(1).map(([number]) => number), [client.number]);
});

test('times are Beijing\'s as the pages have them, and the last day of a review is the one that it ends with', async () => {
  const [head, row] = texts(await take(office.registrar, { status: 'reviewing' }));
  const cell = (heading) => row[head.indexOf(heading)];
  assert.match(cell('提交时间'), /^2026-11-23 09:\d\d$/);
  assert.equal(cell('审核期限'), '2026-11-25 24:00'); // S15: two working days after a Monday
});

test('who has a ticket is listed with its number, room and seat', async () => {
  await staff.payOffline(client, office.cashier, 'R-701');
  await staff.receive(client, office.registrar);
  const { body } = await client.get(`/applications/${client.application}`, { expect: 200 });
  await office.registrar.post(`/registrar/plans/${body.plan_id}/tickets`, undefined, { expect: 200 });
  const [head, row] = texts(await take(office.registrar, { status: 'ticketed', plan: body.plan_id }));
  const seat = Object.fromEntries(head.map((heading, i) => [heading, row[i]]));
  assert.match(seat['准考证号'], /^\d{15}$/);
  assert.deepEqual([seat['考场'], seat['座位号']], ['第1考场', '1']);
  const { applications } = (await office.admin.get('/admin/applications', { expect: 200 })).body;
  assert.deepEqual(applications.map(({ ticket_number: number, room, seat }) => [number, room, seat]),
    [[null, null, null], [seat['准考证号'], '第1考场', 1]]);
  // A ticket that was made void seats nobody.
  await office.admin.post(`/admin/applications/${client.number}/void`, { reason: '经核实工作经历不属实' }, { expect: 200 });
  const [, voided] = texts(await take(office.registrar, { status: 'voided' }));
  assert.equal(voided[head.indexOf('座位号')] ?? '', '');
});

test('numbers in full are for an administrator who says what for, and that is kept', async () => {
  const before = (await taken()).length;
  const forbidden = await office.registrar.post('/admin/exports/applications', { numbers: 'full', purpose: '报送考生名册' }, { expect: 403 });
  assert.equal(forbidden.body.code, 'export.numbers');
  const refused = await office.admin.post('/admin/exports/applications', { numbers: 'full' }, { expect: 422 });
  assert.deepEqual(refused.body.errors.map(({ pointer, code }) => [pointer, code]), [['/purpose', 'export.purpose']]);
  const [, first] = texts(await take(office.admin, { numbers: 'full', purpose: '报送考生名册（示例）' }));
  assert.deepEqual(first.slice(2, 4), [candidate.residentId(702), '13800007002']);
  const rows = await taken();
  assert.equal(rows.length, before + 1);
  assert.deepEqual(rows[0].detail, { rows: 2, numbers: 'full', purpose: '报送考生名册（示例）' });
});

test('it is for administrators and registrars', async () => {
  for (const login of ['reviewer1', 'cashier', 'auditor']) await office[login].post('/admin/exports/applications', { numbers: 'masked' }, { expect: 403 });
});
