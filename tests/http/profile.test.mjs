// An administrator keeps the centre's profile and its district rules (S3, S19); candidates see the change at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { Deployment } from './deployment.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
let deployment, office, admin, anybody;

before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  office = await staff.office(deployment, slug);
  admin = office.admin;
  anybody = new Client(deployment, slug);
});
after(() => deployment.end());

const read = () => admin.get('/admin/profile', { expect: 200 });
const body = ({ version: _, slug: __, region_code: ___, ...rest }) => rest;
const put = (profile, changes, options = { expect: 200 }) =>
  admin.put('/admin/profile', { ...body(profile), ...changes }, { version: profile.version, ...options });
const overlay = (id, name, from, until = null) => ({ id, kind: 'deny_related', occupation_code: '4-02-06-05', name, reason: '示例：按区鉴定中心意见。', from, until });

test('what is changed is what candidates see, and what is not shown stays', async () => {
  const before = (await read()).body;
  const address = { recipient: '收件组', line: '北京市海淀区示例路2号（东门）', postcode: '100001' };
  const { body: after } = await put(before, { address, rules: { review_days: 3, edit_restarts_review: false }, ticket_notes: ['请提前到场。'] });
  assert.ok(after.version > before.version);
  assert.deepEqual(after.address, address);
  const shown = (await anybody.get('/profile', { expect: 200 })).body;
  assert.deepEqual([shown.address, shown.name], [address, before.name]);
  const again = (await put(after, {})).body;
  assert.deepEqual(body(again), body(after));
  const { rows } = (await office.auditor.get('/audit', { expect: 200 })).body;
  assert.ok(rows.some((each) => each.action === 'profile.changed'));
});

test('how to pay offline is told in the centre\'s own words, line by line, and can be taken back', async () => {
  const offline_payment = '户名：示例认定中心\n账号：0000 0000 0000 0000（示例银行）\n现场：考务中心101，工作日9:00至16:00';
  const shown = async () => (await anybody.get('/profile', { expect: 200 })).body.offline_payment;
  const { body: after } = await put((await read()).body, { offline_payment });
  assert.deepEqual([after.offline_payment, await shown()], [offline_payment, offline_payment]);
  const { body: refused } = await put(after, { offline_payment: '窗口' }, { expect: 422 });
  assert.deepEqual(refused.errors.map(({ pointer }) => pointer), ['/offline_payment']);
  const { body: without } = await put(after, { offline_payment: null });
  assert.deepEqual([without.offline_payment, await shown()], [null, undefined]);
});

test('two administrators do not overwrite each other', async () => {
  const { body: seen } = await read();
  await put(seen, { short_name: '海' });
  assert.equal((await put(seen, { short_name: '淀' }, { expect: 412 })).body.code, 'profile.stale');
  assert.equal((await read()).body.short_name, '海');
});

test('S3: an overlay written here narrows the related occupations from its day on', async () => {
  const { plans } = (await anybody.get('/plans', { expect: 200 })).body;
  const plan = plans.find((each) => each.occupation_code === '4-02-06-05');
  const facts = {
    certificates: [{ occupation: '销售员', level: 2, issued: '2018-01-01' }],
    work: [{ from: '2018-02', to: null, employer: '示例公司', occupation: '采购员', relation: 'related' }],
  };
  const verdict = async () => (await anybody.post('/eligibility', { plan_id: plan.id, condition: '1-1', facts }, { expect: 200 })).body;
  const overlaid = async (from) => put((await read()).body, { overlays: [overlay('seller', '销售员', from)] });
  assert.equal((await verdict()).outcome, 'met');
  await overlaid('2027-01-01');
  assert.equal((await verdict()).outcome, 'met');
  await overlaid('2026-11-23');
  const after = await verdict();
  assert.equal(after.outcome, 'not_met');
  assert.match(JSON.stringify(after.trace), /示例：按区鉴定中心意见。/);
});

test('an overlay that ends before it begins, or shares its id, is refused where it is', async () => {
  const { body: seen } = await read();
  const overlays = [overlay('one', '采购员', '2026-02-01', '2026-01-01'), overlay('one', '销售员', '2026-02-01')];
  const refused = await put(seen, { overlays }, { expect: 422 });
  assert.deepEqual(refused.body.errors.map(({ pointer, code }) => [pointer, code]),
    [['/overlays/0/until', 'profile.overlay_dates'], ['/overlays/1/id', 'profile.overlay_twice']]);
});

test('only administrators see or change it', async () => {
  for (const login of ['reviewer1', 'cashier', 'registrar', 'auditor']) await office[login].get('/admin/profile', { expect: 403 });
});
