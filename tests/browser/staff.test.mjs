// The frame around every page of the staff: the door, the invitation, the menu by role, and the end of a session.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { codeOf } from '../http/authenticator.mjs';
import { Deployment } from '../http/deployment.mjs';
import { amount, desk, launch, phone, Visitor } from './browser.mjs';
import * as desks from './desks.mjs';

const slug = 'haidian';
let deployment, browser;
before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

for (const [login, { viewport, language }] of
  [['reviewer1', { viewport: desk, language: 'zh-CN' }], ['reviewer2', { viewport: phone, language: 'en' }]])
  test(`an invitation, the door and the way back at ${viewport.width} in ${language}`, async () => {
    const visitor = await Visitor.make(browser, deployment, slug, { viewport, language });
    const { page } = visitor;
    const w = desks.say(visitor);

    await visitor.goto(`staff/invitation#${deployment.invitations[slug][login]}`);
    await page.getByLabel(w.newPassword).fill('short');
    await page.getByRole('button', { name: w.accept }).click();
    await page.locator('.el-form-item__error').waitFor();
    await visitor.look('staff-invitation-refused');
    await page.getByLabel(w.newPassword).fill(desks.password);
    await page.getByRole('button', { name: w.accept }).click();
    await page.getByRole('button', { name: w.signOut }).waitFor();
    await page.waitForURL((url) => !url.hash); // the token has left the address
    await visitor.look('staff-home');

    await page.getByRole('button', { name: w.signOut }).click();
    await page.getByRole('heading', { name: w.signIn, level: 1 }).waitFor();
    await visitor.goto('staff/?from=a-link');
    await page.getByRole('button', { name: w.signIn }).click();
    await amount(page.locator('.el-form-item__error'), 2); // each field says that it is empty
    await page.getByLabel(w.login).fill(login);
    await page.getByLabel(w.password).fill('wrong-password-1');
    await page.getByRole('button', { name: w.signIn }).click();
    await page.locator('.note.bad').waitFor();
    await visitor.look('staff-sign-in-refused');
    await desks.signIn(visitor, login);
    await page.getByRole('button', { name: w.signOut }).waitFor();

    await visitor.goto('staff/nowhere');
    await visitor.look('staff-lost');
    await visitor.close();
  });

test('an answer that comes after signing out asks nobody to sign in again', async () => {
  const visitor = await Visitor.make(browser, deployment, slug, { viewport: desk, language: 'zh-CN' });
  const { page } = visitor;
  const w = desks.say(visitor);
  let free;
  const held = new Promise((resolve) => { free = resolve; });
  const isList = (url) => url.pathname.endsWith('/review/applications');
  const asked = page.waitForRequest((request) => isList(new URL(request.url())));
  await visitor.goto('staff/');
  await page.route(isList, async (route) => {
    await held;
    await route.continue();
  });
  await desks.signIn(visitor, 'reviewer1');
  await page.getByRole('link', { name: w.queue, exact: true }).first().click();
  await asked; // the page may still be on its way when its link was clicked
  const ended = page.waitForResponse((answer) => answer.request().method() === 'DELETE'); // the door opens before
  await page.getByRole('button', { name: w.signOut }).click();
  await ended;
  const answered = page.waitForResponse((answer) => isList(new URL(answer.url())) && answer.status() === 401);
  free();
  await (await answered).finished();
  await visitor.settled();
  assert.equal(await page.locator('dialog').count(), 0);
  await visitor.close();
});

test('a second step is turned on with an authenticator, and asked for at the door', async () => {
  const visitor = await Visitor.make(browser, deployment, slug, { viewport: phone, language: 'zh-CN' });
  const { page } = visitor;
  const w = desks.say(visitor);
  await visitor.goto(`staff/invitation#${deployment.invitations[slug].registrar}`);
  await page.getByLabel(w.newPassword).fill(desks.password);
  await page.getByRole('button', { name: w.accept }).click();
  await page.getByRole('link', { name: w.myAccount }).click();
  await page.getByLabel(w.password).first().fill(desks.password);
  await page.getByRole('button', { name: w.turnOn }).click();
  const secret = (await page.locator('code.typed').textContent()).replaceAll(' ', '');
  await visitor.look('staff-account-secret');
  await page.getByLabel(w.code).fill('000000');
  await page.getByRole('button', { name: w.confirm }).click();
  await page.locator('.el-form-item__error').waitFor();
  await page.getByLabel(w.code).fill(await codeOf(deployment, secret));
  await page.getByRole('button', { name: w.confirm }).click();
  await page.getByRole('button', { name: w.kept }).waitFor();
  await visitor.look('staff-account-codes');
  const recovery = await page.locator('main li code').first().textContent();
  await page.getByRole('button', { name: w.kept }).click();

  await page.getByRole('link', { name: w.myAccount }).click();
  await page.getByLabel(w.password).nth(-2).fill('not the password');
  await page.getByLabel(w.newPassword).fill('four words in a row');
  await page.getByRole('button', { name: w.change }).click();
  await page.locator('.el-form-item__error').waitFor();
  await page.getByLabel(w.password).nth(-2).fill(desks.password);
  await page.getByRole('button', { name: w.change }).click();
  await page.getByRole('status').getByText(w.changed).waitFor();
  await visitor.look('staff-account-password');

  await page.getByRole('button', { name: w.signOut }).click();
  await page.getByRole('heading', { name: w.signIn, level: 1 }).waitFor();
  await desks.signIn(visitor, 'registrar', 'four words in a row');
  await page.getByLabel(w.code).fill(recovery);
  await visitor.look('staff-sign-in-code');
  await page.getByRole('button', { name: w.signIn }).click();
  await page.getByRole('button', { name: w.signOut }).waitFor();
  await visitor.close();
});

test('a server that cannot say who is signed in sends nobody of the staff to the door', async () => {
  const visitor = await Visitor.make(browser, deployment, slug, { viewport: desk, language: 'zh-CN' });
  const { page } = visitor;
  await visitor.goto('staff/review');
  await desks.signIn(visitor, 'reviewer1');
  const queue = page.getByRole('heading', { level: 1, name: desks.say(visitor).queue });
  await queue.waitFor();
  await page.route('**/api/v1/session', (route) => route.abort());
  await page.reload();
  await page.getByRole('heading', { level: 1, name: '暂时连不上服务器' }).waitFor();
  await visitor.look('staff-unknown');
  await page.unroute('**/api/v1/session');
  await page.getByRole('button', { name: '重试' }).click();
  await queue.waitFor();
  assert.match(page.url(), /staff\/review$/);
  await visitor.close();
});
