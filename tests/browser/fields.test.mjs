// What only some plugin has (S22), without a change in the pages: its own fields, asked for, missed when they are not there, and
// read at the reviewer's desk by their names; a condition that is met in one of several ways.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { submit } from '../http/candidate.mjs';
import { deploymentWith, filled } from '../http/plugin_plans.mjs';
import * as staff from '../http/staff.mjs';
import { desk, launch, Visitor } from './browser.mjs';
import * as desks from './desks.mjs';
import * as steps from './steps.mjs';

let deployment, browser, office;
before(async () => {
  deployment = await deploymentWith(['checks_form', 'alternatives'], ['sealer.1', 'chooser.1']);
  await deployment.start();
  office = await staff.office(deployment, 'haidian');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

async function signIn(visitor, client) {
  await visitor.goto('sign-in');
  await visitor.page.getByLabel('手机号').fill(client.mobile);
  await visitor.page.getByLabel('密码').fill(steps.password);
  await visitor.page.getByRole('button', { name: '登录' }).click();
  await visitor.page.getByRole('button', { name: '退出登录' }).waitFor();
}

test('what only this plugin asks for is filled in, handed in, and judged', async () => {
  const client = await filled(deployment, 61, 'sealer.1');
  const visitor = await Visitor.make(browser, deployment, 'haidian');
  const { page } = visitor;
  await signIn(visitor, client);
  await visitor.goto(`applications/${client.application}`);
  await page.locator('.tasks').getByRole('link', { name: '其他信息' }).click();
  await page.getByRole('button', { name: '保存并返回' }).click();
  await page.getByRole('alert').getByRole('link').first().waitFor();
  await visitor.look('topic-fields-missing');
  await steps.field(visitor, '/fields/seal').fill('2019-77103');
  await steps.field(visitor, '/fields/since').fill('2020-01-31');
  await steps.field(visitor, '/fields/side').getByRole('radio').last().check();
  await steps.save(visitor);
  assert.deepEqual((await client.get(`/applications/${client.application}`, { expect: 200 })).body.form.fields,
    { seal: '2019-77103', since: '2020-01-31', side: '南片（含新区）' });
  await page.locator('.tasks').getByRole('link', { name: '上传材料' }).click();
  await steps.uploadOne(visitor, 'imprint', steps.pictures(61).scan);
  await steps.tile(visitor, 'imprint').getByRole('button', { name: '移除' }).waitFor();
  assert.equal(await steps.tile(visitor, 'portrait').getByRole('button', { name: '移除' }).count(), 0); // it is required
  await visitor.look('materials-optional');
  await steps.tile(visitor, 'imprint').getByRole('button', { name: '移除' }).click();
  await steps.tile(visitor, 'imprint').getByRole('button', { name: '移除' }).waitFor({ state: 'detached' });
  assert.deepEqual((await client.get(`/applications/${client.application}`, { expect: 200 })).body.materials.map((each) => Boolean(each.file)),
    [true, false]);
  await page.getByRole('link', { name: '返回申报' }).last().click();
  await page.getByRole('link', { name: '检查并提交' }).click();
  await page.getByText('2019-77103').waitFor();
  await visitor.look('submit-fields');
  await page.getByRole('button', { name: '提交申报' }).click();
  await page.getByText('已提交，请等待审核').first().waitFor();
  await visitor.close();

  const reviewer = await Visitor.make(browser, deployment, 'haidian', { viewport: desk });
  await reviewer.goto(`staff/review/${client.application}`);
  await desks.signIn(reviewer, 'reviewer1', office.reviewer1.password);
  await reviewer.page.locator('.desk').waitFor();
  await reviewer.page.locator('.facts-panel').getByText('2019-77103').waitFor();
  await reviewer.page.locator('.item-head').filter({ hasText: '其他信息' }).click();
  await reviewer.look('review-fields');
  await reviewer.close();
});

test('of several ways that will do, what is not met is not told as if it were wanted', async () => {
  const client = await filled(deployment, 62, 'chooser.1');
  const visitor = await Visitor.make(browser, deployment, 'haidian');
  const { page } = visitor;
  await signIn(visitor, client);
  await visitor.goto(`applications/${client.application}/submit`);
  await page.getByText('符合申报条件', { exact: true }).waitFor();
  const told = await page.locator('.card').filter({ hasText: /满足/ }).allTextContents();
  assert.deepEqual(told.map((text) => [text.match(/^(不需要|满足|未满足)/)?.[1], text.match(/满足其一即可，这是第 ([\d.]+) 种/)?.[1]]),
    [['不需要', '1'], ['满足', '2'], ['满足', '2']]);
  await visitor.look('submit-alternatives');
  await visitor.close();
});

test('the plan says what a condition asks for, in its order, and what of it may be left out', async () => {
  const visitor = await Visitor.make(browser, deployment, 'haidian');
  await visitor.goto();
  await visitor.page.getByRole('link', { name: /chooser/ }).click();
  const card = visitor.page.locator('.card').filter({ hasText: '取得高级职称' });
  await card.waitFor();
  assert.deepEqual((await card.locator('li').allInnerTexts()).map((text) => text.trim()), ['印样（可不交）', '照片']);
  await visitor.look('plan-optional');
  await visitor.close();
});

test('who has nothing to post is not told that it has arrived', async () => {
  const client = await filled(deployment, 63, 'chooser.1');
  await submit(client);
  await staff.approve(office.reviewer1, client.application);
  await staff.payOffline(client, office.cashier, 'R-63');
  const visitor = await Visitor.make(browser, deployment, 'haidian');
  await signIn(visitor, client);
  await visitor.goto(`applications/${client.application}`);
  await visitor.page.getByText(/请等待准考证开放/).waitFor();
  assert.doesNotMatch(await visitor.page.locator('main').innerText(), /材料已收/);
  await visitor.look('nothing-to-post');
  await visitor.close();
});
