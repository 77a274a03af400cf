// The candidate's whole way in a browser, from the list of plans to the ticket, at both widths and in both languages. At every step
// the page is loaded anew, and left and come back to, before it goes on.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment } from '../http/deployment.mjs';
import { scanned } from '../http/paper.mjs';
import * as staff from '../http/staff.mjs';
import { desk, launch, phone, Visitor } from './browser.mjs';
import * as steps from './steps.mjs';

let deployment, browser, office;
before(async () => {
  deployment = await (await Deployment.make()).start();
  office = await staff.office(deployment, 'haidian');
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

// The page as it is after a reload, and after leaving it and coming back: once for each width.
async function again(visitor, name) {
  const { page } = visitor;
  await visitor.settled();
  const title = await page.locator('h1').innerText();
  const there = () => page.waitForFunction((wanted) => document.querySelector('h1')?.innerText === wanted, title);
  if (visitor.language === 'zh-CN') {
    await page.reload();
    await there();
    const address = page.url();
    await visitor.goto('privacy');
    await page.goBack();
    await page.waitForURL(address);
    await there();
  }
  await visitor.look(name);
}

async function fillTopics(visitor, order) {
  const { page } = visitor;
  const w = steps.say(visitor);
  await steps.open(visitor, 'identity');
  await again(visitor, 'topic-identity');
  await steps.save(visitor);
  const condition = page.locator('.tasks').getByRole('link', { name: w.condition, exact: true });
  assert.equal(await condition.count(), 0); // it opens when the details are complete and right (S13)
  await steps.open(visitor, 'details');
  await steps.fillDetails(visitor, order);
  await again(visitor, 'topic-details');
  assert.equal(await steps.field(visitor, '/name').inputValue(), '张三');
  await steps.save(visitor);
  await steps.open(visitor, 'condition');
  await steps.field(visitor, '/condition').getByRole('radio').first().check();
  await again(visitor, 'topic-condition');
  await steps.save(visitor);
  await steps.open(visitor, 'certificates');
  await steps.fillCertificate(visitor);
  await again(visitor, 'topic-certificates');
  await steps.save(visitor);
  await steps.open(visitor, 'work');
  await steps.fillWork(visitor, { from: '2020-06', to: '2023-02' });
  await page.getByRole('button', { name: steps.say(visitor).addWork }).click();
  await steps.fillWork(visitor, { index: 1, from: '2022-12' });
  await again(visitor, 'topic-work');
  await steps.save(visitor);
}

// Each width and each language once: two ways, not four, since each takes more than a minute.
for (const [index, { viewport, language }] of [{ viewport: phone, language: 'zh-CN' }, { viewport: desk, language: 'en' }].entries())
  test(`the whole way at ${viewport.width} in ${language}`, async () => {
    const mobile = `1380000500${index}`;
    const visitor = await Visitor.make(browser, deployment, 'haidian', { viewport, language });
    const { page } = visitor;
    const w = steps.say(visitor);

    await steps.begin(visitor, mobile);
    await again(visitor, 'application-new');
    await fillTopics(visitor, 500 + index);

    await steps.open(visitor, 'materials');
    await page.getByText(w.byHand).waitFor();
    await steps.tile(visitor, 'portrait').getByText(/请先在本页上方勾选同意|Tick your consent/).waitFor(); // why its button cannot be pressed
    await visitor.look('materials-empty');
    await steps.consent(visitor);
    await steps.pick(visitor, 'portrait', steps.pictures(3).portrait);
    await page.getByRole('application').waitFor();
    await visitor.look('materials-cutting');
    await steps.tile(visitor, 'portrait').getByRole('button', { name: w.upload, exact: true }).click();
    await steps.tile(visitor, 'portrait').getByText(w.uploaded, { exact: true }).waitFor();
    await steps.uploadAll(visitor, 20 + index);
    await again(visitor, 'materials');
    await page.getByRole('link', { name: w.back }).first().click();

    await page.getByRole('link', { name: w.submit }).click();
    await again(visitor, 'submit');
    await page.getByRole('button', { name: w.send, exact: true }).click();
    await page.locator('.next').getByText(w.changeable).waitFor();
    await again(visitor, 'application-reviewing');

    // A reviewer refuses the portrait: only that is open, and the button leads to it (S16).
    await staff.judge(office.reviewer1, visitor.application, { 'material:portrait': 'PHOTO_BAD' });
    await staff.decide(office.reviewer1, visitor.application, 'rejected');
    await visitor.goto('applications');
    await visitor.look('home-rejected');
    await page.locator('.next .button').click();
    await page.locator('.timeline').waitFor();
    await again(visitor, 'application-rejected');
    await page.locator('.card .button').filter({ hasText: /照|portrait/i }).first().click();
    await steps.tile(visitor, 'portrait').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'material-portrait');
    await steps.uploadOne(visitor, 'portrait', steps.pictures(40 + index).portrait);
    await visitor.look('materials-rejected');
    await page.getByRole('link', { name: w.back }).first().click();
    await page.getByRole('link', { name: w.submit }).click();
    await page.getByRole('button', { name: w.send, exact: true }).click();
    await page.locator('.timeline').waitFor();
    await staff.approve(office.reviewer1, visitor.application);

    // Paying: whatever is reloaded, there is one order (S17, S18).
    await visitor.goto('applications');
    await visitor.look('home-approved');
    await page.locator('.next .button').click();
    await visitor.look('payment-choice');
    const simulated = page.getByRole('button', { name: /模拟支付|Simulated/ });
    await simulated.click();
    await page.getByRole('img', { name: /二维码|QR/ }).waitFor();
    const number = await page.locator('dd.number').last().innerText();
    await page.reload();
    await simulated.click();
    await page.getByText(number).waitFor();
    await visitor.look('payment');
    const [other] = await Promise.all([visitor.context.waitForEvent('page'), page.locator('a[target=_blank]').first().click()]);
    await other.getByRole('button').click();
    await page.bringToFront(); // the other stays, as people leave it
    await page.locator('.note.good').getByText(w.paid).waitFor();
    await again(visitor, 'payment-paid');
    const orders = await office.cashier.get('/cashier/orders', { expect: 200 });
    assert.equal(orders.body.orders.filter((each) => each.application_id === visitor.application).length, 1);

    // The papers (S19).
    await page.locator('.note.good .button').click();
    await page.locator('.next .button').click();
    await page.locator('address').waitFor();
    await again(visitor, 'papers');
    await steps.field(visitor, '/courier').fill('示例速递');
    await steps.field(visitor, '/courier_number').fill(`SF000000000${index}`);
    await page.getByRole('button', { name: w.tell }).click();
    await page.getByText(`SF000000000${index}`).waitFor();
    await page.getByText(w.posted).waitFor();
    await again(visitor, 'papers-posted');
    const [cover] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /PDF/ }).click()]);
    assert.equal(cover.suggestedFilename(), 'cover.pdf');

    // The ticket (S20).
    const seen = new Client(deployment, 'haidian');
    Object.assign(seen, { mobile });
    await seen.signIn();
    const { body } = await seen.get(`/applications/${visitor.application}`, { expect: 200 });
    await staff.receive({ number: body.number }, office.registrar);
    await office.registrar.post(`/registrar/plans/${body.plan_id}/tickets`, undefined, { expect: 200 });
    await visitor.goto('applications');
    await visitor.look('home-ticket');
    const [ticket] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /PDF/ }).click()]);
    assert.equal(ticket.suggestedFilename(), 'ticket.pdf');
    await page.getByRole('link', { name: /供应链管理师/ }).click();
    await page.locator('.timeline').waitFor();
    await again(visitor, 'application-ticketed');
    // What the door sees when it scans it.
    await page.goto(scanned(readFileSync(await ticket.path())));
    await page.getByText(w.holds).waitFor();
    await again(visitor, 'ticket-check');
    await visitor.goto('me');
    await visitor.look('me');
    await visitor.close();
  });

