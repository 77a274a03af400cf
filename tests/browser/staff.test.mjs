// The frame around every page of the staff: the door, the invitation, the menu by role, and the end of a session.
import { after, before, test } from 'node:test';
import { Deployment } from '../http/deployment.mjs';
import { desk, launch, phone, Visitor } from './browser.mjs';
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
    await page.getByLabel(w.login).fill(login);
    await page.getByLabel(w.password).fill('wrong-password-1');
    await page.getByRole('button', { name: w.signIn }).click();
    await page.getByRole('alert').waitFor();
    await visitor.look('staff-sign-in-refused');
    await desks.signIn(visitor, login);
    await page.getByRole('button', { name: w.signOut }).waitFor();

    await visitor.goto('staff/nowhere');
    await visitor.look('staff-lost');
    await visitor.close();
  });
