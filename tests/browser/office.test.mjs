// The office's whole way in a browser: administrator, cashier, registrar and auditor, each in their own pages, from a draft of a plan
// to open tickets; on a desk in Chinese, on a phone in English.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment, kaowu, root } from '../http/deployment.mjs';
import { eventually } from '../http/patience.mjs';
import * as staff from '../http/staff.mjs';
import { Wechat } from '../peers/wechat.mjs';
import { amount, desk, launch, meanwhile, phone, Visitor } from './browser.mjs';
import * as desks from './desks.mjs';
import { number, sheet } from './sheets.mjs';

const words = {
  'zh-CN': {
    nobodyGets: '还没有接通短信服务商', whole: '请填写 0 或更大的整数，不带单位。', subjectEnds: /^理论知识考试 · 结束：/,
    overview: '总览', applications: '申报', plans: '计划', members: '人员', profile: '机构信息', messages: '短信', erasures: '删除申请', audit: '审计日志', orders: '收费',
    papers: '收件',
    reviewing: /正在审核/, make: '新建计划', makeGo: '建立草稿', name: '计划名称', code: '计划代码', occupation: '职业与等级', save: '保存', publish: '发布', clone: '复制为新计划',
    preview: '以考生身份预览', addRoom: '增加考场', offline: '线下缴费', invite: '邀请人员', login: '登录名', person: '姓名', cashier: '收费员',
    disable: '停用', change: '修改',
    registrar: '考务员', confirm: '确认收款', receipt: '收据编号', allPass: '全部合格', receive: '登记收件', void: '作废', open: '开放准考证',
    paperwork: '收件与准考证', book: '生成 PDF', bookAgain: '重新生成',
    addRule: '增加规则', take: '导出表格', imported: '导入线下收款', refunds: '退款', refund: '申请退款', approve: '批准退款', payOut: '登记已支付', takeBack: '撤回申请',
    bills: '对账', differences: '对账差异', match: '核对', settle: '写明结果',
    otherReason: '其他原因，见审核说明。', copiesShort: '纸质材料的份数不足。请补寄。',
    receipts: '导入收件登记', checkIn: '登记 1 件', all: '选择列出的全部', remind: '短信提醒', dry: '试运行', doOne: '执行 1 项', close: '关闭',
    restoreMany: '恢复', restore: '恢复申报', voidMany: '作废所选', voided: '已作废', resend: '重新发送', resendAll: /重新发送列出的/,
  },
  en: {
    nobodyGets: 'No SMS provider is set up', whole: 'Enter a whole number, 0 or more, without a unit.', subjectEnds: /^理论知识考试 · Ends: /,
    overview: 'Overview', applications: 'Applications', plans: 'Plans', members: 'Staff', profile: 'The centre', messages: 'Messages',
    erasures: 'Requests to erase', audit: 'Audit log',
    orders: 'Payments', papers: 'Papers desk', reviewing: /under review/, make: 'New plan', makeGo: 'Make the draft', name: 'Name', code: 'Code',
    occupation: 'Occupation and level', save: 'Save',
    publish: 'Publish', clone: 'Clone', preview: 'Preview as candidate', addRoom: 'Add a room', offline: 'at the desk',
    invite: 'Invite', login: 'Login', person: 'Name',
    cashier: 'Cashier', disable: 'Disable', change: 'Change', registrar: 'Registrar', confirm: 'Confirm payment',
    receipt: 'Receipt number',
    allPass: 'All in order', receive: 'Check in', void: 'Void', open: 'Open the tickets', paperwork: 'Papers and tickets',
    book: 'Make the PDFs', bookAgain: 'Make them anew',
    addRule: 'Add a rule', take: 'Take as a spreadsheet', imported: 'Take in a table of payments', refunds: 'Refunds',
    refund: 'Ask for a refund', approve: 'Approve', payOut: 'Paid out', takeBack: 'Take back', bills: 'Trade bills', differences: 'Differences', match: 'Match',
    settle: 'Settle', otherReason: 'Another reason: see the note.', copiesShort: 'Fewer copies arrived than are asked for. Post the rest.',
    receipts: 'Take in a table of receipts', checkIn: 'Check in: 1', all: 'Choose all that are listed', remind: 'Remind by SMS',
    dry: 'Dry run', doOne: 'Do these: 1', close: 'Close',
  },
};
const ways = [
  { viewport: desk, language: 'zh-CN', slug: 'haidian', first: 601 },
  { viewport: phone, language: 'en', slug: 'shijingshan', first: 651 },
];

// Nobody is asked here: what WeChat Pay says comes as a bill that somebody has downloaded.
const wechat = new Wechat();
function configure(slug) {
  const file = join(deployment.data, 'account.json');
  const { hosts: _hosts, ...account } = wechat.account();
  writeFileSync(file, JSON.stringify(account));
  kaowu(['payments', 'configure', slug, file, '--data', deployment.data]);
  rmSync(file);
}

