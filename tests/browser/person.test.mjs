// What the office does for one person who stands at the desk, on a desk in Chinese and on a phone in English; and what that person sees of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment } from '../http/deployment.mjs';
import * as staff from '../http/staff.mjs';
import { desk, launch, phone, Visitor } from './browser.mjs';
import * as desks from './desks.mjs';

const ways = [
  { viewport: desk, language: 'zh-CN', slug: 'haidian', first: 810, w: {
    recover: '找回账号', send: '发送验证码', confirm: '更换手机号', other: '证件号码与这份申报不一致', done: '手机号已更换', told: '为这个账号更换了手机号',
    withdraw: '撤回申报', withdrawNow: '确定撤回', refund: '不会自动退回', back: /您撤回了这份申报，不再办理/,
    correct: '更正信息', corrected: '已更正，并已短信通知', happened: '认定机构更正了个人信息',
  } },
  { viewport: phone, language: 'en', slug: 'shijingshan', first: 820, w: {
    recover: 'Account lost', send: 'Send a code', confirm: 'Change the number', other: 'This is not the ID number', done: 'The number is changed',
    told: 'gave this account another mobile number', withdraw: 'Withdraw this application', withdrawNow: 'Withdraw now', refund: 'does not come back by itself',
    back: /You withdrew this application/, correct: 'Correct', corrected: 'Corrected; the candidate',
    happened: 'Personal details corrected by the centre',
  } },
];
const offices = {};
let deployment, browser;
before(async () => {
  deployment = await (await Deployment.make({ tenants: ways.map(({ slug }) => slug) })).start();
  for (const { slug } of ways) offices[slug] = await staff.office(deployment, slug);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

const field = (page, pointer) => page.locator(`#field${pointer.replaceAll('/', '-')}`);
const code = async (slug, mobile, event) => (await deployment.message(slug, mobile, event)).text.match(/\d{6}/)[0];

const own = ({ viewport, language }, client) => Visitor.signedIn(browser, client, { viewport, language });

async function administrator({ slug, viewport, language }) {
  const visitor = await Visitor.make(browser, deployment, slug, { viewport, language });
  await visitor.goto('staff/sign-in');
  await desks.signIn(visitor, 'admin', offices[slug].admin.password);
  await visitor.page.getByRole('button', { name: desks.say(visitor).signOut }).waitFor();
  return visitor;
}

for (const way of ways)
  test(`who has lost number and password comes back to the account (${way.language})`, async () => {
    const { slug, first, w } = way;
    const [old, mobile] = [`138000${first}00`, `138000${first}01`];
    const client = new Client(deployment, slug);
    await candidate.apply(client, first, old, { name: '示例甲' });
    const visitor = await administrator(way);
    const { page } = visitor;
    await visitor.goto(`staff/applications?search=${client.number}`);
    await page.getByRole('link', { name: `${w.recover} ${client.number}` }).click();
    await page.getByText('示例甲').waitFor();

    // All that is empty is said at once.
    await page.getByRole('button', { name: w.confirm }).click();
    assert.equal(await page.locator('form p.fault').count(), 5);
    await field(page, '/mobile').fill(mobile);
    await page.getByRole('button', { name: w.send }).click();
    await field(page, '/code').fill(await code(slug, mobile, 'code_sign_up'));
    await field(page, '/id_number').fill(candidate.residentId(first + 1));
    await field(page, '/reason').fill('手机号已停用，忘记密码');
    await field(page, '/password').fill(offices[slug].admin.password);
    await page.getByRole('button', { name: w.confirm }).click();
    await page.getByText(w.other).first().waitFor();
    await visitor.look('office-recovery');
    await field(page, '/id_number').fill(candidate.residentId(first));
    await page.getByRole('button', { name: w.confirm }).click();
    await page.getByText(w.done).waitFor();
    await visitor.look('office-recovery-done');
    await visitor.close();

    await client.get('/session', { expect: 401 });
    await deployment.stop();
    await deployment.start({ clock: '2026-11-23T09:02:00+08:00' });
    await client.post('/codes', { purpose: 'reset', mobile }, { expect: 202 });
    const set = { mobile, code: await code(slug, mobile, 'code_reset'), password: 'another-password-2' };
    client.token = (await new Client(deployment, slug).post('/passwords', set, { expect: 200 })).body.token;
    const owner = await own(way, client);
    await owner.goto('me');
    await owner.page.getByText(w.told).waitFor();
    await owner.look('me-recovered');
    await owner.close();
  });

for (const way of ways)
  test(`who has paid and will not come withdraws, and reads before what becomes of place and fee (${way.language})`, async () => {
    const { slug, first, w } = way;
    const client = new Client(deployment, slug);
    await candidate.apply(client, first + 3, `138000${first}03`, { name: '示例乙' });
    await staff.approve(offices[slug].reviewer1, client.application);
    await staff.payOffline(client, offices[slug].cashier, `R-${first}3`);
    const visitor = await own(way, client);
    const { page } = visitor;
    await visitor.goto(`applications/${client.application}`);
    await page.locator('summary', { hasText: w.withdraw }).click();
    await page.getByText(w.refund).waitFor();
    await visitor.look('application-withdraw-paid');
    await page.getByRole('button', { name: w.withdrawNow }).click();
    await page.getByText(w.back).waitFor();
    assert.equal(await page.locator('summary', { hasText: w.withdraw }).count(), 0);
    await visitor.look('application-withdrawn');
    await visitor.close();
  });

for (const way of ways)
  test(`a name that was mistyped is put right after the approval (${way.language})`, async () => {
    const { slug, first, w } = way;
    const client = new Client(deployment, slug);
    await candidate.apply(client, first + 4, `138000${first}04`, { name: '示例饼' });
    await staff.approve(offices[slug].reviewer1, client.application);
    const visitor = await administrator(way);
    const { page } = visitor;
    await visitor.goto(`staff/applications?search=${client.number}`);
    await visitor.look('office-applications-one');
    await page.getByRole('link', { name: `${w.correct} ${client.number}` }).click();
    const confirm = page.locator('form').getByRole('button');
    await field(page, '/name').fill('');
    await confirm.click();
    assert.equal(await page.locator('form p.fault').count(), 2); // the reason, too
    await field(page, '/name').fill('示例3');
    await field(page, '/reason').fill('姓名录入有误，已核对身份证');
    await confirm.click();
    await page.locator('#field-name-fault').waitFor();
    await visitor.look('office-correction');
    await field(page, '/name').fill('示例丙');
    await confirm.click();
    await page.getByText(w.corrected).waitFor();
    await page.getByRole('heading', { name: '示例丙' }).waitFor();
    await visitor.close();

    const person = await own(way, client);
    await person.goto(`applications/${client.application}`);
    await person.page.getByText(w.happened).waitFor();
    await person.close();
  });
