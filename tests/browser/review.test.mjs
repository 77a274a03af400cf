// The reviewer's whole way in a browser, on a real server, with candidates who hand in and correct beside it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment } from '../http/deployment.mjs';
import { portrait, scan } from '../http/pictures.mjs';
import * as staff from '../http/staff.mjs';
import { amount, desk, launch, phone, Visitor } from './browser.mjs';
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

let people = 0;
async function applicant(name, options = {}) {
  people++;
  const client = new Client(deployment, slug);
  await candidate.apply(client, 600 + people, `1380000${6000 + people}`, { name, ...options });
  return client;
}

async function reviewer(login = 'reviewer1', options = { viewport: desk, language: 'zh-CN' }) {
  const visitor = await Visitor.make(browser, deployment, slug, options);
  await visitor.goto('staff/review');
  await desks.signIn(visitor, login, office[login].password);
  await visitor.page.getByRole('heading', { level: 1, name: desks.say(visitor).queue }).waitFor();
  return visitor;
}

// The page as it is after a reload, and after leaving it and coming back.
async function again(visitor, name) {
  const { page } = visitor;
  await visitor.settled();
  const title = await page.locator('h1').innerText();
  const there = () => page.waitForFunction((wanted) => document.querySelector('h1')?.innerText === wanted, title);
  await page.reload();
  await there();
  const address = page.url();
  await visitor.goto('staff/nowhere');
  await page.goBack();
  await page.waitForURL(address);
  await there();
  await visitor.look(name);
}

const caseOf = async (client) => (await office.reviewer1.get(`/review/applications/${client.application}`, { expect: 200 })).body;

for (const { viewport, language, names } of [
  { viewport: desk, language: 'zh-CN', names: ['赵示例', '钱示例'] }, { viewport: phone, language: 'en', names: ['孙示例', '李示例'] },
])
  test(`a case in two rounds at ${viewport.width} in ${language}`, async () => {
    const client = await applicant(names[0]);
    const visitor = await reviewer('reviewer1', { viewport, language });
    const { page } = visitor;
    const w = desks.say(visitor);
    await page.getByRole('link', { name: names[0] }).waitFor();
    await again(visitor, 'review-queue');
    await page.getByText(language === 'en' ? 'by the end of November 25, 2026' : '2026年11月25日（含当日）').first().waitFor(); // as candidates read it

    await desks.openCase(visitor, names[0]);
    await page.locator('.sheet img').first().evaluate((image) => image.decode());
    await again(visitor, 'review-case');
    const { items } = await caseOf(client);
    const at = (item) => desks.card(visitor, items.findIndex((each) => each.item === item));
    await at('material:application_form').locator('.item-head').click();
    await page.locator('.sentence').getByText(/取得本职业或相关职业二级/).waitFor();
    await page.locator('.viewer .el-checkbox').click();
    await page.locator('.picture').nth(1).waitFor();
    await visitor.look('review-side-by-side');
    for (const { item } of items) if (item !== 'material:work_pledge' && item !== 'work') await desks.pass(visitor, at(item));
    await desks.fail(visitor, at('work'), 1, '<b>请写明起止年月</b>');
    await desks.fail(visitor, at('material:work_pledge'), 0);
    await again(visitor, 'review-judged');

    // Taken back in time: nothing has left.
    await page.locator('.bar').getByRole('button', { name: new RegExp(`^${w.send}`) }).click();
    await desks.preview(visitor).locator('.sms').waitFor();
    await visitor.look('review-preview');
    await desks.preview(visitor).getByRole('button', { name: w.reject }).click();
    await page.locator('.bar').getByRole('button', { name: new RegExp(`^${w.undo}`) }).waitFor();
    await visitor.look('review-held');
    await page.locator('.bar').getByRole('button', { name: new RegExp(`^${w.undo}`) }).click();
    await page.waitForTimeout(500);
    assert.equal((await caseOf(client)).state, 'reviewing');

    await desks.send(visitor, 'reject');
    await page.locator('.bar').getByText(w.sent).waitFor();
    await visitor.look('review-sent');
    const decided = await caseOf(client);
    assert.equal(decided.state, 'rejected');
    assert.deepEqual(decided.decisions[0].items.filter(({ outcome }) => outcome === 'fail').map(({ item }) => item).sort(), ['material:work_pledge', 'work']);
    await deployment.message(slug, client.mobile, 'rejected');

    // Corrected, and seen beside what it was.
    client.version = (await client.get(`/applications/${client.application}`, { expect: 200 })).version;
    await candidate.topic(client, 'work', { work: [candidate.period('2020-06', null)] });
    await candidate.upload(client, 'work_pledge', scan({ seed: 9000 + people }));
    await candidate.submit(client);
    await page.getByRole('link', { name: w.back }).click();
    await page.getByRole('heading', { level: 1, name: w.queue }).waitFor();
    await desks.openCase(visitor, names[0]);
    await page.locator('.changes del').first().waitFor();
    await at('material:work_pledge').locator('.item-head').click();
    await amount(page.locator('.panes .picture'), 2);
    for (const picture of await page.locator('.sheet img').all()) await picture.evaluate((image) => image.decode());
    await again(visitor, 'review-second-round');
    await amount(page.locator('.items .item-head .tag.good'), items.length - 2);
    await desks.pass(visitor, at('work'));
    await desks.pass(visitor, at('material:work_pledge'));
    await desks.send(visitor, 'approve');
    await page.locator('.bar').getByRole('button', { name: w.now }).click();
    await page.locator('.bar').getByText(w.sent).waitFor();
    assert.equal((await caseOf(client)).state, 'approved');
    await visitor.close();
  });

