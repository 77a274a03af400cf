// What one presses beside the materials: a consent that the server does not take, and a picture that is removed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment } from '../http/deployment.mjs';
import { eventually } from '../http/patience.mjs';
import { launch, Visitor } from './browser.mjs';
import * as steps from './steps.mjs';

let deployment, browser;
before(async () => {
  deployment = await (await Deployment.make()).start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

async function applicant(number) {
  const client = await new Client(deployment, 'haidian').signUp(`138000057${String(number).padStart(2, '0')}`);
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.fill(client, 770 + number);
  const visitor = await Visitor.signedIn(browser, client);
  return { client, visitor, path: `applications/${client.application}/materials` };
}

test('a consent that the server does not take is not ticked, and hinders no other', async () => {
  const { client, visitor, path } = await applicant(1);
  const { page } = visitor;
  await candidate.consent(client, false);
  await visitor.goto(path);
  const boxes = page.locator('fieldset input[type=checkbox]');
  await boxes.nth(1).waitFor();

  await page.route('**/account/consents', (route) => route.abort(), { times: 1 });
  await boxes.first().click();
  await page.locator('fieldset').getByRole('alert').waitFor();
  assert.equal(await boxes.first().isChecked(), false);
  await visitor.look('materials-consent-refused');

  // An answer that is none of ours.
  await page.route('**/account/consents', (route) => route.fulfill({ contentType: 'application/json', body: '{' }), { times: 1 });
  await Promise.all([page.waitForEvent('pageerror'), boxes.first().click()]);
  assert.equal(await boxes.first().isChecked(), false);
  await boxes.nth(1).click();
  await eventually('the other is given', async () =>
    (await client.get('/account', { expect: 200 })).body.consents.filter(({ granted }) => granted).length === 1);
  await visitor.close();
});

test('a picture is removed once, however often one presses', async () => {
  const { visitor, path } = await applicant(2);
  const { page } = visitor;
  // As if the plan could do without it.
  await page.route(/\/applications\/[^/]+$/, async (route) => {
    if (route.request().resourceType() === 'document') return route.continue();
    const response = await route.fetch();
    const body = await response.json();
    for (const material of body.materials) material.required = false;
    return route.fulfill({ response, json: body });
  });
  const removals = [];
  page.on('request', (request) => { if (request.method() === 'DELETE') removals.push(request.url()); });
  await visitor.goto(path);
  const tile = steps.tile(visitor, 'certificate');
  await tile.getByRole('button', { name: '移除' }).evaluate((button) => {
    button.click();
    button.click();
  });
  await tile.getByText('选择图片').waitFor();
  await steps.uploadOne(visitor, 'id_card_front', steps.pictures(31).scan); // goes after whatever goes before
  assert.equal(removals.length, 1);
  await visitor.close();
});
