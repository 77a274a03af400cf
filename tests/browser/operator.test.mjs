// The operator's whole way in a browser: invitation, door, centres, plugins, health, self-check, audit; on a desk in Chinese, on a phone
// in English.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { codeOf } from '../http/authenticator.mjs';
import { Client } from '../http/client.mjs';
import { Deployment } from '../http/deployment.mjs';
import { invite } from '../http/operator.mjs';
import { fixture, plugin } from '../http/plugins.mjs';
import { desk, launch, phone, Visitor } from './browser.mjs';
import * as desks from './desks.mjs';

const words = {
  'zh-CN': { tenants: '机构', plugins: '插件', health: '运行状况', checks: '自检', acts: '运维日志', make: '新建机构', suspend: '停用', resume: '恢复',
    reason: /^理由/, suspended: '已停用', uses: '使用情况', disable: '停用', disabled: '停用', level: '一级/高级技师', made: /已建立/, taken: /已安装/, name: '示例评价中心',
    fields: ['代号', '机构名称', '省级行政区划代码', '收件人', '邮寄地址', '咨询联系人', '咨询电话', '管理员登录名', '管理员姓名'],
    empty: '请填写这一项。', short: '请填写至少 5 个字。', well: /没有发现故障/ },
  en: { tenants: 'Centres', plugins: 'Plugins', health: 'Health', checks: 'Self-check', acts: 'Audit log', make: 'New centre', suspend: 'Suspend',
    resume: 'Resume', level: 'Level 1 (senior technician)', reason: /^Reason/, suspended: 'Suspended', uses: 'Uses', disable: 'Disable',
    disabled: 'Disabled', made: /is there/,
    taken: /^Installed/, name: 'Placeholder centre', fields: ['Short name', 'Name', 'Code of the province', 'Recipient of papers', 'Mailing address',
      'Contact', 'Telephone', 'Administrator\'s login', 'Administrator\'s name'],
    empty: 'Fill this in.', short: 'Enter at least 5 characters.', well: /nothing is broken/ },
};
const ways = [
  { login: 'operator1', viewport: desk, language: 'zh-CN', victim: 'haidian', slug: 'daxing', file: 'decent' },
  { login: 'operator2', viewport: phone, language: 'en', victim: 'shijingshan', slug: 'tongzhou', file: 'newer_version' },
];

const folder = mkdtempSync(join(tmpdir(), 'kaowu-operator-'));
let deployment, browser;
before(async () => {
  deployment = await (await Deployment.make({ tenants: ['haidian', 'shijingshan'] })).start();
  const done = (...given) => {
    const { status, out, error } = plugin(given, { cwd: folder });
    assert.equal(status, 0, error);
    return out.trim();
  };
  done('trust', done('key', 'secret'), '--name', '示例作者', '--data', deployment.data);
  for (const { file } of ways) done('pack', fixture(file), '--key', 'secret', '--readme', fixture(file), '--out', `${file}.kaowu`);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
  rmSync(folder, { recursive: true });
});

async function enters(visitor, login) {
  const { page } = visitor;
  const w = desks.say(visitor);
  await page.goto(`${visitor.base}tenants`);
  await page.getByRole('heading', { name: w.signIn, level: 1 }).waitFor();
  await page.goto(`${visitor.base}invitation#${invite(deployment, login).token}`);
  await page.getByLabel(w.newPassword).fill('short');
  await page.getByRole('button', { name: w.accept }).click();
  await page.locator('.el-form-item__error').waitFor();
  await page.getByLabel(w.newPassword).fill(desks.password);
  await page.getByRole('button', { name: w.accept }).click();
  await page.getByRole('button', { name: w.signOut }).click();
  await page.getByRole('heading', { name: w.signIn, level: 1 }).waitFor();
  await desks.signIn(visitor, login, 'not the password');
  await page.getByRole('alert').waitFor();
  await visitor.look('operator-sign-in-refused');
  await desks.signIn(visitor, login);
  await page.getByRole('button', { name: w.signOut }).waitFor();
  await page.route('**/operator/session', (route) => route.abort());
  await page.reload(); // nobody can say who it is: that is no reason to ask for a password
  await page.getByRole('heading', { level: 1, name: /^(暂时连不上服务器|The server cannot be reached)$/ }).waitFor();
  await page.unroute('**/operator/session');
  await page.getByRole('button', { name: /^(重试|Try again)$/ }).click();
  await page.getByRole('button', { name: w.signOut }).waitFor();
}

// The page is that of staff (staff.test.mjs): here, that it is there, and that the door asks.
async function secondStep(visitor, login) {
  const { page } = visitor;
  const w = desks.say(visitor);
  await page.getByRole('link', { name: w.myAccount }).click();
  await page.getByLabel(w.password).first().fill(desks.password);
  await page.getByRole('button', { name: w.turnOn }).click();
  const secret = (await page.locator('code.typed').textContent()).replaceAll(' ', '');
  await page.getByLabel(w.code).fill(await codeOf(deployment, secret));
  await page.getByRole('button', { name: w.confirm }).click();
  const recovery = await page.locator('main li code').first().textContent();
  await visitor.look('operator-account-codes');
  await page.getByRole('button', { name: w.kept }).click();
  await page.getByRole('button', { name: w.signOut }).click();
  await page.getByRole('heading', { name: w.signIn, level: 1 }).waitFor();
  await desks.signIn(visitor, login);
  await page.getByLabel(w.code).fill(recovery);
  await page.getByRole('button', { name: w.signIn }).click();
  await page.getByRole('button', { name: w.signOut }).waitFor();
}