test('two reviewers on one case: the second looks on, asks before taking over, and the first is told', async () => {
  const client = await applicant('周示例');
  const first = await reviewer('reviewer1');
  await desks.openCase(first, '周示例');
  await desks.pass(first, desks.card(first, 0));

  const second = await reviewer('reviewer2');
  await second.page.getByRole('row', { name: /周示例/ }).getByText('海淀审核一').waitFor();
  await desks.openCase(second, '周示例');
  await second.page.getByText(/海淀审核一 正在审核这份申报/).waitFor();
  assert.equal(await second.page.locator('.items .verdicts').count(), 0);
  await second.look('review-held-by-another');
  await second.page.keyboard.press('t');
  await second.look('review-take-over');
  await second.page.locator('dialog[open]').getByRole('button', { name: '接手' }).click();
  await second.page.getByText(/由您审核/).waitFor();
  await desks.pass(second, desks.card(second, 1));

  // The first did not know: what is typed now is refused, told, and kept.
  await desks.card(first, 3).locator('.item-head').click();
  await first.page.locator('.item.open').getByRole('button', { name: /^不通过/ }).click();
  await first.page.locator('.item.open .el-checkbox').first().click();
  await first.page.getByRole('alert').getByText(/海淀审核二/).waitFor();
  assert.equal((await caseOf(client)).items[1].outcome, 'pass');
  await first.look('review-taken-over');
  await Promise.all([first.close(), second.close()]);
});