// Handed in by the API, and signed in in a browser.
async function handedIn(order, mobile) {
  const client = new Client(deployment, 'haidian');
  await candidate.apply(client, order, mobile);
  return { client, visitor: await Visitor.signedIn(browser, client), path: `applications/${client.application}` };
}

test('a parcel that was told wrongly is corrected, not told anew; and what was not copied is not said to be', async () => {
  const { client, visitor, path } = await handedIn(526, '13800005026');
  const { page } = visitor;
  await staff.approve(office.reviewer1, client.application);
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await visitor.goto(`${path}/payment`);
  await page.getByRole('button', { name: '线下缴费' }).click();
  await page.getByRole('button', { name: '复制订单号' }).click();
  await page.getByText('没有复制成功').waitFor();
  await visitor.look('payment-not-copied');
  await staff.payOffline(client, office.cashier, 'R-526');
  await client.put(`/applications/${client.application}/papers`, { courier: '示例速递', courier_number: 'SF5260000000' }, { expect: 200 });

  await visitor.goto(`${path}/papers`);
  await page.getByRole('button', { name: '复制地址' }).click();
  await page.getByText('没有复制成功').waitFor();
  await page.getByRole('button', { name: '更改快递信息' }).click();
  const told = () => Promise.all(['/courier', '/courier_number'].map((pointer) => steps.field(visitor, pointer).inputValue()));
  assert.deepEqual(await told(), ['示例速递', 'SF5260000000']);
  await steps.field(visitor, '/courier_number').fill('SF');
  await visitor.look('papers-change');
  await page.getByRole('button', { name: '取消' }).click();
  await page.getByText('SF5260000000').waitFor();
  await page.getByRole('button', { name: '更改快递信息' }).click();
  assert.deepEqual(await told(), ['示例速递', 'SF5260000000']);
  await steps.field(visitor, '/courier_number').fill('SF5260000001');
  await page.getByRole('button', { name: '登记快递' }).click();
  await page.getByText('SF5260000001').waitFor();
  await visitor.close();
});