async function makesCentre({ visitor, page, dialog, w }, slug) {
  const values = [slug, w.name, '11', '考务办公室', '示例区示例路 1 号', '示例老师', '010-00000000', 'admin', '示例管理员'];
  await page.getByRole('button', { name: w.make }).click();
  for (const [i, label] of w.fields.entries()) await dialog.getByLabel(new RegExp(`^${label} \\*`)).fill(i === 0 ? 'haidian' : values[i]);
  await dialog.getByRole('button', { name: w.make }).click();
  await dialog.locator('.fault').waitFor(); // the short name is taken
  await visitor.look('operator-tenant-refused');
  await dialog.getByLabel(new RegExp(`^${w.fields[0]} \\*`)).fill(slug);
  await dialog.getByRole('button', { name: w.make }).click();
  await page.getByRole('status').filter({ hasText: w.made }).waitFor();
  await visitor.look('operator-tenant-made');
  const [, token] = (await page.locator('code.secret').innerText()).split('#');
  await new Client(deployment, slug).post('/staff/passwords', { token, password: desks.password }, { expect: 201 });
}

async function suspends({ visitor, page, dialog, w }, slug) {
  const row = page.locator('tbody tr').filter({ hasText: `/t/${slug}/` });
  await row.getByRole('button', { name: w.suspend }).click();
  for (const [typed, told] of [['', w.empty], ['停用', w.short]]) {
    await dialog.getByLabel(w.reason).pressSequentially(typed);
    await dialog.getByRole('button', { name: w.suspend }).click();
    await dialog.locator('.fault').getByText(told, { exact: true }).waitFor();
    assert.equal(await dialog.getByLabel(w.reason).evaluate((field) => document.activeElement === field), true);
  }
  await visitor.look('operator-reason-short');
  await dialog.getByLabel(w.reason).fill('按平台管理规定处理');
  assert.equal(await dialog.locator('.fault').count(), 0);
  await visitor.look('operator-suspend');
  await dialog.getByRole('button', { name: w.suspend }).click();
  await row.getByText(w.suspended, { exact: true }).waitFor();
  await new Client(deployment, slug).get('/profile', { expect: 404 });
  await visitor.look('operator-tenants');
  await row.getByRole('button', { name: w.resume }).click();
  await dialog.getByLabel(w.reason).fill('问题已经解决');
  await dialog.getByRole('button', { name: w.resume }).click();
  await row.getByRole('button', { name: w.suspend }).waitFor();
  await new Client(deployment, slug).get('/profile', { expect: 200 });
}

async function plugins({ visitor, page, dialog, w }, file) {
  await page.locator('input[type=file]').setInputFiles(fixture(file));
  await page.getByRole('alert').waitFor(); // nobody has signed it
  assert.match(visitor.faults.splice(0).join('\n'), /^console: .* status of 403 \(Forbidden\)$/);
  await page.locator('input[type=file]').setInputFiles(join(folder, `${file}.kaowu`));
  await page.getByRole('status').filter({ hasText: w.taken }).waitFor();
  await page.getByRole('button', { name: `${w.uses} supply-chain-manager.1` }).click();
  await page.locator('section.sheet li').first().waitFor();
  assert.ok(await page.getByText(`供应链管理师 ${w.level}`).count() > 1);
  await visitor.look('operator-plugins');
  const row = page.locator('tbody tr').filter({ hasText: file === 'decent' ? '1.0.0' : '1.10.0' }).filter({ hasText: 'tester.1' });
  await row.getByRole('button', { name: w.disable }).click();
  await dialog.getByLabel(w.reason).fill('新版本尚未验收');
  await visitor.look('operator-disable');
  await dialog.getByRole('button', { name: w.disable }).click();
  await row.getByText(w.disabled, { exact: true }).waitFor();
}

for (const way of ways)
  test(`the operator's whole way at ${way.viewport.width} in ${way.language}`, async () => {
    const visitor = await Visitor.make(browser, deployment, null, { language: way.language, viewport: way.viewport, base: `${deployment.base}/operator/` });
    const { page } = visitor;
    const w = words[way.language];
    const at = { visitor, page, w, dialog: page.locator('dialog') };
    const go = async (name) => {
      await page.locator('.menu').getByRole('link', { name: w[name], exact: true }).click();
      await page.getByRole('heading', { level: 1, name: w[name], exact: true }).waitFor();
      await visitor.settled();
    };
    await enters(visitor, way.login);
    await secondStep(visitor, way.login);
    await page.getByRole('heading', { level: 1, name: w.tenants, exact: true }).waitFor();
    await makesCentre(at, way.slug);
    await suspends(at, way.victim);
    await go('plugins');
    await plugins(at, way.file);
    await go('health');
    await visitor.look('operator-health');
    await go('checks');
    // Everything is looked at, however long that takes: what comes of it ends the waiting.
    const outcome = page.locator('main').locator('[role=status]:not(.loading), [role=alert]').first();
    await outcome.waitFor({ timeout: 0 });
    assert.match(await outcome.innerText(), w.well);
    await visitor.look('operator-checks');
    assert.doesNotMatch(await page.locator('main').innerText(), /\dT\d/, 'a moment is written for people');
    await go('acts');
    await visitor.look('operator-acts');
    await page.goto(`${visitor.base}nowhere`);
    await visitor.look('operator-lost');
    await visitor.close();
  });