const offices = {};
let deployment, browser;
before(async () => {
  deployment = await Deployment.make({ tenants: ways.map(({ slug }) => slug) });
  for (const { slug } of ways) configure(slug);
  await deployment.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

// Somebody of the staff, signed in in a browser of their own with the session that they have.
async function at(office, login, { viewport, language, slug }) {
  const visitor = await Visitor.make(browser, deployment, slug, { viewport, language });
  const { page } = visitor;
  await visitor.goto('staff/sign-in');
  const form = page.locator('form');
  await form.getByLabel(desks.say(visitor).login).fill(login);
  await form.getByLabel(desks.say(visitor).password).fill(office[login].password);
  await form.getByRole('button', { name: desks.say(visitor).signIn }).click();
  await page.getByRole('button', { name: desks.say(visitor).signOut }).waitFor();
  const w = words[language];
  const go = async (name) => {
    await page.locator('.menu').getByRole('link', { name: w[name], exact: true }).click();
    await page.getByRole('heading', { level: 1, name: w[name], exact: true }).waitFor();
    await visitor.settled();
  };
  return { visitor, page, w, go, dialog: page.locator('dialog') };
}

// One waits for review, one is to pay, one has paid and posted: each tells the desks something to do.
async function scene(office, { slug, first }) {
  const people = {};
  for (const [i, what] of ['waiting', 'unpaid', 'paid'].entries()) {
    const client = people[what] = new Client(deployment, slug);
    await candidate.apply(client, first + i, `138000${first}0${i}`, { name: `示例${'甲乙丙'[i]}` });
    if (i > 0) await staff.approve(office.reviewer1, client.application);
  }
  await people.unpaid.post(`/applications/${people.unpaid.application}/orders`, { provider: 'offline' }, { expect: 201 });
  await staff.payOffline(people.paid, office.cashier, `R-${first}`);
  await people.paid.put(`/applications/${people.paid.application}/papers`, { courier: '示例速递', courier_number: `SF${first}00` }, { expect: 200 });
  await people.waiting.put('/account/erasure', undefined, { expect: 200 });
  return people;
}

const field = (page, pointer) => page.locator(`#field${pointer.replaceAll('/', '-')}`);

async function makesPlan({ visitor, page, w, go, dialog }, code) {
  await go('plans');
  await visitor.look('office-plans');
  await page.getByRole('button', { name: w.make }).click();
  await dialog.getByLabel(w.occupation).selectOption({ index: 1 });
  await dialog.getByLabel(w.name).fill('2027年第1批认定（示例）');
  await dialog.getByLabel(w.code).fill(code);
  await visitor.look('office-plan-make');
  await dialog.getByRole('button', { name: w.makeGo }).click();
  await page.locator('aside li').first().waitFor();
  await visitor.look('office-plan-draft');
  assert.ok((await page.locator('aside li').count()) >= 5);

  await field(page, '/fee_fen').fill('500.00');
  await page.reload();
  await field(page, '/fee_fen').waitFor();
  assert.equal(await field(page, '/fee_fen').inputValue(), '500.00', 'what is typed outlives a reload');
  const moments = { '/apply/from': '2026-11-20T09:00', '/apply/until': '2027-01-10T17:00', '/pay_until': '2027-01-12T17:00',
    '/papers_until': '2027-01-15T17:00' };
  for (const [pointer, moment] of Object.entries(moments)) await field(page, pointer).fill(moment);
  await field(page, '/payment').getByText(w.offline).click();
  await field(page, '/exam/venue').fill('示例考点');
  await field(page, '/exam/address').fill('北京市示例路1号');
  for (let i = 0; (await field(page, `/exam/subjects/${i}/from`).count()) > 0; i++) {
    await field(page, `/exam/subjects/${i}/from`).fill(`2027-02-0${1 + i}T09:00`);
    if (i > 0) await field(page, `/exam/subjects/${i}/until`).fill(`2027-02-0${1 + i}T10:30`);
  }
  for (const [pointer, digits] of [['/places', '-3'], ['/exam/late_minutes', '999']]) await field(page, pointer).pressSequentially(digits);
  await page.getByRole('button', { name: w.save, exact: true }).click();
  await page.locator('.field.wrong').getByText(w.whole).waitFor(); // of places only: of the minutes two digits were taken
  assert.deepEqual([await page.locator('.field.wrong').count(), await field(page, '/exam/late_minutes').inputValue()], [1, '99']);
  await field(page, '/places').fill('10');
  await field(page, '/exam/late_minutes').fill('');
  await page.getByRole('button', { name: w.save, exact: true }).click();
  await page.locator('aside').getByRole('link', { name: w.subjectEnds }).click(); // which of the subjects, and which end of it
  assert.equal(await page.evaluate(() => document.activeElement.id), 'field-exam-subjects-0-until');
  await visitor.look('office-plan-lacks');
  await field(page, '/exam/subjects/0/until').fill('2027-02-01T10:30');
  // On a thin line, where somebody goes on typing before the answer to what was saved has come.
  const save = page.getByRole('button', { name: w.save, exact: true });
  await meanwhile(page, 'PUT', () => save.click(), async () => {
    await page.getByRole('button', { name: w.addRoom }).click();
    await field(page, '/exam/rooms/0/name').fill('第一考场');
  });
  await page.locator('form button[type=submit]:enabled').waitFor();
  await page.reload();
  await page.locator('aside').getByRole('link').first().click(); // leads to what the server lacks: the rooms
  assert.equal(await field(page, '/exam/rooms/0/name').inputValue(), '第一考场', 'what was typed meanwhile outlives answer and reload');
  await save.click();
  await page.locator('aside .note.good').waitFor();
  await visitor.look('office-plan-complete');
  await page.getByRole('link', { name: w.preview }).click();
  await page.locator('.sheet h2').first().waitFor();
  await visitor.look('office-plan-preview');
  await page.goBack();
  await page.locator('aside').getByRole('button', { name: w.publish, exact: true }).click();
  await page.locator('aside .tag.good').waitFor();
  await visitor.look('office-plan-published');
  await page.locator('aside').getByRole('button', { name: w.clone, exact: true }).click();
  await dialog.getByLabel(w.code).fill(`${code}-again`);
  await dialog.getByRole('button', { name: w.clone, exact: true }).click();
  await page.locator('aside .tag.warn').waitFor();
}

async function keepsStaff({ visitor, page, w, go, dialog }, { viewport, language, slug }) {
  await go('members');
  await page.getByRole('button', { name: w.invite, exact: true }).click();
  await dialog.getByLabel(w.person, { exact: false }).first().fill('示例新人');
  await dialog.getByLabel(w.login).fill('cashier');
  await dialog.getByLabel(w.cashier).check();
  await dialog.getByRole('button', { name: w.invite, exact: true }).click();
  await dialog.locator('.fault').waitFor();
  await visitor.look('office-member-refused');
  await dialog.getByLabel(w.login).fill('newcomer');
  await dialog.getByRole('button', { name: w.invite, exact: true }).click();
  const link = await page.locator('.secret').innerText();
  await visitor.look('office-member-link');

  const newcomer = await Visitor.make(browser, deployment, slug, { viewport, language });
  await newcomer.page.goto(link);
  await newcomer.page.getByLabel(desks.say(newcomer).newPassword).fill(desks.password);
  await newcomer.page.getByRole('button', { name: desks.say(newcomer).accept }).click();
  await newcomer.page.locator('.menu').getByRole('link', { name: w.orders, exact: true }).waitFor();
  await newcomer.page.goto(newcomer.base + 'staff/members');
  await newcomer.page.locator('main').waitFor();
  assert.equal(await newcomer.page.locator('.rows').count(), 0, 'another role\'s page does not open');
  await newcomer.close();

  await page.reload();
  const row = page.locator('tbody tr').filter({ hasText: 'newcomer' });
  await row.getByRole('button', { name: w.change }).click();
  await dialog.getByLabel(w.registrar).check();
  await dialog.getByRole('button', { name: w.save }).click();
  await row.getByText(w.registrar).waitFor();
  await row.getByRole('button', { name: w.disable }).click();
  await dialog.getByRole('button', { name: w.disable }).click();
  await row.locator('.tag.bad').waitFor();
  const self = page.locator('tbody tr').filter({ has: page.getByRole('button', { name: `${w.disable} admin` }) });
  await self.getByRole('button', { name: w.disable }).click();
  await dialog.getByRole('button', { name: w.disable }).click();
  await dialog.getByRole('alert').waitFor();
  await visitor.look('office-member-last');
  await page.keyboard.press('Escape');
}

async function keepsProfile({ visitor, page, w, go }) {
  await go('profile');
  await field(page, '/address/line').fill('北京市示例区示例路3号（东门）');
  const offline = '现场：考务中心101缴费窗口\n工作日 9:00 至 16:00';
  await field(page, '/offline_payment').fill(offline);
  await page.getByRole('button', { name: w.addRule }).click();
  const last = (await page.locator('fieldset.row').count()) - 1;
  await field(page, `/overlays/${last}/name`).fill('示例职业');
  await field(page, `/overlays/${last}/from`).fill('2026-12-01');
  await field(page, `/overlays/${last}/until`).fill('2026-11-01');
  await field(page, `/overlays/${last}/reason`).fill('示例：按区鉴定中心意见。');
  await page.getByRole('button', { name: w.save, exact: true }).click();
  await page.locator('.note.bad').waitFor();
  await visitor.look('office-profile-refused');
  await field(page, `/overlays/${last}/until`).fill('2026-12-31');
  const save = page.getByRole('button', { name: w.save, exact: true });
  await meanwhile(page, 'PUT', () => save.click(), () => field(page, '/contact/name').fill('示例丁'));
  await page.locator('.buttons .hint').waitFor();
  assert.equal(await field(page, '/contact/name').inputValue(), '示例丁', 'what was typed meanwhile stays');
  await page.locator('.menu').getByRole('link', { name: w.overview, exact: true }).click();
  await page.locator('figure.chart').waitFor();
  await go('profile');
  await page.reload();
  await field(page, '/contact/name').waitFor();
  assert.equal(await field(page, '/contact/name').inputValue(), '示例丁', 'what was typed and not saved is kept');
  await save.click();
  await page.locator('.note.good').waitFor();
  assert.ok(await inView(page.locator('.note.good')), 'what came of it is said where it was asked for');
  await page.reload();
  await field(page, '/offline_payment').waitFor();
  assert.equal(await field(page, '/offline_payment').inputValue(), offline);
  await visitor.look('office-profile');
}

// What was typed stays, and so does what somebody else has changed meanwhile.
async function keepsProfileBesideAnother({ visitor, page, w }, office) {
  const profile = async () => (await office.admin.get('/admin/profile', { expect: 200 })).body;
  const save = page.getByRole('button', { name: w.save, exact: true });
  await field(page, '/contact/name').fill('示例己');
  const { version, name, short_name, address, contact, offline_payment, rules, ticket_notes, overlays } = await profile();
  const other = { name, short_name, address: { ...address, line: '北京市示例区示例路4号' }, contact, offline_payment, rules, ticket_notes, overlays };
  await office.admin.put('/admin/profile', other, { version, expect: 200 });
  await save.click();
  await page.locator('.note.bad').waitFor();
  await page.reload();
  await page.locator('.note.warn').waitFor();
  await visitor.look('office-profile-older');
  await save.click();
  await page.locator('.note.good').waitFor();
  assert.equal(await page.locator('.note.warn').count(), 0);
  const { contact: { name: person }, address: { line } } = await profile();
  assert.deepEqual([person, line], ['示例己', '北京市示例区示例路4号']);
}

const inView = (locator) => locator.evaluate((element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= window.innerHeight;
});

// Who has nothing to do is told of, and hinders nobody; and nothing is sent before it is said so.
async function remindsMany({ visitor, page, w, dialog }) {
  await page.getByRole('searchbox').fill('示例');
  await page.getByRole('searchbox').press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 3);
  for (const box of await page.locator('tbody input[type=checkbox]').all()) await box.check();
  await page.getByRole('button', { name: w.remind }).click();
  await dialog.getByRole('button', { name: w.dry }).click();
  await dialog.getByRole('button', { name: w.doOne }).waitFor();
  await amount(dialog.locator('tbody .tag.bad'), 2); // one is under review, and one has posted the papers
  await visitor.look('office-many-would');
  await dialog.getByRole('button', { name: w.doOne }).click();
  await dialog.locator('.note.good').waitFor(); // each has been done
  await amount(dialog.locator('tbody .tag.good'), 1);
  await visitor.look('office-many-did');
  await dialog.getByRole('button', { name: w.close }).click();
  await visitor.settled();
}

async function administers(office, people, way) {
  const own = await at(office, 'admin', way);
  const { visitor, page, w, go, dialog } = own;
  await go('overview');
  await page.locator('figure.chart summary').click();
  assert.deepEqual(await page.locator('figure.chart tbody tr').last().locator('td').allInnerTexts(), ['3', '2', '0']);
  await visitor.look('office-overview');
  await page.locator('.figures').getByRole('link', { name: w.reviewing }).click();
  await page.locator('.rows').waitFor();
  await amount(page.locator('tbody tr'), 1);
  await visitor.look('office-applications-reviewing');
  await page.goBack();
  await go('applications');
  await field(page, '/search').fill(people.paid.number);
  await field(page, '/search').press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await page.reload();
  await page.locator('tbody tr').getByText('示例丙').waitFor();
  await visitor.look('office-applications');
  await remindsMany(own);
  await page.getByRole('button', { name: w.take }).click();
  await dialog.locator('input[type=radio]').nth(1).check();
  await dialog.locator('input[type=text], input:not([type])').fill('示例：报送考生名册');
  await visitor.look('office-take');
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: w.take }).click()]);
  assert.equal(download.suggestedFilename(), 'applications.xlsx');
  await page.locator('tbody').getByRole('button', { name: w.void }).first().click();
  await visitor.look('office-void');
  await page.keyboard.press('Escape');
  await makesPlan(own, `2027-${way.first}`);
  await keepsStaff(own, way);
  await keepsProfile(own);
  await keepsProfileBesideAnother(own, office);
  await go('messages');
  await page.getByText(w.nobodyGets).waitFor();
  await visitor.look('office-messages');
  await go('erasures');
  await visitor.look('office-erasures');
  assert.ok(await page.locator('.filter .choice').evaluate((label) => {
    const words = document.createRange();
    words.selectNodeContents(label.lastChild);
    return label.querySelector('input').getBoundingClientRect().right <= words.getBoundingClientRect().left;
  }), 'a box stands beside its words');
  await approvesRefund(own);
  assert.equal(await dialog.count(), 0);
  await visitor.close();
}