test('on the telephone that pays, inside WeChat, one is told how to scan its own screen, and how to save a file', async () => {
  const client = new Client(deployment, 'haidian');
  await candidate.apply(client, 528, '13800005028');
  await staff.approve(office.reviewer1, client.application);
  const visitor = await Visitor.signedIn(browser, client, {
    userAgent: 'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Mobile Safari/537.36 MicroMessenger/8.0.47',
  });
  const { page } = visitor;
  await page.route('**/orders**', async (route) => { // as WeChat Pay answers
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), code_url: 'weixin://wxpay/bizpayurl?pr=placeholder' } });
  });
  await visitor.goto(`applications/${client.application}/payment`);
  await page.getByRole('button', { name: /模拟支付/ }).click();
  await page.getByText('请用微信“扫一扫”扫描二维码付款').waitFor();
  await page.getByText('请在电脑上登录并打开本页').waitFor();
  await visitor.look('payment-wechat');
  await visitor.goto(`applications/${client.application}/papers`);
  await page.getByText('选“在浏览器打开”').waitFor();
  await visitor.look('papers-wechat');
  await visitor.close();
});

test('an order that lasts for weeks says so in days', async () => {
  const { client, visitor, path } = await handedIn(520, '13800005020');
  await staff.approve(office.reviewer1, client.application);
  await visitor.goto(`${path}/payment`);
  await visitor.page.getByRole('button', { name: '线下缴费' }).click();
  await visitor.page.getByText(/还剩 25 天 \d+ 小时/).waitFor();
  await visitor.page.getByText('转账：户名 海淀职业技能等级认定中心（示例），账号 0000 0000 0000 0000').waitFor();
  await visitor.look('payment-offline');

  // A centre that tells no account is to be asked for it.
  const { body: { version, slug, region_code, ...profile } } = await office.admin.get('/admin/profile', { expect: 200 });
  await office.admin.put('/admin/profile', { ...profile, offline_payment: null }, { version, expect: 200 });
  await visitor.goto(`${path}/payment`);
  await visitor.page.getByRole('button', { name: '线下缴费' }).click();
  await visitor.page.getByText('请向机构（考务组 010-00000000）询问收款账户或缴费地点').waitFor();
  await visitor.close();
});

