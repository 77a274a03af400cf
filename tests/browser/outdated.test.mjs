// What somebody else has changed since the page was opened: it is shown, what was typed stands over it, and goes with the next try.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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