// A refusal for which no field stands.
const refusesElsewhere = (page, where) => page.route(where, (route) => route.fulfill({
  status: 422, contentType: 'application/problem+json',
  json: { code: 'request.invalid', detail: 'refused', errors: [{ pointer: '/elsewhere', code: 'schema.type', detail: 'of no field' }] },
}), { times: 1 });

async function takesMoney({ visitor, page, w, go, dialog }, office, people, way) {
  await go('orders');
  const all = await page.locator('tbody tr').count();
  assert.ok(all > 1);
  await page.getByRole('searchbox').fill(people.unpaid.number);
  await page.getByRole('searchbox').press('Enter');
  await amount(page.locator('tbody tr'), 1);
  await visitor.look('office-orders-found');
  await page.getByRole('searchbox').fill('');
  await page.getByRole('searchbox').press('Enter');
  await amount(page.locator('tbody tr'), all);
  await visitor.look('office-orders');
  await page.getByRole('link', { name: w.imported }).click();
  const [open] = (await office.cashier.get('/cashier/orders?state=open', { expect: 200 })).body.orders;
  const table = (rows) => ({ name: 'payments.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) });
  await page.locator('input[type=file]').setInputFiles(table(['order,receipt,yuan', '', `${open.number},R-1,much`]));
  await page.locator('.fault').getByText('3').waitFor();
  await page.locator('input[type=file]').setInputFiles(
    table(['order,receipt,yuan', ',,', `${open.number},"R-${way.first}, 3",680.01`, `${open.number}x,R-4,680`]));
  await page.locator('tbody tr').nth(1).waitFor();
  await amount(page.locator('tbody .tag.bad'), 2);
  assert.deepEqual(await page.locator('tbody tr > td:first-child').allInnerTexts(), ['3', '4'], 'as the spreadsheet counts');
  await visitor.look('office-payments');
  const receipt = '00012345678901234567';
  await page.locator('input[type=file]').setInputFiles(sheet('long.xlsx', [['order', 'receipt', 'yuan'], [open.number, number('12345678901234567'), '680']]));
  await page.locator('.fault').getByText('15').waitFor();
  await visitor.look('office-payments-long');
  const far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>';
  await page.locator('input[type=file]').setInputFiles(sheet('far.xlsx', [['order', 'receipt', 'yuan']], far));
  await page.locator('.fault').getByText(/太大|too large/).waitFor();
  await page.locator('input[type=file]').setInputFiles(sheet('payments.xlsx',
    [['order', 'receipt', 'yuan'], [open.number, receipt, number('680.00000000000011')]]));
  await page.locator('tbody').getByText(receipt, { exact: true }).waitFor();
  await amount(page.locator('tbody .tag.good'), 1);
  await visitor.look('office-payments-xlsx');
  await page.goBack();
  await page.getByRole('button', { name: w.confirm }).first().click();
  await dialog.getByLabel(w.receipt).fill(`R-${way.first}-2`);
  await visitor.look('office-order-confirm');
  await refusesElsewhere(page, '**/confirmation');
  await dialog.getByRole('button', { name: w.confirm }).click();
  await dialog.getByText('of no field').waitFor();
  await dialog.getByRole('button', { name: w.confirm }).click();
  await page.getByText(`R-${way.first}-2`).waitFor();
  await page.waitForFunction(() => document.activeElement !== document.body);
  assert.equal((await people.unpaid.get(`/applications/${people.unpaid.application}`, { expect: 200 })).body.status, 'awaiting_papers');
}

// Some of the fee back: asked for here, approved there, paid out here.
async function asksRefund({ visitor, page, w, dialog }, people) {
  await page.locator('tbody tr').filter({ hasText: people.paid.number }).getByRole('button', { name: w.refund }).click();
  await field(dialog, '/amount_fen').fill('680.01');
  await field(dialog, '/reason').fill('示例：多收的费用退还');
  await dialog.getByRole('button', { name: w.refund }).click();
  await dialog.locator('.fault').waitFor();
  await field(dialog, '/amount_fen').fill('80');
  await visitor.look('office-refund-ask');
  await dialog.getByRole('button', { name: w.refund }).click();
  await page.locator('.note.good').waitFor();
}

// Asked for by mistake, and not for the last time.
async function takesBack({ visitor, page, w, go, dialog }) {
  await go('refunds');
  await page.locator('tbody').getByRole('button', { name: w.takeBack }).click();
  await field(dialog, '/reason').fill('示例：看错了金额');
  await visitor.look('office-refund-take-back');
  await dialog.getByRole('button', { name: w.takeBack }).click();
  await page.locator('tbody').getByText('示例：看错了金额').waitFor();
  await page.locator('tbody .tag').getByText(/^(申请人已撤回|taken back by who asked)$/).waitFor();
  assert.equal(await page.locator('tbody button').count(), 0);
  await go('orders');
}

async function approvesRefund({ visitor, page, w, go, dialog }) {
  await go('refunds');
  await visitor.look('office-refunds');
  await page.locator('tbody').getByRole('button', { name: w.approve }).click();
  await visitor.look('office-refund-approve');
  await dialog.getByRole('button', { name: w.approve }).click();
  await page.locator('tbody button').first().waitFor({ state: 'detached' });
}

async function paysOut({ visitor, page, w, go, dialog }, office, people) {
  await go('refunds');
  await page.locator('tbody').getByRole('button', { name: w.payOut }).click();
  await field(dialog, '/receipt_number').fill('示例-付-1');
  await dialog.getByRole('button', { name: w.payOut }).click();
  await page.locator('tbody .tag.good').waitFor();
  const { orders } = (await office.cashier.get('/cashier/orders', { expect: 200 })).body;
  assert.equal(orders.find(({ application_number: number }) => number === people.paid.number).balance_fen, 60000);
  // What came, what went, what is left; but not what a provider's QR code says.
  await page.route(/\/cashier\/orders(\?|$)/, async (route) => {
    const found = await (await route.fetch()).json();
    for (const { events } of found.orders) events.splice(1, 0, { ...events[0], kind: 'placed', reference: 'weixin://wxpay/example' });
    await route.fulfill({ json: found });
  }, { times: 1 });
  await go('orders');
  const row = page.locator('tbody tr').filter({ hasText: people.paid.number });
  await row.getByText('示例-付-1').waitFor();
  for (const text of ['¥680.00', '¥80.00', '¥600.00']) assert.ok((await row.innerText()).includes(text), text);
  assert.equal(await page.getByText('weixin').count(), 0);
  await visitor.look('office-orders-refunded');
}

// A day's bill has a payment that nobody here knows.
async function closesDay({ visitor, page, w, go, dialog }, office, { first }) {
  const day = '2026-11-22';
  const number = `KW20261122${first}`;
  const paid = { state: 'SUCCESS', paidAt: Date.parse(`${day}T12:00:00+08:00`), transactionId: `4200000${first}` };
  wechat.orders.set(number, { number, total: 68000, description: '示例', ...paid });
  const bill = { name: 'bill.csv', mimeType: 'text/csv', buffer: Buffer.from(wechat.bill(day)) };
  wechat.orders.clear();
  await go('bills');
  await field(page, '/day').fill('2026-12-01');
  await field(page, '/file').setInputFiles(bill);
  await page.getByRole('button', { name: w.match }).click();
  await page.getByRole('alert').waitFor();
  await visitor.look('office-bills-refused');
  await field(page, '/day').fill(day);
  await page.getByRole('button', { name: w.match }).click();
  await page.locator('.note.warn').waitFor();
  await visitor.look('office-bills');
  await page.locator('main').getByRole('link').first().click();
  await page.locator('.sheet').getByText('¥680.00').waitFor();
  await visitor.look('office-differences');
  await page.locator('.sheet').getByRole('button', { name: w.settle }).click();
  await field(dialog, '/note').fill('示例：不是本系统的订单，已退款');
  await dialog.getByRole('button', { name: w.settle }).click();
  await page.locator('.sheet').waitFor({ state: 'detached' });
  await field(page, '/state').selectOption('');
  await page.locator('.sheet .note.good').waitFor();
  await visitor.look('office-differences-settled');
  assert.deepEqual((await office.cashier.get('/cashier/differences?state=open', { expect: 200 })).body.differences, []);
}

// A book without two of its tickets, as http/way makes one.
async function lookAtMissing({ visitor, page }) {
  const said = JSON.parse(readFileSync(join(root, 'schemas/messages/ticket.json'), 'utf8'))['ticket.portrait'];
  const text = said[visitor.language === 'en' ? 'en' : 'zh'];
  const missing = ['0001', '0002'].map((end) => ({ number: `20261123${end}`, application_number: `20261100000${end}`, text }));
  await page.route('**/ticket-book', async (route) => {
    const book = await (await route.fetch()).json();
    await route.fulfill({ json: { ...book, missing: missing.length, missing_tickets: missing } });
  }, { times: 1 });
  await page.reload();
  await amount(page.locator('.missing li'), missing.length);
  await visitor.look('office-ticket-book-missing');
}

// The scanner types digits and presses Enter.
async function receivesPapers(office, people, way) {
  const { visitor, page, w, go, dialog } = await at(office, 'registrar', way);
  await go('papers');
  await page.keyboard.insertText(people.waiting.number.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)));
  await page.keyboard.press('Enter');
  await page.locator('.sheet .note.warn').waitFor(); // not approved yet, whereupon nothing can be checked in
  await visitor.look('office-papers-not-now');
  await page.keyboard.type(people.paid.number);
  await page.keyboard.press('Enter');
  await page.locator('fieldset.row').first().waitFor();
  const first = page.locator('fieldset.row').first();
  await first.locator('input[type=radio]').nth(1).check();
  await first.getByLabel(w.otherReason).check();
  assert.equal(await page.getByRole('button', { name: w.receive }).isEnabled(), false); // it needs a note
  await first.getByLabel(w.otherReason).uncheck();
  await first.getByLabel(w.copiesShort).check();
  for (const rest of (await page.locator('fieldset.row').all()).slice(1)) await rest.locator('input[type=radio]').first().check();
  await visitor.look('office-papers-check');
  await page.getByRole('button', { name: w.receive }).click();
  await page.locator('.note.good').waitFor();
  await page.keyboard.type(people.unpaid.number);
  await page.keyboard.press('Enter');
  await page.locator('h2').getByText(people.unpaid.number).waitFor();
  await page.getByRole('button', { name: w.allPass }).click();
  await page.getByRole('button', { name: w.receive }).click();
  await page.locator('.tag.good').first().waitFor();
  await visitor.look('office-papers-done');
  await page.keyboard.type('260003999999');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await visitor.look('office-papers-unknown');
  await importsReceipts({ visitor, page, w, go }, people);
  await go('plans');
  const plan = (await people.paid.get(`/applications/${people.paid.application}`, { expect: 200 })).body.plan_name;
  await page.locator('tbody tr').filter({ hasText: plan }).getByRole('link', { name: w.paperwork }).click();
  await page.getByRole('heading', { level: 1, name: w.paperwork }).waitFor();
  await page.locator('main > p').getByText(plan).waitFor();
  await page.getByRole('button', { name: w.open }).click();
  await dialog.locator('tbody tr').nth(1).waitFor();
  await dialog.getByText(plan).waitFor();
  await visitor.look('office-tickets-would');
  await dialog.getByRole('button', { name: w.open }).click();
  await page.locator('.note.good').waitFor();
  await amount(page.locator('.sheet tbody tr'), 2);
  await visitor.look('office-plan-papers');
  await page.getByRole('button', { name: w.open }).click();
  await page.locator('.sheet .note.warn').waitFor(); // there is nobody else, and nothing to confirm
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await visitor.look('office-tickets-nobody');
  await page.getByRole('button', { name: w.book }).click();
  const part = page.locator('.parts a');
  await part.waitFor();
  await page.getByRole('button', { name: w.bookAgain }).waitFor();
  const [fetched] = await Promise.all([page.waitForEvent('download'), part.click()]);
  assert.match(readFileSync(await fetched.path(), 'latin1'), /^%PDF-/);
  await visitor.look('office-ticket-book');
  await lookAtMissing({ visitor, page });
  assert.equal((await people.unpaid.get(`/applications/${people.unpaid.application}`, { expect: 200 })).body.status, 'ticketed');
  await visitor.close();
}

