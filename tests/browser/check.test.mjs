// "Can I apply?" before signing in: the verdict in human words, with the day from which one can, and nothing kept of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../http/deployment.mjs';
import { desk, launch, phone, Visitor } from './browser.mjs';
import * as steps from './steps.mjs';

let deployment, browser;
before(async () => {
  deployment = await (await Deployment.make()).start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

async function checkPage(options) {
  const visitor = await Visitor.make(browser, deployment, 'haidian', options);
  await visitor.goto();
  await visitor.page.getByRole('link', { name: /供应链管理师/ }).click();
  await visitor.page.getByRole('link', { name: /能不能报|Can I apply/ }).click();
  await steps.field(visitor, '/condition').getByRole('radio').first().check();
  await visitor.page.locator('fieldset.row').first().waitFor();
  return visitor;
}

async function fill(visitor, { issued, from, occupation = '供应链管理师' }) {
  await steps.field(visitor, '/certificates/0/occupation').selectOption({ label: occupation });
  await steps.field(visitor, '/certificates/0/level').selectOption({ index: 2 });
  await steps.field(visitor, '/certificates/0/issued').fill(issued);
  await steps.field(visitor, '/work/0/relation').getByRole('radio').first().check();
  await steps.month(visitor, '/work/0/from', from);
  await visitor.page.locator('#field-work-0').getByRole('checkbox').check();
}

const show = (visitor) => visitor.page.getByRole('button', { name: /看结果|Show the result/ }).click();

test('an empty form is told what it needs, and gets no verdict', async () => {
  const visitor = await checkPage({ viewport: phone, language: 'zh-CN' });
  await visitor.page.getByLabel('本职业（供应链管理师）', { exact: true }).waitFor();
  await show(visitor);
  await visitor.page.getByRole('alert').getByRole('link', { name: /职业技能证书 1 · 发证日期/ }).waitFor();
  await visitor.page.getByRole('alert').getByRole('link', { name: /工作经历 1 · 开始年月/ }).waitFor();
  assert.equal(await visitor.page.getByText('按填写的内容判断').count(), 0);
  await visitor.look('check-empty');
  await visitor.close();
});

test('who is short of years hears how many there are, and from which day on it is enough (S1)', async () => {
  const visitor = await checkPage({ viewport: phone, language: 'zh-CN' });
  await fill(visitor, { issued: '2023-07-01', from: '2023-07' });
  await show(visitor);
  await visitor.page.getByText('已满 3 年 4 个月 / 5 年').waitFor();
  await visitor.page.getByText('2028年6月30日起可报').waitFor();
  await visitor.look('check');
  await steps.month(visitor, '/work/0/from', '2018-03');
  await visitor.page.getByText('按填写的内容判断').waitFor({ state: 'detached' }); // it was about something else
  await fill(visitor, { issued: '2020-05-01', from: '2018-03' });
  await show(visitor);
  await visitor.page.getByText('符合申报条件', { exact: true }).waitFor();
  await visitor.close();
});

test('what is missing in a row leads to its field', async () => {
  const visitor = await checkPage({ viewport: desk, language: 'en' });
  await steps.field(visitor, '/certificates/0/level').selectOption({ index: 2 });
  await show(visitor);
  await visitor.page.getByRole('alert').getByRole('link', { name: /Date of issue/ }).click();
  assert.equal(await visitor.page.evaluate(() => document.activeElement.id), 'field-certificates-0-issued');
  await visitor.look('check-faults');
  await visitor.close();
});

test('what the district has taken off cannot be chosen, and another occupation is for a reviewer (S3, S4)', async () => {
  const visitor = await checkPage({ viewport: phone, language: 'zh-CN' });
  const occupation = steps.field(visitor, '/certificates/0/occupation');
  assert.ok(await occupation.locator('option', { hasText: '电子商务师' }).isDisabled());
  await fill(visitor, { issued: '2020-05-01', from: '2018-03' });
  await occupation.selectOption({ label: '名单中没有，申请考虑' });
  await steps.field(visitor, '/certificates/0/occupation').fill('跨境电商师');
  await show(visitor);
  await visitor.page.getByText('须由审核员判断', { exact: true }).waitFor();
  await visitor.close();
});