test('of what is left until a deadline no day is counted that has begun', async () => {
  const { client, visitor, path } = await handedIn(525, '13800005025');
  await staff.approve(office.reviewer1, client.application);
  await visitor.goto(path);
  await visitor.page.getByText('还剩 25 天').waitFor(); // and eight hours
  await visitor.close();
});

test('with words twice as large, what is told of a field still has room', async () => {
  const { visitor, path } = await handedIn(521, '13800005021');
  const { page } = visitor;
  await visitor.goto(`${path}/submit`);
  await page.locator('.facts dd').first().waitFor();
  await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
  const narrow = await page.locator('.facts dd').evaluateAll((all) =>
    all.filter((dd) => dd.clientWidth < 5 * parseFloat(getComputedStyle(dd).fontSize)).map((dd) => dd.innerText));
  assert.deepEqual(narrow, []);
  await visitor.look('submit-large');
  await visitor.close();
});

test('on a narrow phone with words twice as large nothing sticks out', async () => {
  const client = new Client(deployment, 'haidian');
  await candidate.apply(client, 527, '13800005027');
  const visitor = await Visitor.signedIn(browser, client, { language: 'en', viewport: { width: 320, height: 640 } });
  for (const page of ['', '/materials', '/submit']) {
    await visitor.goto(`applications/${client.application}${page}`);
    await visitor.settled();
    await visitor.page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    await visitor.look(`large-application${page.replace('/', '-')}`);
  }
  await visitor.close();
});

test('what was refused and is changed is said to be so, a topic as well as a picture', async () => {
  const { client, visitor, path } = await handedIn(524, '13800005024');
  const { page } = visitor;
  await staff.judge(office.reviewer1, client.application, { details: 'OTHER', work: 'OTHER' });
  await staff.decide(office.reviewer1, client.application, 'rejected');
  await visitor.goto(`${path}/details`);
  await steps.field(visitor, '/employer').fill('更正后的示例公司');
  await steps.save(visitor);
  const card = (name) => page.locator('.card').filter({ has: page.getByRole('heading', { name: new RegExp(`^${name}`), level: 3 }) });
  const again = (name) => card(name).getByText('已重新填写', { exact: true });
  await again('个人信息').waitFor();
  assert.equal(await again('工作经历').count(), 0);
  assert.deepEqual(await page.locator('.tasks li').filter({ hasText: /个人信息|工作经历/ }).locator('.tag').allInnerTexts(), ['已完成', '请更正']);
  await visitor.look('application-corrected');
  await visitor.goto(`${path}/submit`);
  const left = page.locator('.note.warn').filter({ hasText: '还没有更正' });
  await left.waitFor();
  assert.deepEqual(await left.getByRole('link').allInnerTexts(), ['工作经历']);
  await visitor.look('submit-uncorrected');
  await left.getByRole('link').click();
  await page.getByRole('link', { name: '返回申报' }).click();
  await again('个人信息').waitFor();
  client.version = (await client.get(`/applications/${client.application}`, { expect: 200 })).version;
  await candidate.topic(client, 'work', { work: [candidate.period('2019-06', null)] }); // on another device
  await page.reload();
  await again('工作经历').waitFor();
  await visitor.goto(`${path}/submit`);
  await page.getByRole('button', { name: '提交申报' }).waitFor();
  assert.equal(await left.count(), 0);
  await visitor.close();
});