// What had failed at the desk has come again; a number that there is not is told of.
async function importsReceipts({ visitor, page, w, go }, people) {
  await go('papers');
  await page.getByRole('link', { name: w.receipts }).click();
  const rows = [['number', 'paper', 'copies', 'outcome'], [people.paid.number, '', '', '合格'], ['260003999999', '', '', '合格']];
  await page.locator('input[type=file]').setInputFiles(sheet('receipts.xlsx', rows));
  await page.getByRole('button', { name: w.checkIn }).waitFor();
  await amount(page.locator('tbody .tag.bad'), 1);
  await visitor.look('office-receipts-would');
  await page.getByRole('button', { name: w.checkIn }).click();
  await page.locator('.note.good').waitFor();
  await amount(page.locator('tbody .tag.good'), 1);
  await visitor.look('office-receipts-did');
  assert.equal((await people.paid.get(`/applications/${people.paid.application}`, { expect: 200 })).body.status, 'awaiting_ticket');
}

async function audits(office, people, way) {
  const { visitor, page, go } = await at(office, 'auditor', way);
  await go('overview');
  assert.equal(await page.locator('.figures a').count(), 0, 'an auditor sees numbers and nobody behind them');
  await go('audit');
  await visitor.look('office-audit');
  await page.locator('tbody .bare').first().click();
  await page.waitForURL(/subject=/);
  await visitor.settled();
  await page.locator('input[type=search]').fill(people.paid.number);
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`subject=${people.paid.number}`));
  await visitor.settled();
  const subjects = await page.locator('tbody .bare').allTextContents();
  assert.ok(subjects.length > 0 && subjects.every((each) => each === people.paid.number), String(subjects));
  await visitor.look('office-audit-of-one');
  await visitor.close();
}

