// What anybody may see before signing in, at both widths and in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../http/deployment.mjs';
import { desk, launch, phone, Visitor } from './browser.mjs';

let deployment, browser;
before(async () => {
  deployment = await (await Deployment.make()).start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

for (const viewport of [phone, desk])
  for (const language of ['zh-CN', 'en'])
    test(`plans and notices at ${viewport.width} in ${language}`, async () => {
      const visitor = await Visitor.make(browser, deployment, 'haidian', { viewport, language });
      const { page } = visitor;
      const zh = language === 'zh-CN';
      await visitor.goto();
      await page.getByRole('heading', { level: 1, name: zh ? '认定计划' : 'Assessment plans' }).waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      await visitor.look('plans');
      await page.getByRole('link', { name: /供应链管理师/ }).click();
      await page.getByRole('searchbox').fill('电子');
      await page.getByText('暂不可作为供应链管理师的相关职业').waitFor(); // S3
      await page.getByRole('searchbox').fill('');
      await visitor.look('plan');
      await page.goBack();
      await page.getByRole('link', { name: /供应链管理师/ }).waitFor();
      await visitor.goto('privacy');
      await visitor.look('privacy');
      await visitor.goto('nothing/here');
      await visitor.look('lost');
      await visitor.goto('sign-up');
      await visitor.look('sign-up');
      await visitor.goto('sign-in');
      await visitor.look('sign-in');
      await visitor.close();
    });

test('the language can be changed, and stays', async () => {
  const visitor = await Visitor.make(browser, deployment, 'haidian', { language: 'zh-CN' });
  const { page } = visitor;
  await visitor.goto('sign-in');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  await visitor.close();
});

test('another centre has its own name, contact and plans', async () => {
  const visitor = await Visitor.make(browser, deployment, 'shijingshan');
  await visitor.goto();
  await visitor.page.getByRole('link', { name: /石景山.*认定中心/ }).first().waitFor();
  assert.equal(await visitor.page.getByText('海淀').count(), 0);
  await visitor.close();
});