test('what the candidate changes meanwhile is shown, and nothing of it passes unseen', async () => {
  const client = await applicant('吴示例');
  const visitor = await reviewer();
  const { page } = visitor;
  await desks.openCase(visitor, '吴示例');
  await desks.pass(visitor, desks.card(visitor, 0));
  client.version = (await client.get(`/applications/${client.application}`, { expect: 200 })).version;
  await candidate.topic(client, 'details', { ...candidate.details(600 + people, '吴示例'), employer: '示例物流有限公司' });

  await desks.card(visitor, 3).locator('.item-head').click();
  await page.locator('.item.open').getByRole('button', { name: /^通过/ }).click();
  await page.getByRole('alert').getByText(/考生修改了：个人信息/).waitFor();
  await page.getByText('示例物流有限公司').first().waitFor();
  assert.deepEqual((await caseOf(client)).items.map(({ outcome }) => outcome).filter(Boolean), []);
  await visitor.look('review-changed');
  await page.getByRole('button', { name: '知道了' }).click();
  await desks.card(visitor, 3).locator('.item-head').click();
  await page.locator('.item.open').getByRole('button', { name: '保存', exact: true }).click();
  await desks.card(visitor, 3).locator('.tag').filter({ hasText: /^通过$/ }).waitFor();
  await visitor.close();
});

test('a decision on what the candidate has just changed is refused, and says what changed', async () => {
  const client = await applicant('何示例');
  await staff.judge(office.reviewer1, client.application);
  const visitor = await reviewer();
  const { page } = visitor;
  await desks.openCase(visitor, '何示例');
  await desks.send(visitor, 'approve');
  await page.locator('.bar').getByText(/秒后发出/).waitFor();
  client.version = (await client.get(`/applications/${client.application}`, { expect: 200 })).version;
  await candidate.upload(client, 'portrait', portrait({ seed: 4711 }));
  await page.locator('.bar').getByRole('button', { name: '立即发出' }).click();
  await page.locator('.bar').getByRole('alert').getByText(/决定没有发出/).waitFor();
  await page.getByText(/考生修改了：白底个人一寸照片/).waitFor();
  const left = await caseOf(client);
  assert.deepEqual([left.state, left.items.filter(({ outcome }) => !outcome).map(({ item }) => item)], ['reviewing', ['material:portrait']]);
  await visitor.look('review-decision-stale');
  await visitor.close();
});

test('a session that ends in the middle of a note: sign in above it, and what was typed is sent', async () => {
  const client = await applicant('郑示例');
  const visitor = await reviewer();
  const { page } = visitor;
  await desks.openCase(visitor, '郑示例');
  await desks.card(visitor, 3).locator('.item-head').click();
  await page.locator('.item.open').getByRole('button', { name: /^不通过/ }).click();
  await page.locator('.item.open .el-checkbox').first().click();
  await desks.card(visitor, 3).locator('.tag').filter({ hasText: /^不通过$/ }).waitFor();
  await page.evaluate(() => fetch(`${location.pathname.match(/^\/t\/[^/]+/)[0]}/api/v1/session`, { method: 'DELETE' }));
  const note = '请补充 2021 年 3 月以后的工作';
  await page.locator('.item.open').getByLabel('审核说明（考生可见）').fill(note);
  const box = page.getByRole('dialog', { name: '请重新登录' });
  await box.waitFor();
  await visitor.look('staff-sign-in-again');
  await desks.signIn(visitor, 'reviewer1', office.reviewer1.password);
  await box.waitFor({ state: 'detached' });
  await desks.card(visitor, 3).locator('.tag').filter({ hasText: /^不通过$/ }).waitFor();
  assert.equal((await caseOf(client)).items[3].note, note);

  // And what was not yet sent is there after a reload.
  await page.locator('.item.open').getByText('更多原因', { exact: true }).first().click();
  await page.locator('.item.open').getByLabel('审核说明（考生可见）').fill('写到一半');
  await page.reload();
  await page.locator('.item.open').getByLabel('审核说明（考生可见）').waitFor();
  assert.equal(await page.locator('.item.open').getByLabel('审核说明（考生可见）').inputValue(), '写到一半');
  await visitor.close();
});

