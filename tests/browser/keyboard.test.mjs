// The candidate's way by keyboard alone, from the list of plans until the papers are posted: no click, no touch. What is pressed must
// be reached by Tab first.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../http/client.mjs';
import { residentId } from '../http/candidate.mjs';
import { Deployment } from '../http/deployment.mjs';
import * as staff from '../http/staff.mjs';
import { desk, launch, Visitor } from './browser.mjs';
import * as steps from './steps.mjs';

const mobile = '13800005300';
let deployment, browser;
before(async () => {
  deployment = await (await Deployment.make()).start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

test('by keyboard alone', async () => {
  const visitor = await Visitor.make(browser, deployment, 'haidian', { viewport: desk });
  const { page } = visitor;

  // Tab until it has the focus.
  async function reach(locator) {
    await locator.first().waitFor();
    for (let tries = 0; tries < 120; tries++) {
      if (await locator.first().evaluate((element) => element === document.activeElement)) return;
      await locator.page().keyboard.press('Tab');
    }
    assert.fail(`not reached: ${locator}`);
  }
  const press = async (locator, key = 'Enter') => { await reach(locator); await locator.page().keyboard.press(key); };
  const type = async (locator, text) => { await reach(locator); await page.keyboard.type(text); };
  const choose = async (locator, downs) => {
    await reach(locator);
    for (let i = 0; i < downs; i++) await page.keyboard.press('ArrowDown');
  };
  const link = (name) => page.getByRole('link', { name });
  const button = (name) => page.getByRole('button', { name, exact: true });
  const field = (pointer) => steps.field(visitor, pointer);
  const task = async (name) => { await press(page.locator('.tasks').getByRole('link', { name, exact: true })); await visitor.settled(); };
  const save = async () => { await press(button('保存并返回')); await page.locator('.tasks').waitFor(); };

  await visitor.goto();
  await press(link(/供应链管理师/));
  await press(button('我要报名'));
  await press(link('还没有账号？注册'));
  await button('获取验证码').waitFor(); // the page that one comes from asks for a mobile number too
  await type(page.getByLabel('手机号'), mobile);
  await press(button('获取验证码'));
  const { text } = await deployment.message('haidian', mobile, 'code_sign_up');
  await type(page.getByLabel('短信验证码'), text.match(/\d{6}/)[0]);
  await type(page.getByLabel('密码'), steps.password);
  await page.keyboard.press('Enter');

  await page.locator('.tasks').waitFor();
  await task('报考身份');
  await save();
  await task('个人信息');
  for (const [name, value] of [['/name', '张三'], ['/id_number', residentId(800)], ['/mobile', '13800000000']]) await type(field(name), value);
  await choose(field('/ethnicity'), 1);
  await choose(field('/education'), 3);
  await choose(field('/province'), 1);
  await choose(field('/candidate_source'), 3);
  await type(field('/employer'), '示例供应链有限公司');
  await type(field('/address'), '北京市海淀区示例路1号');
  await save();
  await task('申报条件');
  await press(field('/condition').getByRole('radio'), 'Space');
  await save();
  await task('证书和学历');
  await choose(field('/certificates/0/occupation'), 1);
  await choose(field('/certificates/0/level'), 2);
  await type(field('/certificates/0/issued'), '05012020');
  await type(field('/certificates/0/number'), 'S000011000001202000001');
  await save();
  await task('工作经历');
  const months = page.locator('#field-work-0 select');
  await choose(months.nth(0), 7);
  await choose(months.nth(1), 6);
  await press(page.getByRole('checkbox'), 'Space');
  await type(field('/work/0/employer'), '示例供应链有限公司');
  await press(field('/work/0/relation').getByRole('radio'), 'Space');
  await type(field('/work/0/witness'), '李四');
  await type(field('/work/0/witness_phone'), '010-00000000');
  await save();

  await task('上传材料');
  for (const index of [0, 1]) await press(page.getByRole('checkbox').nth(index), 'Space');
  await page.waitForFunction(() => !document.querySelector('.tile button:disabled'));
  const { portrait, scan } = steps.pictures(80);
  for (const id of await page.locator('.tile').evaluateAll((tiles) => tiles.map((each) => each.id))) {
    const tile = page.locator(`#${id}`);
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(tile.getByRole('button').first())]);
    await chooser.setFiles(id.endsWith('portrait') ? portrait : scan);
    if (id.endsWith('portrait')) await press(page.getByRole('application'), 'ArrowDown');
    await press(tile.getByRole('button', { name: '上传', exact: true }));
    await tile.getByText('已上传', { exact: true }).waitFor();
  }
  await press(link('返回申报'));
  await press(link('检查并提交'));
  await press(button('提交申报'));
  await page.locator('.timeline').waitFor();
  await page.getByText('已提交，请等待审核').waitFor();
  const client = new Client(deployment, 'haidian');
  client.mobile = mobile;
  await client.signIn();
  const [application] = (await client.get('/applications', { expect: 200 })).body.applications;
  assert.equal(application.state, 'reviewing');

  // Paying and posting.
  await staff.approve((await staff.office(deployment, 'haidian')).reviewer1, application.id);
  await press(link('我的申报'));
  await press(link('去缴费'));
  await press(button('模拟支付（演示）'));
  const [phone] = await Promise.all([visitor.context.waitForEvent('page'), press(link('在本机打开付款页面'))]);
  await press(phone.getByRole('button'));
  await phone.getByText('已支付').waitFor(); // a page that is closed on its way to another may never say that it is
  await phone.close();
  await page.getByText('缴费成功').waitFor();
  await press(page.getByRole('link', { name: '继续', exact: true }));
  await press(link('查看邮寄要求'));
  await type(field('/courier'), '示例速递');
  await type(field('/courier_number'), 'SF5300');
  await page.keyboard.press('Enter');
  await page.getByText('SF5300').waitFor();
  await press(button('更改快递信息'));
  await reach(field('/courier'));
  assert.equal((await client.get(`/applications/${application.id}`, { expect: 200 })).body.papers.courier_number, 'SF5300');
  await visitor.close();
});
