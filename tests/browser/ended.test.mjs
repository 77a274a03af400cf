// An application that has ended, as its candidate sees it: nothing is left to be done there but to begin again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment } from '../http/deployment.mjs';
import { launch, Visitor } from './browser.mjs';

let deployment, browser;
before(async () => {
  deployment = await (await Deployment.make()).start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await deployment.end();
});

test('of an application that has ended nothing is to be printed or posted', async () => {
  const client = await new Client(deployment, 'haidian').signUp('13800005301');
  await candidate.draft(client, await candidate.planOf(client));
  await candidate.topic(client, 'identity', { identity: '职工' });
  await candidate.topic(client, 'condition', { condition: '1-1' });
  const visitor = await Visitor.signedIn(browser, client);
  const { page } = visitor;
  const path = `applications/${client.application}`;
  await visitor.goto(`${path}/materials`);
  await page.getByText('下载表格（ZIP）').waitFor();

  const { version } = await client.get(`/${path}`, { expect: 200 });
  await client.post(`/${path}/withdraw`, undefined, { version, expect: 200 });
  for (const name of ['materials', 'papers']) {
    await visitor.goto(`${path}/${name}`);
    await page.getByText('已撤回', { exact: true }).waitFor();
    await page.getByRole('button', { name: '重新打开' }).waitFor();
    for (const word of ['下载表格', '手写', '寄到', '截止时间', '封面']) assert.equal(await page.getByText(word).count(), 0, `${name}: ${word}`);
    await visitor.look(`${name}-ended`);
  }
  await page.getByRole('button', { name: '重新打开' }).click();
  await page.locator('.tasks').waitFor();
  await visitor.close();
});