test('the keyboard alone decides a case, and goes on to the next', async () => {
  const [client, other] = [await applicant('王示例'), await applicant('冯示例')];
  const visitor = await reviewer();
  const { page } = visitor;
  const press = (...all) => all.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  await page.getByRole('link', { name: '王示例' }).focus();
  await press('Enter');
  await page.locator('.desk').waitFor();
  const { items } = await caseOf(client);
  await press('?');
  await visitor.look('review-keys');
  await page.locator('dialog[open] .el-checkbox').focus().catch(() => {});
  await press('Escape', 'r', '+', 'c', 'c', ']', '0');
  assert.match(await page.locator('.picture .number').first().innerText(), /100%/);
  for (let at = 0; at < items.length; at++) {
    if (items[at].item === 'material:portrait') {
      await press('f', '1', 'm');
      await page.keyboard.type('背景不是白色 jkafs?');
      await press('Escape', 'j');
    } else await press('a');
  }
  await page.locator('.bar').getByText('1 项不通过').waitFor();
  await amount(page.locator('.items .tag.good'), items.length - 1);
  await press('s');
  await page.locator('dialog[open] .sms').waitFor();
  await press('Enter');
  await page.locator('.bar').getByText(/秒后发出/).waitFor();
  await press('u', 's');
  await page.locator('dialog[open] .sms').waitFor();
  await press('Enter');
  await page.locator('.bar').getByText(/已发出/).waitFor();
  const decided = await caseOf(client);
  assert.equal(decided.state, 'rejected');
  assert.equal(decided.decisions[0].items.find(({ item }) => item === 'material:portrait').note, '背景不是白色 jkafs?');

  // Switched off, the same keys do nothing but show how to switch them on.
  await press('?');
  await page.locator('dialog[open]').getByText('使用单键操作').click();
  await press('Escape', 'n');
  assert.ok(page.url().includes(client.application));
  await press('?');
  await page.locator('dialog[open]').getByText('使用单键操作').click();
  await press('Escape', 'n');
  await page.waitForURL((url) => !url.pathname.includes(client.application) && url.pathname.includes('/staff/review/'));
  assert.ok(other.application);
  await press('q');
  await page.getByRole('heading', { level: 1, name: '审核队列' }).waitFor();
  await visitor.close();
});

test('a decision held back is asked about before one leaves', async () => {
  const client = await applicant('陈示例');
  await staff.judge(office.reviewer1, client.application);
  const visitor = await reviewer();
  const { page } = visitor;
  await desks.openCase(visitor, '陈示例');
  await desks.send(visitor, 'approve');
  await page.goBack();
  const box = page.getByRole('dialog', { name: '决定还没有发出' });
  await visitor.look('review-leave');
  await box.getByRole('button', { name: '留在这里' }).click();
  assert.match(page.url(), new RegExp(client.application));
  await page.getByRole('link', { name: '返回队列' }).click();
  await box.getByRole('button', { name: '撤销并离开' }).click();
  await page.getByRole('heading', { level: 1, name: '审核队列' }).waitFor();
  const left = await caseOf(client);
  assert.deepEqual([left.state, left.lease], ['reviewing', null]);
  await page.goBack();
  await page.locator('.desk').waitFor();
  await desks.send(visitor, 'approve');
  await page.getByRole('link', { name: '返回队列' }).click();
  await box.getByRole('button', { name: '立即发出并离开' }).click();
  await page.getByRole('heading', { level: 1, name: '审核队列' }).waitFor();
  assert.equal((await caseOf(client)).state, 'approved');
  await visitor.close();
});

test('a decision that one is asked about does not leave behind the question, however long it stands', async () => {
  const client = await applicant('楚示例');
  await staff.judge(office.reviewer1, client.application);
  const visitor = await reviewer();
  const { page } = visitor;
  await page.clock.install();
  await desks.openCase(visitor, '楚示例');
  await desks.send(visitor, 'approve');
  await page.locator('.bar').getByText(/秒后发出/).waitFor();
  await page.getByRole('link', { name: '返回队列' }).click();
  const box = page.getByRole('dialog', { name: '决定还没有发出' });
  await box.waitFor();
  await page.clock.runFor(60000);
  await box.getByRole('button', { name: '撤销并离开' }).click();
  await page.getByRole('heading', { level: 1, name: '审核队列' }).waitFor();
  const left = await caseOf(client);
  assert.deepEqual([left.state, left.decisions], ['reviewing', []]);
  await visitor.close();
});