for (const way of ways)
  test(`the office's whole way at ${way.viewport.width} in ${way.language}`, async () => {
    const office = offices[way.slug] = await staff.office(deployment, way.slug);
    const people = await scene(office, way);
    const cashier = await at(office, 'cashier', way);
    await takesMoney(cashier, office, people, way);
    await asksRefund(cashier, people);
    await takesBack(cashier);
    await asksRefund(cashier, people);
    await closesDay(cashier, office, way);
    await administers(office, people, way);
    await paysOut(cashier, office, people);
    await cashier.visitor.close();
    await receivesPapers(office, people, way);
    await audits(office, people, way);
  });

// ---- A month later ----

// As if the gateway had refused them for good: no provider is there to do so.
const killMessages = (slug, event) => execFileSync('python3', ['-c', `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE outbox SET state = 'dead', last_error = 'outbox.refused' WHERE event = ?", (sys.argv[2],))
db.commit()
`, join(deployment.data, 'tenants', slug, 'tenant.db'), event]);

async function restores(office, clients, way) {
  const { visitor, page, w, go, dialog } = await at(office, 'registrar', way);
  await visitor.goto('staff/applications?status=forfeited');
  await page.locator('tbody tr').waitFor();
  await page.locator('thead input[type=checkbox]').check();
  await page.getByRole('button', { name: w.restoreMany, exact: true }).click();
  await field(dialog, '/reason').fill('示例：快递延误，已核实');
  await dialog.getByRole('button', { name: w.dry }).click();
  await dialog.getByRole('button', { name: w.doOne }).waitFor();
  await visitor.look('office-restore-would');
  assert.equal(await stateOf(clients.forfeited), 'forfeited');
  await dialog.getByRole('button', { name: w.doOne }).click();
  await dialog.getByRole('button', { name: w.close }).click();
  await page.locator('.nothing').waitFor();
  assert.equal(await stateOf(clients.forfeited), 'approved');
  await go('papers');
  await page.keyboard.type(clients.expired.number);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: w.restore }).click();
  await field(dialog, '/reason').fill('示例：转账延误，已核实');
  await dialog.getByRole('button', { name: w.restore }).click();
  await page.locator('fieldset.row').first().waitFor();
  await visitor.look('office-restored');
  assert.equal(await stateOf(clients.expired), 'approved');
  await visitor.close();
}

