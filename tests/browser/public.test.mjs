// What anybody may see before signing in, at both widths and in both languages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment } from '../http/deployment.mjs';
import { eventually } from '../http/patience.mjs';
import { amount, desk, launch, phone, Visitor } from './browser.mjs';
import { password } from './steps.mjs';

let deployment, browser, admin;
before(async () => {
  deployment = await (await Deployment.make()).start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

const administrator = async () => (admin ??= await new Client(deployment, 'shijingshan').accept('admin'));

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

test('at the door what is empty is asked for, and a number that was mistyped keeps nobody waiting', async () => {
  const visitor = await Visitor.make(browser, deployment, 'haidian');
  const { page } = visitor;
  const links = page.getByRole('alert').getByRole('link');
  await visitor.goto('sign-in');
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await links.nth(1).waitFor();
  assert.deepEqual(await links.allInnerTexts(), ['手机号：请填写这一项。', '密码：请填写这一项。']);
  await visitor.look('sign-in-empty');
  await visitor.goto('sign-up');
  await page.getByRole('button', { name: '获取验证码' }).click();
  await links.first().waitFor();
  assert.deepEqual(await links.allInnerTexts(), ['手机号：请填写这一项。']);
  await page.getByLabel('手机号').fill('13800005091');
  await page.getByRole('button', { name: '获取验证码' }).click();
  await page.getByText('短信已经发出').waitFor();
  await page.getByRole('button', { name: '注册', exact: true }).click();
  await links.nth(1).waitFor();
  assert.deepEqual(await links.allInnerTexts(), ['短信验证码：请填写这一项。', '密码：请填写这一项。']);
  assert.ok(await page.getByRole('button', { name: /秒后可重新获取/ }).isDisabled());
  await page.getByLabel('手机号').fill('13800005092');
  assert.equal(await page.getByText('短信已经发出').count(), 0);
  await page.getByRole('button', { name: '获取验证码' }).click();
  await page.getByText('短信已经发出').waitFor();
  await deployment.message('haidian', '13800005092', 'code_sign_up');
  await visitor.close();
});

// As the SMS and the parcel's cover sheet say it.
test('what ends at midnight ends with the day before, in a list as on its own page', async () => {
  const admin = await administrator();
  const [{ id }] = (await admin.get('/admin/plans', { expect: 200 })).body.plans;
  const { document } = (await admin.get(`/admin/plans/${id}`, { expect: 200 })).body;
  const times = [['2026-12-10T09:00', '2026-12-12T17:00'], ['2026-12-13T22:00', '2026-12-14T00:00'], ['2026-12-15T09:00', '2026-12-15T11:00']];
  const subjects = document.exam.subjects.map((each, index) => {
    const [from, until] = times[index].map((moment) => `${moment}:00+08:00`);
    return { ...each, from, until };
  });
  const made = await admin.post('/admin/plans', {
    ...document, exam: { ...document.exam, subjects }, code: 'midnight', filing_no: 'midnight', name: '午夜截止的认定',
    apply: { from: '2026-11-20T00:00:00+08:00', until: '2026-12-01T00:00:00+08:00' },
    pay_until: '2026-12-03T00:00:00+08:00', papers_until: '2026-12-05T12:00:00+08:00',
  }, { expect: 201 });
  await admin.post(`/admin/plans/${made.body.id}/publish`, undefined, { version: made.version, expect: 200 });
  for (const [language, listed, whole, paying, posting, exams] of [
    ['zh-CN', '2026年11月20日至2026年11月30日', '2026年11月20日 00:00至2026年11月30日 24:00', '2026年12月2日 24:00', '2026年12月5日 12:00',
      ['2026年12月10日 09:00–2026年12月12日 17:00', '2026年12月13日 22:00–24:00', '2026年12月15日 09:00–11:00']],
    ['en', 'November 20, 2026 to November 30, 2026', 'November 20, 2026 at 00:00 to November 30, 2026 at 24:00',
      'December 2, 2026 at 24:00', 'December 5, 2026 at 12:00',
      ['December 10, 2026, 09:00–December 12, 2026 at 17:00', 'December 13, 2026, 22:00–24:00', 'December 15, 2026, 09:00–11:00']]]) {
    const visitor = await Visitor.make(browser, deployment, 'shijingshan', { language });
    const { page } = visitor;
    await visitor.goto();
    await page.getByRole('listitem').filter({ hasText: '午夜截止的认定' }).getByText(listed, { exact: true }).waitFor();
    await page.getByRole('link', { name: '午夜截止的认定' }).click();
    for (const text of [whole, paying, posting]) await page.getByText(text, { exact: true }).waitFor();
    for (const text of exams.slice(0, subjects.length)) await page.getByText(text).waitFor();
    await visitor.look('plan-midnight');
    await visitor.close();
  }
});

test('a plan without a place left does not call itself open', async () => {
  const admin = await administrator();
  const { plans } = (await admin.get('/admin/plans', { expect: 200 })).body;
  const { id } = plans.find((plan) => plan.occupation_name === '供应链管理师');
  const { document } = (await admin.get(`/admin/plans/${id}`, { expect: 200 })).body;
  const made = await admin.post('/admin/plans', { ...document, code: 'full', filing_no: 'full', name: '名额有限的认定', places: 1 }, { expect: 201 });
  await admin.post(`/admin/plans/${made.body.id}/publish`, undefined, { version: made.version, expect: 200 });
  const client = await new Client(deployment, 'shijingshan').signUp('13800005351');
  await candidate.draft(client, made.body);
  await candidate.fill(client, 351);
  const late = await new Client(deployment, 'shijingshan').signUp('13800005352');
  await candidate.draft(late, made.body);
  const visitor = await Visitor.make(browser, deployment, 'shijingshan');
  const tag = visitor.page.getByRole('listitem').filter({ hasText: '名额有限的认定' }).locator('.tag');
  await visitor.goto();
  await tag.getByText('报名中').waitFor();
  await candidate.submit(client);
  // The public list may be a few seconds old.
  await eventually(() => 'no place left', async () => {
    await visitor.goto();
    return (await tag.innerText()) === '名额已满';
  });
  await visitor.look('plans-full');
  await visitor.page.getByRole('link', { name: '名额有限的认定' }).click();
  await visitor.page.getByText('名额已满，现在不能提交申报').waitFor();
  assert.ok(await visitor.page.getByRole('button', { name: '我要报名' }).isDisabled()); // nobody signs up for nothing
  await visitor.look('plan-full');

  // Who has begun hears it before everything is filled in, and where one hands in all the same.
  await visitor.goto('sign-in?to=/applications');
  await visitor.page.getByLabel('手机号').fill('13800005352');
  await visitor.page.getByLabel('密码').fill(password);
  await visitor.page.getByRole('button', { name: '登录', exact: true }).click();
  const told = visitor.page.getByText('名额目前已满，现在不能提交。');
  await told.waitFor();
  await visitor.look('home-full');
  await visitor.page.getByRole('link', { name: '继续填写' }).click();
  await told.waitFor();
  await visitor.page.getByRole('link', { name: '检查并提交' }).click();
  await told.waitFor();
  await visitor.look('submit-full');

  // Nor is what one has withdrawn to be opened again before there is a place.
  const { version } = await late.get(`/applications/${late.application}`, { expect: 200 });
  await late.post(`/applications/${late.application}/withdraw`, undefined, { version, expect: 200 });
  await visitor.goto(`applications/${late.application}`);
  await visitor.page.getByText('有人撤回空出名额时，可以重新打开这份申报。').waitFor();
  const again = visitor.page.getByRole('button', { name: '重新打开' });
  assert.equal(await again.count(), 0);
  await visitor.look('ended-full');
  await client.post(`/applications/${client.application}/withdraw`, undefined, { version: client.version, expect: 200 });
  await visitor.goto(`applications/${late.application}`);
  await again.click();
  await visitor.page.locator('.tasks').waitFor();
  await visitor.goto('applications');
  await visitor.page.getByRole('link', { name: '继续填写' }).waitFor();
  assert.equal(await told.count(), 0); // there is a place again
  await visitor.close();
});

test('signing in leads on to what one was about to do', async () => {
  const visitor = await Visitor.make(browser, deployment, 'haidian');
  const { page } = visitor;
  const apply = page.getByRole('button', { name: '我要报名' });
  const client = await new Client(deployment, 'haidian').signUp('13800005353');
  let applied = 0;
  page.on('request', (request) => { applied += request.method() === 'POST' && request.url().endsWith('/applications'); });
  const signIn = async () => {
    await page.getByRole('button', { name: '登录', exact: true }).waitFor();
    await page.getByLabel('手机号').fill(client.mobile);
    await page.getByLabel('密码').fill(password);
    await page.getByRole('button', { name: '登录', exact: true }).click();
  };
  await visitor.goto();
  await page.getByRole('link', { name: /供应链管理师/ }).click();
  await apply.waitFor();
  const plan = page.url();
  await apply.click();
  await page.getByRole('link', { name: '还没有账号？注册' }).click();
  await page.getByRole('link', { name: '已有账号？登录' }).click();
  await page.getByRole('button', { name: '登录', exact: true }).waitFor();
  const asked = page.url();
  await signIn();
  await page.locator('.tasks').waitFor();
  assert.equal(applied, 1);
  await page.goBack();
  await apply.waitFor(); // the plan, neither the door nor an application made once more
  assert.equal(page.url(), plan);

  // Whoever only reads of a plan reads on; an address that was sent by somebody applies for nobody.
  await page.getByRole('button', { name: '退出' }).click();
  for (const from of [plan, asked]) {
    await page.goto(from);
    if (from === plan) await page.getByRole('link', { name: '登录', exact: true }).click();
    await signIn();
    await apply.waitFor();
    assert.deepEqual([new URL(page.url()).pathname, applied], [new URL(plan).pathname, 1]);
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByRole('link', { name: '登录', exact: true }).waitFor();
  }
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

// Pages of one row each: the server's own answers, asked for in smaller parts.
const byOnes = (page, list) => page.route((url) => url.pathname.endsWith(`/api/v1/${list}`), (route) => {
  const url = new URL(route.request().url());
  url.searchParams.set('limit', '1');
  return route.request().method() === 'GET' ? route.continue({ url: url.href }) : route.continue();
});

async function showAll(page, rows, count) {
  for (let shown = 1; shown < count; shown++) {
    await page.waitForFunction(([selector, wanted]) => document.querySelectorAll(selector).length === wanted, [rows, shown]);
    await page.getByRole('button', { name: '显示更多' }).click();
  }
  await page.waitForFunction(([selector, wanted]) => document.querySelectorAll(selector).length === wanted, [rows, count]);
  assert.equal(await page.getByRole('button', { name: '显示更多' }).count(), 0);
}

test('plans and one\'s applications are shown beyond the first page', async () => {
  const client = await new Client(deployment, 'haidian').signUp('13800005350');
  const { plans } = (await client.get('/plans', { expect: 200 })).body;
  const open = plans.filter((plan) => plan.open);
  assert.ok(open.length > 1);
  for (const plan of open) await client.post('/applications', { plan_id: plan.id }, { expect: 201 });
  const visitor = await Visitor.make(browser, deployment, 'haidian');
  const { page } = visitor;
  for (const list of ['plans', 'applications']) await byOnes(page, list);
  await visitor.goto();
  await showAll(page, 'li.card', plans.length);
  await visitor.goto('sign-in');
  await page.getByLabel('手机号').fill(client.mobile);
  await page.getByLabel('密码').fill('placeholder-password-1');
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('link', { name: '我的申报' }).click();
  await showAll(page, 'section.next', open.length);
  // A draft says until when it can be handed in.
  await amount(page.locator('section.next').filter({ hasText: '截止时间：2026年12月15日 17:00。' }), open.length);
  await visitor.look('home-all');
  await visitor.close();
});

test('another centre has its own name, contact and plans', async () => {
  const visitor = await Visitor.make(browser, deployment, 'shijingshan');
  await visitor.goto();
  await visitor.page.getByRole('link', { name: /石景山.*认定中心/ }).first().waitFor();
  assert.equal(await visitor.page.getByText('海淀').count(), 0);
  await visitor.close();
});

test('a password can be looked at, and what is not there leads on', async () => {
  const visitor = await Visitor.make(browser, deployment, 'haidian');
  const { page } = visitor;
  await visitor.goto('sign-in');
  const password = page.getByLabel('密码');
  const type = () => password.evaluate((input) => input.type);
  await password.fill('placeholder-password-1');
  assert.equal(await type(), 'password');
  await page.getByRole('button', { name: '显示密码' }).click();
  assert.equal(await type(), 'text');
  await visitor.look('password-shown');
  await page.getByRole('button', { name: '隐藏密码' }).click();
  assert.deepEqual([await type(), await password.inputValue()], ['password', 'placeholder-password-1']);

  await visitor.goto('plans/01a22e2e-0000-7000-8000-000000000000');
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByRole('button', { name: '重试' }).count(), 0);
  await page.getByRole('link', { name: '回到首页' }).click();
  await page.locator('li.card').first().waitFor();
  await visitor.close();
});