test('who leaves while a decision is on its way goes once it is taken, and stays where it is refused', async () => {
  const client = await applicant('魏示例');
  await staff.judge(office.reviewer1, client.application);
  const visitor = await reviewer();
  const { page } = visitor;
  await desks.openCase(visitor, '魏示例');
  const leavesWhileItGoes = async (end) => {
    let go;
    const left = new Promise((resolve) => { go = resolve; });
    await page.route('**/decision', async (route) => {
      await left;
      await end(route);
    }, { times: 1 });
    await desks.send(visitor, 'approve');
    const now = page.locator('.bar').getByRole('button', { name: '立即发出' });
    await Promise.all([page.waitForRequest('**/decision'), now.click()]);
    await page.getByRole('link', { name: '返回队列' }).click();
    go();
  };
  await leavesWhileItGoes((route) => route.abort());
  await page.locator('.bar').getByRole('alert').waitFor();
  assert.match(page.url(), new RegExp(client.application));
  await office.reviewer1.comeBack();
  assert.equal((await caseOf(client)).lease.mine, true);
  await leavesWhileItGoes((route) => route.continue());
  await page.getByRole('heading', { level: 1, name: '审核队列' }).waitFor();
  assert.equal((await caseOf(client)).state, 'approved');
  await visitor.close();
});

// The next answer is what the server says then, and comes when it is let go.
async function late(page, where, method) {
  let asked, go;
  const answered = new Promise((resolve) => { asked = resolve; });
  const gone = new Promise((resolve) => { go = resolve; });
  let held = false;
  await page.route(where, async (route) => {
    if (held || route.request().method() !== method) return route.continue();
    held = true;
    const response = await route.fetch();
    asked();
    await gone;
    return route.fulfill({ response });
  });
  const comes = () => Promise.all([page.waitForResponse(where), go()]);
  return { answered, comes };
}

const passed = (visitor, item) => desks.card(visitor, item).locator('.item-head .tag').filter({ hasText: /^通过$/ }).waitFor();
const drawn = (page) => page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));

test('what the server said before a judgement takes nothing back when it comes after it', async () => {
  const client = await applicant('蒋示例');
  const visitor = await reviewer();
  const { page } = visitor;
  await desks.openCase(visitor, '蒋示例');
  const file = await late(page, `**/api/v1/review/applications/${client.application}`, 'GET');
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange'))); // asks again
  await file.answered;
  await desks.pass(visitor, desks.card(visitor, 0));
  await file.comes();
  await drawn(page);
  await passed(visitor, 0);
  await visitor.close();
});

test('of two judgements the answer to the first may come last', async () => {
  const client = await applicant('韩示例');
  const visitor = await reviewer();
  const { page } = visitor;
  await desks.openCase(visitor, '韩示例');
  const first = await late(page, `**/api/v1/review/applications/${client.application}/items/*`, 'PUT');
  await desks.card(visitor, 0).locator('.item-head').click();
  await page.locator('.item.open').getByRole('button', { name: /^通过/ }).click();
  await first.answered;
  await desks.pass(visitor, desks.card(visitor, 1));
  await first.comes();
  await drawn(page);
  for (const item of [0, 1]) await passed(visitor, item);
  await visitor.close();
});