// One has been voided meanwhile, which hinders the other no more than a trial does.
async function voidsMany({ visitor, page, w, dialog }, office, clients) {
  const reason = '示例：经核实材料不实';
  const { admin } = office;
  await admin.comeBack();
  await admin.post(`/admin/applications/${clients.expired.number}/void`, { reason }, { expect: 200 });
  await visitor.goto('staff/applications');
  for (const { number } of Object.values(clients))
    await page.locator('tbody tr').filter({ hasText: number }).locator('input[type=checkbox]').check();
  await page.getByRole('button', { name: w.voidMany, exact: true }).click();
  await field(dialog, '/reason').fill(reason);
  await dialog.getByRole('button', { name: w.dry }).click();
  await dialog.getByRole('button', { name: w.doOne }).waitFor();
  await amount(dialog.locator('tbody .tag.bad'), 1);
  await visitor.look('office-void-would');
  assert.equal(await stateOf(clients.forfeited), 'approved');
  await dialog.getByRole('button', { name: w.doOne }).click();
  await dialog.locator('.note.good').waitFor();
  await visitor.look('office-void-did');
  await dialog.getByRole('button', { name: w.close }).click();
  await page.locator('tbody tr').filter({ hasText: clients.forfeited.number }).getByText(w.voided, { exact: true }).waitFor();
  const { state, void_reason: why } = (await clients.forfeited.get(`/applications/${clients.forfeited.application}`, { expect: 200 })).body;
  assert.deepEqual([state, why], ['voided', reason]);
  await page.getByRole('link', { name: clients.forfeited.number, exact: true }).click();
  await page.locator('.facts').getByText(reason).waitFor();
  await visitor.look('office-application');
}