for (const [viewport, language, order] of [[phone, 'zh-CN', 34], [desk, 'en', 35]])
  test(`whoever has another mobile number takes the account along, at ${viewport.width} in ${language}`, async () => {
    const client = await new Client(deployment, 'haidian').signUp(`138000051${order}`);
    const visitor = await Visitor.signedIn(browser, client, { viewport, language });
    const { page } = visitor;
    const zh = language === 'zh-CN';
    const words = zh ? { ask: '我的手机号换了', move: '更换手机号', send: '获取验证码', done: '手机号已更换' }
      : { ask: 'I have another number', move: 'Change the mobile number', send: 'Send a code', done: 'The mobile number is changed' };
    const mobile = `138000053${order}`;
    await visitor.goto('me');
    await page.locator('summary', { hasText: words.ask }).click();
    await page.getByRole('button', { name: words.send }).click();
    await page.getByRole('alert').getByRole('link').first().waitFor(); // no number to send it to
    await steps.field(visitor, '/move/mobile').fill(mobile);
    await page.getByRole('button', { name: words.send }).click();
    const { text } = await deployment.message('haidian', mobile, 'code_sign_up');
    await steps.field(visitor, '/move/code').fill(text.match(/\d{6}/)[0]);
    await steps.field(visitor, '/move/password').fill('not the password');
    await page.getByRole('button', { name: words.move }).click();
    await page.getByRole('alert').waitFor();
    await visitor.look('me-mobile');
    await steps.field(visitor, '/move/password').fill(steps.password);
    await page.getByRole('button', { name: words.move }).click();
    await page.getByText(words.done).waitFor();
    await page.locator('dd').getByText(mobile, { exact: true }).waitFor();
    await visitor.look('me-mobile-changed');
    assert.equal((await client.get('/account', { expect: 200 })).body.mobile, mobile);
    await visitor.close();
  });

test('whoever has the fee back is not told to pay as if nothing had been', async () => {
  const { client, visitor, path } = await handedIn(530, '13800005030');
  await staff.approve(office.reviewer1, client.application);
  const { number } = await staff.payOffline(client, office.cashier, 'R-524');
  const { body } = await office.cashier.post(`/cashier/orders/${number}/refunds`, { reason: '考生申请退考' }, { expect: 201 });
  await office.admin.post(`/admin/refunds/${body.number}/decision`, { outcome: 'approved' }, { expect: 200 });
  await office.cashier.post(`/cashier/refunds/${body.number}/payout`, { receipt_number: 'T-524' }, { expect: 200 });
  await visitor.goto(path);
  await visitor.page.getByText('费用已退回。不参加考试的，不用再办理').waitFor();
  await visitor.look('application-refunded');
  await visitor.close();
});

test('why an application was made void is told, and why one was refused, though it is over by now; and where to go from there', async () => {
  const [voided, refused] = [await handedIn(522, '13800005022'), await handedIn(523, '13800005023')];
  await office.admin.post(`/admin/applications/${voided.client.number}/void`, { reason: '示例：证书经核实是伪造的' }, { expect: 200 });
  await voided.visitor.goto(voided.path);
  await voided.visitor.page.getByText('作废原因：示例：证书经核实是伪造的').waitFor();
  await voided.visitor.page.getByText('有异议的，请联系认定机构').waitFor();
  await voided.visitor.look('application-voided');
  await staff.judge(office.reviewer1, refused.client.application, { 'material:portrait': 'PHOTO_BAD' });
  await staff.decide(office.reviewer1, refused.client.application, 'rejected');
  await Promise.all([voided.visitor.close(), refused.visitor.close()]);

  await deployment.stop();
  await deployment.start({ clock: '2026-12-26T09:00:00+08:00' });
  await refused.client.signIn();
  const visitor = await Visitor.signedIn(browser, refused.client);
  await visitor.goto(refused.path);
  await visitor.page.getByText('逾期关闭').waitFor();
  await visitor.page.getByText('审核不通过的原因').waitFor();
  await visitor.page.getByText('审核说明：请按要求更正后重新上传').waitFor();
  const over = visitor.page.getByText('没有在截止时间前办完，申报已关闭');
  await over.waitFor();
  await visitor.look('application-expired');
  for (const [page, refusal] of [['payment', '现在不需要缴费'], ['submit', '这份申报现在不能提交']]) {
    await visitor.goto(`${refused.path}/${page}`);
    await visitor.page.getByText(refusal).waitFor();
    await over.waitFor();
    await visitor.look(`${page}-expired`);
  }
  await visitor.page.locator('.next').getByRole('link').click();
  await visitor.page.getByRole('link', { name: '查看认定计划' }).click();
  await visitor.page.getByRole('heading', { level: 1, name: '认定计划' }).waitFor();
  await visitor.close();
});