test('filters stand in the address, views are kept, and a filter leads from case to case', async () => {
  await applicant('褚示例');
  const visitor = await reviewer();
  const { page } = visitor;
  await page.getByLabel('姓名或申报编号').fill('褚');
  await page.getByRole('button', { name: '查找' }).click();
  await page.waitForURL(/name=/);
  await page.waitForFunction(() => document.querySelectorAll('.rows tbody tr').length === 1);
  await page.getByRole('button', { name: '保存当前视图' }).click();
  await page.getByLabel('视图名称').fill('褚姓');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByRole('link', { name: /待审核/ }).click();
  await page.waitForFunction(() => document.querySelectorAll('.rows tbody tr').length > 1);
  await page.reload();
  await page.getByRole('link', { name: '褚姓' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.rows tbody tr').length === 1);
  await again(visitor, 'review-filtered');
  await page.getByRole('link', { name: '褚示例' }).click();
  await page.locator('.desk').waitFor();
  assert.ok(await page.getByRole('button', { name: '下一份', exact: true }).first().isDisabled());
  await page.getByRole('link', { name: '返回队列' }).click();
  await page.waitForURL(/name=/);
  await page.getByRole('button', { name: '删除视图：褚姓' }).click();
  await page.getByLabel('状态').selectOption({ label: '已作废' });
  await page.getByText('没有符合条件的申报。').waitFor();
  await visitor.look('review-none');
  await visitor.close();
});

test('markup in any field is text at the desk as well', async () => {
  const markup = '<img src=x onerror=alert(1)><b id=injected>';
  const client = new Client(deployment, slug);
  await client.signUp('13800006999');
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.fill(client, 699, {
    name: '卫<b id=injected>示例',
    facts: { certificates: [{ ...candidate.certificate().certificates[0], issuer: markup }] },
    history: { work: [
      { ...candidate.period('2020-06', '2022-11'), employer: markup, witness: '<b id=injected>', witness_phone: '<b id=injected>' },
      { ...candidate.period('2022-12', null, '<i id=injected>店长</i>', 'related'), consider: true, argument: markup },
    ] },
  });
  await candidate.topic(client, 'details', {
    ...candidate.details(699, '卫<b id=injected>示例'), employer: markup, address: markup, political_status: '<b id=injected>',
  });
  await candidate.submit(client);
  const visitor = await reviewer();
  const { page } = visitor;
  await page.getByRole('link', { name: '卫<b id=injected>示例' }).click();
  await page.locator('.desk').waitFor();
  await page.getByText(markup).first().waitFor();
  await page.locator('.item-head').last().click();
  for (let at = 0; at < await page.locator('.item').count(); at++) {
    await desks.card(visitor, at).locator('.item-head').click();
    assert.equal(await page.locator('#injected, main img[src="x"]').count(), 0);
  }
  await visitor.look('review-markup');
  await visitor.close();
});

test('what is on no list is accepted with a reason only (S4)', async () => {
  const client = new Client(deployment, slug);
  await client.signUp('13800006998');
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.fill(client, 698, {
    name: '沈示例',
    history: { work: [{ ...candidate.period('2020-06', null, '示例报关员', 'related'), consider: true, argument: '安排进出口货物' }] },
  });
  await candidate.submit(client);
  const visitor = await reviewer();
  const { page } = visitor;
  await desks.openCase(visitor, '沈示例');
  const item = page.locator('.item').last();
  await item.locator('.item-head').click();
  await item.getByRole('button', { name: /^通过/ }).click();
  await item.getByText('请写明认可这个职业的理由，理由会保留。').waitFor();
  await page.keyboard.type('报关是供应链的一环'); // the note has the focus
  await item.locator('.item-head .tag').filter({ hasText: /^通过$/ }).waitFor();
  await visitor.look('review-related');
  await page.getByRole('link', { name: '返回队列' }).click();
  await page.waitForURL(/review$/);
  await office.reviewer1.comeBack();
  const { body } = await office.reviewer1.get(`/review/applications/${client.application}`, { expect: 200 });
  const { outcome, note } = body.items.find((each) => each.item === 'related:0');
  assert.deepEqual([outcome, note], ['pass', '报关是供应链的一环']);
  await visitor.close();
});
