// A plan is cancelled in the administrator's page, and what its candidates then read: on a desk in Chinese, on a phone in English.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment } from '../http/deployment.mjs';
import { scanned } from '../http/paper.mjs';
import * as staff from '../http/staff.mjs';
import { desk, launch, phone, Visitor } from './browser.mjs';
import * as desks from './desks.mjs';

const words = {
  'zh-CN': {
    cancel: '取消计划', confirm: '确定取消这个计划', reason: '取消原因', code: '输入计划代码', wrong: '请照抄计划代码', cancelled: '计划已取消，不能恢复。',
    ended: '申报已全部终止，共 2 份。', refunded: '已退还 1 笔', waiting: '正在办理或待柜台支付 1 笔', mobile: '手机号', password: '密码', signIn: '登录', state: '计划已取消',
    back: '您已缴的费用已经退还。', goesBack: '您已缴的费用会全额退还，无需申请。', plan: '这个认定计划已取消，考试不举行。', ticket: '无效：这次认定计划已经取消，考试不举行。',
    save: '保存', tag: '已取消', kept: '另有 1 份此前已结束的申报',
  },
  en: {
    cancel: 'Cancel the plan', confirm: 'Cancel this plan for good', reason: 'Why it is cancelled', code: 'To confirm, type',
    wrong: "Copy the plan's code", cancelled: 'This plan is cancelled for good.',
    ended: 'All applications have ended: 2.', refunded: '1 gone back', waiting: '1 under way, or to be paid out at the desk', mobile: 'Mobile number',
    password: 'Password', signIn: 'Sign in', state: 'Plan cancelled', back: 'What you had paid has gone back.',
    goesBack: 'What you have paid goes back in full; you need not ask for it.', plan: 'This plan is cancelled: there is no exam.',
    ticket: 'Not valid: the plan is cancelled, and there is no exam.', save: 'Save', tag: 'cancelled',
    kept: 'Besides, applications that had ended before',
  },
};
const reason = '考点停电，考试无法举行。';
const ways = [
  { viewport: desk, language: 'zh-CN', slug: 'haidian', first: 701 },
  { viewport: phone, language: 'en', slug: 'shijingshan', first: 751 },
];

let deployment, browser;
before(async () => {
  deployment = await (await Deployment.make()).start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

// One has paid online, one at the desk and holds a ticket, one has paid and is void; the address that the ticket's QR code leads to.
async function scene(office, { slug, first }) {
  const [online, seated, untrue] = [0, 1, 2].map(() => new Client(deployment, slug));
  for (const [i, client] of [online, seated, untrue].entries()) {
    await candidate.apply(client, first + i, `138000${first}0${i}`);
    await staff.approve(office.reviewer1, client.application);
  }
  const order = (await online.post(`/applications/${online.application}/orders`, { provider: 'simulated' }, { expect: 201 })).body;
  await online.post(`/demo/pay/${order.code_url.split('/').pop()}`, undefined, { expect: 200 });
  await staff.payOffline(seated, office.cashier, `R-${first}`);
  await staff.payOffline(untrue, office.cashier, `V-${first}`);
  await office.admin.post(`/admin/applications/${untrue.number}/void`, { reason: '经核实工作经历不属实' }, { expect: 200 });
  await staff.receive(seated, office.registrar);
  const plan = (await seated.get(`/applications/${seated.application}`, { expect: 200 })).body.plan_id;
  await office.registrar.post(`/registrar/plans/${plan}/tickets`, {}, { expect: 200 });
  const { bytes } = await seated.get(`/applications/${seated.application}/ticket`, { expect: 200 });
  return { online, seated, untrue, plan, ticket: new URL(scanned(bytes)).pathname };
}

async function administrator(office, { viewport, language, slug }) {
  const visitor = await Visitor.make(browser, deployment, slug, { viewport, language });
  await visitor.goto('staff/sign-in');
  await desks.signIn(visitor, 'admin', office.admin.password);
  await visitor.page.getByRole('button', { name: desks.say(visitor).signOut }).waitFor();
  return visitor;
}

// What one of the candidates reads of their application.
async function reads(client, { viewport, language, slug }, picture, texts) {
  const w = words[language];
  const visitor = await Visitor.make(browser, deployment, slug, { viewport, language });
  const { page } = visitor;
  await visitor.goto('sign-in');
  await page.getByLabel(w.mobile).fill(client.mobile);
  await page.getByLabel(w.password).fill('placeholder-password-1');
  await page.getByRole('main').getByRole('button', { name: w.signIn, exact: true }).click();
  await page.getByText(w.state).first().waitFor();
  await visitor.goto(`applications/${client.application}`);
  for (const text of [w.state, reason, ...texts]) await page.getByText(text).first().waitFor();
  await visitor.look(picture);
  await visitor.close();
}

for (const way of ways)
  test(`a plan is cancelled by whoever means it, and its candidates read why (${way.viewport.width}, ${way.language})`, async () => {
    const { language, viewport, slug } = way;
    const w = words[language];
    const office = await staff.office(deployment, slug);
    const people = await scene(office, way);
    const visitor = await administrator(office, way);
    const { page } = visitor;

    await visitor.goto(`staff/plans/${people.plan}`);
    await visitor.settled();
    await visitor.look('plan-cancellable');
    await page.getByRole('button', { name: w.cancel }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('¥1360.00').waitFor();
    await dialog.getByText(w.kept).waitFor();
    await dialog.getByLabel(w.reason).fill(reason);
    await dialog.getByLabel(w.code).fill('2026-ims-1');
    await dialog.getByRole('button', { name: w.confirm }).click();
    await dialog.getByText(w.wrong).first().waitFor();
    await visitor.look('plan-cancel');
    assert.equal((await office.admin.get(`/admin/plans/${people.plan}/cancellation`, { expect: 200 })).body.cancelled_at, null);
    await dialog.getByLabel(w.code).fill(' 2026-scm-1 ');
    await dialog.getByRole('button', { name: w.confirm }).click();
    for (const text of [w.cancelled, w.ended, w.refunded, w.waiting]) await page.getByText(text).first().waitFor();
    assert.equal(await page.getByRole('button', { name: w.save, exact: true }).count(), 0);
    await visitor.look('plan-cancelled');
    await page.getByText(w.kept).waitFor();
    await page.getByRole('link', { name: people.untrue.number }).click();
    await page.getByRole('cell', { name: people.untrue.number }).first().waitFor();
    await visitor.goto(`staff/plans/${people.plan}`);
    await page.getByRole('link', { name: w.waiting }).click();
    await page.getByText(people.seated.number).first().waitFor();
    await visitor.goto('staff/plans');
    await page.getByText(w.tag, { exact: true }).first().waitFor();
    await visitor.look('plans-cancelled');
    await visitor.close();

    await reads(people.online, way, 'application-cancelled', [w.back]);
    await reads(people.seated, way, 'application-cancelled-paid', [w.goesBack]);
    const anybody = await Visitor.make(browser, deployment, slug, { viewport, language });
    await anybody.goto(`plans/${people.plan}`);
    for (const text of [w.plan, reason]) await anybody.page.getByText(text).first().waitFor();
    await anybody.look('plan-of-candidates-cancelled');
    await anybody.page.goto(deployment.base + people.ticket);
    for (const text of [w.ticket, reason]) await anybody.page.getByText(text).first().waitFor();
    await anybody.look('ticket-cancelled');
    await anybody.close();
  });
