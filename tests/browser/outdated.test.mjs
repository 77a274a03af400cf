// What somebody else has changed since the page was opened: it is shown, what was typed stands over it, and goes with the next try.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment } from '../http/deployment.mjs';
import * as staff from '../http/staff.mjs';
import { desk, launch, Visitor } from './browser.mjs';
import * as desks from './desks.mjs';

const slug = 'haidian';
let deployment, browser, office;
before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  office = await staff.office(deployment, slug);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

async function at(login, path) {
  const visitor = await Visitor.make(browser, deployment, slug, { viewport: desk, language: 'zh-CN' });
  await visitor.goto(path);
  await desks.signIn(visitor, login, office[login].password);
  return visitor;
}

const field = (page, name) => page.locator(`#field-${name}`);

test('a colleague whose roles somebody else has changed: the name that was typed goes beside them', async () => {
  const member = async () => (await office.admin.get('/admin/staff', { expect: 200 })).body.staff.find(({ login }) => login === 'reviewer2');
  const visitor = await at('admin', 'staff/members');
  const { page } = visitor;
  const dialog = page.locator('dialog');
  await page.getByRole('button', { name: '修改 reviewer2' }).click();
  await field(dialog, 'name').fill('示例审核');
  const { id, name, version } = await member();
  await office.admin.put(`/admin/staff/${id}`, { name, roles: ['reviewer', 'cashier'] }, { version, expect: 200 });
  await dialog.getByRole('button', { name: '保存' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('收费员').and(page.locator(':checked')).waitFor();
  await visitor.look('office-member-outdated');
  await dialog.getByRole('button', { name: '保存' }).click();
  await dialog.waitFor({ state: 'detached' });
  const now = await member();
  assert.deepEqual([now.name, now.roles.toSorted()], ['示例审核', ['cashier', 'reviewer']]);
  await visitor.close();
});

test('a correction that is begun outlives a reload, and stands beside another\'s', async () => {
  const client = new Client(deployment, slug);
  await candidate.apply(client, 830, '13800008300', { name: '示例甲' });
  await staff.approve(office.reviewer1, client.application);
  const path = `/admin/applications/${client.number}/correction`;
  const visitor = await at('admin', `staff/applications/${client.number}/correction`);
  const { page } = visitor;
  await field(page, 'address').fill('北京市海淀区示例路2号');
  await field(page, 'reason').fill('地址录入有误');
  await page.reload();
  await field(page, 'reason').waitFor();
  assert.deepEqual([await field(page, 'address').inputValue(), await field(page, 'reason').inputValue()], ['北京市海淀区示例路2号', '地址录入有误']);

  const { version, body: { details } } = await office.admin.get(path, { expect: 200 });
  await office.admin.post(path, { ...details, employer: '示例物流有限公司', reason: '单位录入有误' }, { version, expect: 200 });
  await page.getByRole('button', { name: '更正', exact: true }).click();
  await page.locator('.note.warn').waitFor();
  assert.equal(await field(page, 'employer').inputValue(), '示例物流有限公司');
  await visitor.look('office-correction-older');
  await page.getByRole('button', { name: '更正', exact: true }).click();
  await page.locator('.note.good').waitFor();
  assert.equal(await page.locator('.note.warn').count(), 0);
  const { address, employer } = (await office.admin.get(path, { expect: 200 })).body.details;
  assert.deepEqual([address, employer], ['北京市海淀区示例路2号', '示例物流有限公司']);
  await page.reload();
  await field(page, 'reason').waitFor();
  assert.equal(await field(page, 'reason').inputValue(), '');
  await visitor.close();
});