async function resends(office, way, clients) {
  const own = await at(office, 'admin', way);
  const { visitor, page, w } = own;
  await visitor.goto('staff/messages?state=dead');
  await page.locator('tbody tr').nth(1).waitFor();
  const dead = await page.locator('tbody tr').count();
  await page.locator('tbody').getByRole('button', { name: w.resend }).first().click();
  await page.waitForFunction((count) => document.querySelectorAll('tbody tr').length === count, dead - 1);
  await page.getByRole('button', { name: w.resendAll }).click();
  await visitor.page.locator('dialog').getByRole('button', { name: w.dry }).click();
  await page.locator('dialog .note').waitFor();
  await visitor.look('office-resend-would');
  await page.locator('dialog button[type=submit]').click();
  await page.locator('dialog').getByRole('button', { name: w.close }).click();
  await page.locator('.nothing').waitFor();
  await voidsMany(own, office, clients);
  await visitor.close();
}

const stateOf = async (client) => (await client.get(`/applications/${client.application}`, { expect: 200 })).body.state;

test('what was given up is restored, what was not sent is sent again, and what was untrue is voided', async () => {
  const [way] = ways;
  const office = offices[way.slug] ??= await staff.office(deployment, way.slug);
  const clients = {};
  for (const [i, what] of ['forfeited', 'expired'].entries()) {
    const client = clients[what] = new Client(deployment, way.slug);
    await candidate.apply(client, way.first + 10 + i, `138000${way.first}1${i}`, { name: `示例${'丁戊'[i]}` });
    await staff.approve(office.reviewer1, client.application);
  }
  await staff.payOffline(clients.forfeited, office.cashier, `R-${way.first}-9`);
  await deployment.stop();
  killMessages(way.slug, 'approved');
  await deployment.start({ clock: '2026-12-21T09:00:00+08:00' });
  for (const client of Object.values(clients)) await client.signIn();
  await eventually('both deadlines', async () => (await stateOf(clients.forfeited)) === 'forfeited' && (await stateOf(clients.expired)) === 'expired');
  await restores(office, clients, way);
  await resends(office, way, clients);
});
