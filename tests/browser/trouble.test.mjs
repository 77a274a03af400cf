// What goes wrong: a slow and a broken network during an upload, a session that ends in the middle of a form, files that
// are no pictures, pictures that are too large, a change made elsewhere. Nothing typed or chosen is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as candidate from '../http/candidate.mjs';
import { Client } from '../http/client.mjs';
import { Deployment } from '../http/deployment.mjs';
import { eventually } from '../http/patience.mjs';
import { amount, launch, Visitor } from './browser.mjs';
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

// A candidate whose application is filled in by the API as far as `until`, and who is signed in in the browser.
async function applicant(number, fill = async () => {}) {
  const client = await new Client(deployment, 'haidian').signUp(`138000051${String(number).padStart(2, '0')}`);
  await candidate.draft(client, await candidate.planOf(client));
  await fill(client);
  const visitor = await Visitor.signedIn(browser, client);
  visitor.application = client.application;
  return { client, visitor, path: `applications/${client.application}` };
}

const withCondition = async (client) => {
  await candidate.topic(client, 'identity', { identity: '职工' });
  await candidate.topic(client, 'condition', { condition: '1-1' });
};

async function materials(number) {
  const all = await applicant(number, withCondition);
  await all.visitor.goto(`${all.path}/materials`);
  await all.visitor.page.locator('.tile').first().waitFor();
  await steps.consent(all.visitor);
  return all;
}

// The next request there waits until it is let go.
async function held(page, where) {
  let go;
  const gone = new Promise((resolve) => { go = resolve; });
  await page.route(where, async (route) => {
    await gone;
    await route.continue();
  }, { times: 1 });
  return go;
}

test('on a slow network the upload shows how far it is, and can be stopped and sent again', async () => {
  const { visitor } = await materials(1);
  const { page } = visitor;
  const network = await visitor.context.newCDPSession(page);
  await network.send('Network.enable');
  const slow = (uploadThroughput) =>
    network.send('Network.emulateNetworkConditions', { offline: false, latency: 50, downloadThroughput: -1, uploadThroughput });
  const tile = steps.tile(visitor, 'certificate');
  await slow(4000);
  await steps.pick(visitor, 'certificate', steps.pictures(5).scan);
  await tile.getByRole('button', { name: '上传', exact: true }).click();
  await tile.getByRole('progressbar').waitFor();
  await visitor.look('materials-sending');
  await tile.getByRole('button', { name: '停止' }).click();
  await tile.getByRole('alert').waitFor();
  await slow(-1);
  await tile.getByRole('button', { name: '重试上传' }).click();
  await tile.getByText('已上传', { exact: true }).waitFor();
  await visitor.close();
});

test('a broken network keeps the picture, says so, and the upload goes on when it is back', async () => {
  const { visitor } = await materials(2);
  const tile = steps.tile(visitor, 'certificate');
  await steps.pick(visitor, 'certificate', steps.pictures(6).scan);
  await visitor.context.setOffline(true);
  await tile.getByRole('button', { name: '上传', exact: true }).click();
  await tile.getByText('网络不通或太慢').waitFor();
  assert.ok(await tile.locator('.preview').isVisible());
  await visitor.look('materials-broken');
  await visitor.context.setOffline(false);
  await tile.getByText('已上传', { exact: true }).waitFor();
  await visitor.close();
});

test('what is no picture is refused with what to do instead; a small one by the server, with value and limit', async () => {
  const { visitor } = await materials(3);
  const tile = steps.tile(visitor, 'certificate');
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(200)]);
  for (const [file, words] of [
    [steps.file('a.heic', heic, 'image/heic'), /兼容性最佳/], [steps.file('a.pdf', Buffer.from('%PDF-1.7 placeholder'), 'application/pdf'), /导出为 JPG/],
    [steps.file('a.jpg', Buffer.from('placeholder')), /不是能识别的图片/], [steps.file('a.jpg', Buffer.alloc(0)), /空的/],
    [steps.file('a.jpg', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(99)])), /打不开/],
  ]) {
    await steps.pick(visitor, 'certificate', file);
    await tile.getByText(words).waitFor();
  }
  const { scan } = await import('../http/pictures.mjs');
  await steps.pick(visitor, 'certificate', steps.file('a.jpg', scan({ width: 300, height: 400 })));
  await tile.getByRole('button', { name: '上传', exact: true }).click();
  await tile.getByText(/短边为 300 像素/).waitFor();
  await steps.pick(visitor, 'portrait', steps.file('a.jpg', scan({ width: 200, height: 300 })));
  await steps.tile(visitor, 'portrait').getByRole('button', { name: '上传', exact: true }).click();
  await steps.tile(visitor, 'portrait').getByText(/至少要 295/).waitFor();
  await visitor.look('materials-refused');
  await visitor.close();
});

test('who has taken the consent back is told why no picture can be chosen or turned', async () => {
  const { visitor, path } = await applicant(28, async (client) => {
    await candidate.fill(client, 751);
    await candidate.consent(client, false);
  });
  await visitor.goto(`${path}/materials`);
  const tile = steps.tile(visitor, 'id_card_front');
  await tile.getByText('请先在本页上方勾选同意').waitFor();
  for (const button of await tile.getByRole('button').all()) assert.ok(await button.isDisabled());
  await visitor.look('materials-consent-withdrawn');
  await visitor.close();
});

test('a picture of 48 megapixels is made smaller in the page, and one can be turned', async () => {
  const { client, visitor } = await materials(4);
  const tile = steps.tile(visitor, 'certificate');
  // Made in the browser: a phone's picture of that size.
  await tile.locator('input[type=file]').first().evaluate(async (input) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 8064, height: 6048 });
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#eee';
    pen.fillRect(0, 0, 8064, 6048);
    pen.fillStyle = '#123';
    for (let y = 0; y < 6048; y += 80) pen.fillRect(300, y, 7000, 20);
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', 0.9); });
    const files = new DataTransfer();
    files.items.add(new File([blob], 'phone.jpg', { type: 'image/jpeg' }));
    input.files = files.files;
    input.dispatchEvent(new Event('change'));
  });
  await tile.locator('.preview').waitFor();
  await tile.getByRole('button', { name: '旋转' }).click();
  await tile.getByRole('button', { name: '上传', exact: true }).click();
  await tile.getByText('已上传', { exact: true }).waitFor();
  const { body } = await client.get(`/applications/${client.application}`, { expect: 200 });
  const { checks } = body.materials.find((each) => each.id === 'certificate').file;
  assert.equal(checks.find((each) => each.check === 'pixels').value, 3000 * 2250);
  const size = await tile.locator('.thumb img').evaluate(async (image) => { await image.decode(); return [image.naturalWidth, image.naturalHeight]; });
  assert.deepEqual(size, [2250, 3000]);
  await visitor.close();
});

// A picture that came late would push a button away from under the finger that is about to press it.
test('no button of a tile moves when its picture is drawn, is turned, or comes back from the server', async () => {
  const { visitor } = await materials(12);
  const { page } = visitor;
  const tile = steps.tile(visitor, 'certificate');
  const button = (name) => tile.getByRole('button', { name });
  // Where it is within its tile, wherever the page has been scrolled to.
  const placeOf = async (name) => {
    const [inner, outer] = await Promise.all([button(name).boundingBox(), tile.boundingBox()]);
    return { x: inner.x - outer.x, y: inner.y - outer.y };
  };
  const shown = () => tile.locator('.thumb img').evaluate((image) => image.complete && image.naturalWidth > 0);
  // To make a JPEG takes a browser up to a second: here for ever.
  await page.evaluate(() => { HTMLCanvasElement.prototype.toBlob = () => {}; });

  await steps.pick(visitor, 'certificate', steps.pictures(9).scan);
  await button('旋转').waitFor();
  assert.ok(await tile.getByRole('img', { name: /将要上传的图片/ }).isVisible());
  const place = await placeOf(/^上传/);
  for (let turns = 1; turns <= 4; turns++) {
    await button('旋转').click();
    assert.deepEqual(await placeOf(/^上传/), place, `turned ${turns} times`);
  }

  const go = await held(page, '**/materials/certificate?sha=*');
  await button(/^上传/).click();
  await tile.getByText('已上传', { exact: true }).waitFor();
  const replace = await placeOf(/^更换/);
  assert.ok(!(await shown()));
  go();
  await eventually('the small picture', shown, { every: 50 });
  assert.deepEqual(await placeOf(/^更换/), replace);
  await visitor.close();
});

test('a session that ends in the middle of a form: sign in above it, and what was typed is sent', async () => {
  const { client, visitor, path } = await applicant(5);
  const { page } = visitor;
  await visitor.goto(`${path}/details`);
  await steps.field(visitor, '/name').waitFor();
  await client.delete('/session', { expect: 204 });
  await steps.fillDetails(visitor, 705, '李四');
  const box = page.getByRole('dialog', { name: '请重新登录' });
  await box.waitFor(); // complete, it was to be saved by itself
  await visitor.look('sign-in-again');
  await box.getByLabel('手机号').fill(client.mobile);
  await box.getByLabel('密码').fill('wrong-placeholder');
  await box.getByRole('button', { name: '登录' }).click();
  await box.getByRole('alert').waitFor();
  await box.getByLabel('密码').fill(steps.password);
  await box.getByRole('button', { name: '登录' }).click();
  await box.waitFor({ state: 'detached' });
  assert.equal(await steps.field(visitor, '/name').inputValue(), '李四');
  await page.getByText(/^已保存/).waitFor();
  await client.signIn();
  assert.equal((await client.get(`/applications/${client.application}`, { expect: 200 })).body.form.details.name, '李四');
  await visitor.close();
});

test('whoever signs out leaves nothing there of what was typed', async () => {
  const { visitor, path } = await applicant(41);
  const { page } = visitor;
  const drafts = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft')));
  await visitor.goto(`${path}/details`);
  await steps.field(visitor, '/name').fill('李四');
  await eventually('what is typed is kept', async () => (await drafts()).length > 0);
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('link', { name: '登录' }).first().waitFor();
  assert.deepEqual(await drafts(), []);
  await visitor.close();
});

test('whoever sees a sign-in that is not theirs ends it, and changes the password', async () => {
  const { client, visitor } = await applicant(33);
  const { page } = visitor;
  const stranger = new Client(deployment, 'haidian', {
    token: (await new Client(deployment, 'haidian').post('/sessions', { mobile: client.mobile, password: steps.password }, { expect: 201 })).body.token,
  });
  await visitor.goto('me');
  await page.locator('summary', { hasText: '退出其他设备上的登录' }).click();
  await steps.field(visitor, '/end/password').fill('not the password');
  await page.getByRole('button', { name: '退出其他设备上的登录' }).click();
  await page.getByText('密码不对').first().waitFor();
  await visitor.look('me-sessions');
  await stranger.get('/session', { expect: 200 });
  await steps.field(visitor, '/end/password').fill(steps.password);
  await page.getByRole('button', { name: '退出其他设备上的登录' }).click();
  await page.getByText('其他设备上的登录已退出').waitFor();
  await stranger.get('/session', { expect: 401 });

  await page.locator('summary', { hasText: '我要修改密码' }).click();
  await page.getByRole('button', { name: '修改密码' }).click();
  await page.getByRole('link', { name: '新密码' }).waitFor();
  await steps.field(visitor, '/change/password').fill(steps.password);
  await steps.field(visitor, '/change/new_password').fill(`${client.mobile}a`);
  await page.getByRole('button', { name: '修改密码' }).click();
  await page.getByText('太容易被猜到').first().waitFor();
  await visitor.look('me-password');
  await steps.field(visitor, '/change/new_password').fill('four words in a row');
  await page.getByRole('button', { name: '修改密码' }).click();
  await page.getByText('密码已修改').waitFor();
  await client.get('/session', { expect: 401 }); // the cookie has its successor
  await page.reload();
  await page.getByText('（本机）').waitFor();
  await visitor.look('me');
  await visitor.close();
});

test('another person who signs in there sees nothing of what was typed', async () => {
  const { client, visitor, path } = await applicant(6);
  const { page } = visitor;
  await visitor.goto(`${path}/details`);
  await steps.field(visitor, '/name').fill('李四');
  await client.delete('/session', { expect: 204 });
  const stranger = await new Client(deployment, 'haidian').signUp('13800005199');
  await page.getByRole('button', { name: '保存并返回' }).click();
  await page.getByRole('alert').waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: '登录' }).waitFor();
  await page.getByLabel('手机号').fill(stranger.mobile);
  await page.getByLabel('密码').fill(steps.password);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('button', { name: '退出登录' }).waitFor();
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft'))), []);
  await visitor.close();
});

test('a change made elsewhere meanwhile is neither lost nor in the way', async () => {
  const { client, visitor, path } = await applicant(7);
  await visitor.goto(`${path}/details`);
  await steps.field(visitor, '/name').waitFor();
  await candidate.topic(client, 'identity', { identity: '职工' });
  await steps.fillDetails(visitor, 707, '王五');
  await steps.save(visitor);
  const { body } = await client.get(`/applications/${client.application}`, { expect: 200 });
  assert.deepEqual([body.identity, body.form.details.name], ['职工', '王五']);
  await visitor.close();
});

// An applicant whose details are with the server, and who has typed another employer that did not get there.
async function unsent(number) {
  const all = await applicant(number, (client) => candidate.topic(client, 'details', candidate.details(700 + number, '王五')));
  const { page } = all.visitor;
  await page.route('**/details', (route) => (route.request().method() === 'PUT' ? route.abort() : route.fallback()));
  await all.visitor.goto(`${all.path}/details`);
  await steps.field(all.visitor, '/employer').fill('这里填写的公司');
  await page.getByText('网络不通或太慢').waitFor();
  await all.visitor.goto('privacy');
  await page.unroute('**/details');
  return all;
}

const detailsOf = async (client) => (await client.get(`/applications/${client.application}`, { expect: 200 })).body.form.details;
const newer = (page) => page.getByRole('alert').filter({ hasText: '这一项在别处有了新的内容' });
const elsewhere = async (client, number, change) => {
  client.version = (await client.get(`/applications/${client.application}`, { expect: 200 })).version;
  await candidate.topic(client, 'details', { ...candidate.details(700 + number, '王五'), ...change });
};

test('what was typed here once does not go over what another device has saved since: one sees both, and chooses', async () => {
  const { client, visitor, path } = await unsent(15);
  const { page } = visitor;
  const puts = [];
  page.on('request', (request) => { if (request.method() === 'PUT') puts.push(request.url()); });
  await elsewhere(client, 15, { employer: '别处填写的公司', address: '北京市海淀区别处路2号' });
  await page.clock.install();
  await visitor.goto(`${path}/details`);
  await newer(page).waitFor();
  await page.clock.runFor(60000);
  assert.deepEqual(await newer(page).locator('dt').allInnerTexts(), ['工作单位', '通讯地址']);
  assert.deepEqual(await newer(page).locator('dd').allInnerTexts(), ['别处填写的公司', '北京市海淀区别处路2号']);
  await visitor.look('topic-newer');
  await page.getByRole('button', { name: '保存并返回' }).click();
  await page.waitForFunction(() => document.activeElement.matches('.note.warn'));
  assert.deepEqual([puts, await steps.field(visitor, '/employer').inputValue()], [[], '这里填写的公司']);
  await page.getByRole('button', { name: '采用新的内容' }).click();
  await newer(page).waitFor({ state: 'detached' });
  assert.equal(await steps.field(visitor, '/employer').inputValue(), '别处填写的公司');
  await page.reload();
  await steps.field(visitor, '/employer').waitFor();
  assert.equal(await newer(page).count(), 0);
  assert.equal((await detailsOf(client)).employer, '别处填写的公司');
  await visitor.close();
});

test('what another device saves while one types is not written over by pressing twice, only by choosing', async () => {
  const { client, visitor, path } = await applicant(16, (each) => candidate.topic(each, 'details', candidate.details(716, '王五')));
  const { page } = visitor;
  await visitor.goto(`${path}/details`);
  await steps.field(visitor, '/employer').waitFor();
  await elsewhere(client, 16, { employer: '别处填写的公司' });
  await steps.field(visitor, '/address').fill('北京市海淀区这里路3号');
  await page.getByRole('button', { name: '保存并返回' }).click();
  await newer(page).waitFor();
  await page.getByRole('button', { name: '保存并返回' }).click();
  await page.waitForFunction(() => document.activeElement.matches('.note.warn'));
  assert.equal((await detailsOf(client)).employer, '别处填写的公司');
  await page.getByRole('button', { name: '保留这里填写的' }).click();
  await steps.save(visitor);
  const { employer, address } = await detailsOf(client);
  assert.deepEqual([employer, address], ['示例供应链有限公司', '北京市海淀区这里路3号']);
  await visitor.close();
});

test('an answer that was lost is no change made elsewhere', async () => {
  const { client, visitor, path } = await applicant(17, (each) => candidate.topic(each, 'details', candidate.details(717, '王五')));
  const { page } = visitor;
  await visitor.goto(`${path}/details`);
  // It gets there, and the answer is lost.
  async function lose(company) {
    await page.route('**/details', async (route) => {
      await route.fetch();
      await route.abort();
    }, { times: 1 });
    await steps.field(visitor, '/employer').fill(company);
    await page.getByText('网络不通或太慢').waitFor();
    assert.equal((await detailsOf(client)).employer, company);
  }
  await lose('第一次填写的公司');
  await steps.field(visitor, '/employer').fill('第二次填写的公司');
  await page.getByText(/^已保存/).waitFor();
  assert.equal((await detailsOf(client)).employer, '第二次填写的公司');
  await lose('第三次填写的公司');
  await page.reload();
  await steps.field(visitor, '/employer').fill('第四次填写的公司');
  await steps.save(visitor);
  assert.equal((await detailsOf(client)).employer, '第四次填写的公司');
  await visitor.close();
});

test('what the server writes in its own way is saved, once, and nobody else\'s change', async () => {
  const { client, visitor, path } = await applicant(27);
  const { page } = visitor;
  const puts = [];
  page.on('response', (response) => { if (response.request().method() === 'PUT') puts.push(response.status()); });
  await page.clock.install();
  await visitor.goto(`${path}/details`);
  await steps.fillDetails(visitor, 739);
  const typed = { name: '阿依古丽•示例', id_number: candidate.residentId(739).toLowerCase(), mobile: '138 0000 0000', address: '北京市示例路3号（东门）' };
  assert.match(typed.id_number, /x$/);
  for (const [name, text] of Object.entries(typed)) await steps.field(visitor, `/${name}`).fill(text);
  await page.clock.runFor(2000);
  await page.getByText(/^已保存/).waitFor();
  await page.clock.runFor(60000);
  assert.deepEqual(puts, [200]);
  await visitor.goto(path);
  await page.locator('.tasks li').filter({ hasText: '个人信息' }).getByText('已完成').waitFor();
  const { name, id_number: number, mobile, address } = await detailsOf(client);
  assert.deepEqual([name, number, mobile, address], ['阿依古丽·示例', candidate.residentId(739), '13800000000', '北京市示例路3号(东门)']);

  // It gets there, and the answer is lost.
  await visitor.goto(`${path}/details`);
  await steps.field(visitor, '/employer').waitFor();
  await page.route('**/details', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await steps.field(visitor, '/employer').fill('示例（北京）有限公司');
  await page.clock.runFor(2000);
  await page.getByText('网络不通或太慢').waitFor();
  await page.reload();
  await page.clock.runFor(2000);
  await page.getByText(/^已保存/).waitFor();
  assert.equal(await newer(page).count(), 0);
  assert.equal((await detailsOf(client)).employer, '示例(北京)有限公司');
  await visitor.close();
});

test('saving in one window leaves what is typed in another', async () => {
  const { visitor, path } = await applicant(18, (client) => candidate.topic(client, 'details', candidate.details(718, '王五')));
  const { page } = visitor;
  await visitor.goto(`${path}/details`);
  const other = await visitor.context.newPage();
  await other.goto(`${visitor.base}${path}/details`);
  await other.locator('#field-address').fill(''); // not complete, so that it does not go by itself
  await other.locator('#field-employer').fill('另一个窗口的公司');
  await steps.field(visitor, '/employer').fill('这个窗口的公司');
  await steps.save(visitor);
  await other.reload();
  await newer(other).waitFor();
  assert.equal(await other.locator('#field-employer').inputValue(), '另一个窗口的公司');
  await visitor.close();
});

test('what is typed and not saved is said to be so, under review and before handing in', async () => {
  const { client, visitor, path } = await applicant(19, (each) => candidate.fill(each, 719));
  const { page } = visitor;
  await visitor.goto(`${path}/details`);
  await steps.field(visitor, '/address').fill('');
  await page.getByText('已暂存在本机').waitFor();
  await visitor.goto(`${path}/submit`);
  const warning = page.locator('.note.warn').filter({ hasText: '还没有保存' });
  await warning.waitFor();
  assert.deepEqual(await warning.getByRole('link').allInnerTexts(), ['个人信息']);
  await visitor.look('submit-unsaved');
  await warning.getByRole('link').click();
  await steps.field(visitor, '/address').fill('北京市海淀区示例路1号');
  await steps.save(visitor);

  client.version = (await client.get(`/applications/${client.application}`, { expect: 200 })).version;
  await candidate.submit(client);
  await visitor.goto(`${path}/details`);
  await steps.field(visitor, '/address').fill('北京市海淀区另一条路1号');
  await page.getByText('尚未保存，请按“保存并返回”。').waitFor();
  await steps.save(visitor);
  assert.equal((await detailsOf(client)).address, '北京市海淀区另一条路1号');
  await visitor.close();
});

test('a press on the button counts, though the form saves itself while the finger is down', async () => {
  const { client, visitor, path } = await applicant(10);
  const { page } = visitor;
  await visitor.goto(`${path}/details`);
  await steps.fillDetails(visitor, 710, '');
  const answer = await held(page, '**/details');
  await page.getByRole('button', { name: '保存并返回' }).hover();
  await page.mouse.down();
  // Not fill(), which would bring the field into view, and the button from under the finger.
  const type = (field) => { field.value = '王五'; field.dispatchEvent(new Event('input')); };
  await Promise.all([page.waitForRequest((request) => request.method() === 'PUT'), steps.field(visitor, '/name').evaluate(type)]);
  await page.mouse.up();
  answer();
  await page.locator('.tasks').waitFor();
  assert.equal((await client.get(`/applications/${client.application}`, { expect: 200 })).body.form.details.name, '王五');
  await visitor.close();
});

test('who comes for one material begins there, however late the rest of the page comes', async () => {
  const { visitor, path } = await applicant(11, withCondition);
  const { page } = visitor;
  const answer = await held(page, '**/api/v1/account');
  await Promise.all([page.waitForResponse(/applications\/[^/]+$/), visitor.goto(`${path}/materials#material-portrait`)]);
  await page.locator('.loading').waitFor();
  answer();
  await steps.tile(visitor, 'portrait').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'material-portrait');
  await visitor.close();
});

const topicOf = async (client, topic) => (await client.get(`/applications/${client.application}`, { expect: 200 })).body.form[topic];

test('a row that is removed takes its own fields with it, and what is shown is what is saved', async () => {
  const { client, visitor, path } = await applicant(13, withCondition);
  const { page } = visitor;
  await visitor.goto(`${path}/certificates`);
  await steps.fillCertificate(visitor);
  await page.getByRole('button', { name: '再加一条职业技能证书' }).click();
  const [, , related] = await steps.field(visitor, '/certificates/1/occupation').locator('option').allInnerTexts();
  await steps.fillCertificate(visitor, { index: 1, occupation: related, issued: '2021-06-01' });
  await page.getByRole('button', { name: '删除职业技能证书 1' }).click();
  assert.equal(await steps.field(visitor, '/certificates/0/occupation').inputValue(), related);
  await steps.save(visitor);
  assert.deepEqual((await topicOf(client, 'certificates')).map(({ occupation, issued }) => [occupation, issued]), [[related, '2021-06-01']]);

  await visitor.goto(`${path}/work`);
  await steps.fillWork(visitor);
  await page.getByRole('button', { name: '再加一条工作经历' }).click();
  await steps.fillWork(visitor, { index: 1, from: '2022-12' });
  await steps.field(visitor, '/work/1/relation').getByRole('radio').last().check();
  await steps.field(visitor, '/work/1/occupation').selectOption({ label: related });
  await page.getByRole('button', { name: '删除工作经历 1' }).click();
  assert.equal(await steps.field(visitor, '/work/0/occupation').inputValue(), related);
  await steps.save(visitor);
  const { occupation, relation, from } = (await topicOf(client, 'work'))[0];
  assert.deepEqual([occupation, relation, from], [related, 'related', '2022-12']);
  await visitor.close();
});

test('a month that "until now" has taken away is not shown when it is unticked', async () => {
  const { client, visitor, path } = await applicant(14, withCondition);
  const { page } = visitor;
  await visitor.goto(`${path}/work`);
  await steps.fillWork(visitor, { to: '2023-02' });
  const now = page.getByRole('checkbox');
  await now.check();
  await now.uncheck();
  const shown = () => page.locator('#field-work-0-to').locator('xpath=..').locator('select').evaluateAll((lists) => lists.map(({ value }) => value));
  assert.deepEqual(await shown(), ['', '']);
  await page.getByRole('button', { name: '保存并返回' }).click();
  await page.getByRole('alert').getByRole('link', { name: /结束年月/ }).waitFor();
  await steps.month(visitor, '/work/0/to', '2023-02');
  await steps.save(visitor);
  assert.equal((await topicOf(client, 'work'))[0].to, '2023-02');
  await visitor.close();
});

test('a refusal to hand in stands beside the button, and what was handed in though its answer was lost is not asked for again', async () => {
  const { client, visitor, path } = await applicant(20, (each) => candidate.fill(each, 720));
  const { page } = visitor;
  const send = page.getByRole('button', { name: '提交申报' });
  await visitor.goto(`${path}/submit`);
  await send.waitFor();
  await elsewhere(client, 20, { employer: '别处填写的公司' });
  await send.click();
  await page.getByRole('alert').getByText(/已被修改过/).waitFor();
  await page.getByText('别处填写的公司').waitFor();
  // The focus goes there once what was changed elsewhere has come.
  await page.waitForFunction(() => document.activeElement.querySelector('[role=alert]') && document.activeElement.matches('main *'));
  await visitor.look('submit-refused');

  await page.route('**/submit', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await send.click();
  await page.locator('.timeline').getByText('提交申报').waitFor();
  await visitor.goto(`${path}/submit`);
  await page.getByText('这份申报现在不能提交。').waitFor();
  assert.ok(await send.isDisabled());
  await visitor.close();
});

test('what was wrong and is mended leaves the list above the form when it is saved by itself', async () => {
  const { visitor, path } = await applicant(22, (client) => candidate.topic(client, 'details', candidate.details(722, '王五')));
  const { page } = visitor;
  await visitor.goto(`${path}/details`);
  const wrong = async (fields) => {
    await amount(page.getByRole('alert').getByRole('link'), fields);
    await amount(page.locator('.field.wrong'), fields);
  };
  await steps.field(visitor, '/address').fill('');
  await steps.field(visitor, '/mobile').fill('1380000');
  await steps.field(visitor, '/employer').fill('');
  await page.getByRole('button', { name: '保存并返回' }).click();
  await wrong(2); // of the number the server says so, once nothing is missing
  await steps.field(visitor, '/employer').fill('无');
  await wrong(1);
  await steps.field(visitor, '/address').fill('北京市海淀区示例路1号');
  await wrong(0);
  await page.locator('.field.wrong').getByText('11位中国大陆手机号').waitFor();
  await page.getByText('尚未保存，已暂存在本机。').waitFor();
  await steps.field(visitor, '/mobile').fill('13800000000');
  await wrong(0);
  await page.getByText(/^已保存/).waitFor();
  await steps.field(visitor, '/address').fill('');
  await page.getByRole('button', { name: '保存并返回' }).click();
  await page.getByRole('alert').getByRole('link', { name: /通讯地址/ }).waitFor();
  await steps.field(visitor, '/address').fill('北京市海淀区另一条路1号');
  await page.getByText(/^已保存/).waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'field-address');
  await visitor.close();
});

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());

test('the focus stays where it was after a refusal, and goes to the heading where what was pressed is gone', async () => {
  const { client, visitor, path } = await applicant(23);
  const { page } = visitor;
  await visitor.goto('me');
  await page.getByRole('button', { name: '撤回同意' }).first().click();
  await page.getByText(/\d撤回：/).waitFor();
  await page.waitForFunction(() => document.activeElement.matches('h1'));
  await visitor.goto(path);
  await page.getByText('撤回申报').click();
  await page.getByRole('button', { name: '确定撤回' }).click();
  await page.locator('.timeline').getByText(/撤回$/).waitFor();
  await page.waitForFunction(() => document.activeElement.matches('h1'));
  await client.delete('/session', { expect: 204 });
  await visitor.goto('sign-in');
  await page.getByLabel('手机号').fill(client.mobile);
  await page.getByLabel('密码').fill('wrong-placeholder');
  await page.locator('form').getByRole('button', { name: '登录' }).click();
  await page.getByRole('alert').waitFor();
  await page.waitForFunction(() => document.activeElement.matches('form button'));
  assert.equal(await focused(page), '登录');
  await visitor.close();
});

test('a server that cannot say who is signed in sends nobody to the door, and takes nothing away that was typed', async () => {
  const { client, visitor, path } = await applicant(24);
  const { page } = visitor;
  await page.route('**/api/v1/session', (route) => route.abort());
  await visitor.goto(path);
  await page.getByRole('heading', { level: 1, name: '暂时连不上服务器' }).waitFor();
  await visitor.look('unknown');
  await page.unroute('**/api/v1/session');
  await page.getByRole('button', { name: '重试' }).click();
  await page.locator('.tasks').waitFor();
  assert.match(page.url(), new RegExp(`${path}$`));

  await visitor.goto(`${path}/details`);
  await steps.field(visitor, '/name').fill('李四');
  await client.delete('/session', { expect: 204 });
  await page.reload();
  await page.getByLabel('手机号').fill(client.mobile);
  await page.getByLabel('密码').fill(steps.password);
  await page.route('**/api/v1/session', (route) => route.abort());
  await Promise.all([page.waitForEvent('requestfailed'), page.getByRole('button', { name: '登录' }).click()]);
  await page.unroute('**/api/v1/session');
  await visitor.goto(`${path}/details`);
  await steps.field(visitor, '/name').waitFor();
  assert.equal(await steps.field(visitor, '/name').inputValue(), '李四');
  await visitor.close();
});

test('an answer that breaks off in the middle is no answer, and can be asked for again', async () => {
  const visitor = await Visitor.make(browser, deployment, 'haidian');
  const { page } = visitor;
  await page.addInitScript(() => {
    const real = window.fetch;
    window.fetch = async (request) => {
      const answer = await real(request);
      if (!request.url.includes('/plans')) return answer;
      window.fetch = real;
      const broken = { start: (body) => { body.enqueue(new TextEncoder().encode('{"plans":[')); body.error(new TypeError('broken off')); } };
      return new Response(new ReadableStream(broken), answer);
    };
  });
  await visitor.goto('');
  await page.getByRole('alert').getByText('没有收到回答').waitFor();
  await page.getByRole('button', { name: '重试' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.locator('main a[href*="plans/"]').first().waitFor();
  await visitor.close();
});

test('a picture that was chosen and not uploaded is not left behind without a word, and another can be chosen at once', async () => {
  const { visitor } = await materials(25);
  const { page } = visitor;
  const { scan } = await import('../http/pictures.mjs');
  const portrait = steps.tile(visitor, 'portrait');
  await steps.pick(visitor, 'portrait', steps.file('a.jpg', scan({ width: 200, height: 300 })));
  await portrait.getByRole('button', { name: '上传', exact: true }).click();
  await portrait.getByText(/至少要 295/).waitFor();
  assert.ok(await portrait.getByRole('button', { name: /^换一张/ }).isVisible());
  await portrait.locator('input[type=file]').setInputFiles(steps.pictures(7).portrait);
  await page.getByText(/至少要 295/).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: '返回申报' }).first().click();
  const box = page.getByRole('dialog', { name: '选好的图片还没有上传' });
  await box.getByText('白底个人一寸照片').waitFor();
  await visitor.look('materials-leave');
  await box.getByRole('button', { name: '留在这里' }).click();
  await portrait.getByRole('button', { name: '上传', exact: true }).click();
  await portrait.getByText('已上传', { exact: true }).waitFor();
  await page.getByRole('link', { name: '返回申报' }).first().click();
  await page.locator('.tasks').waitFor();
  await visitor.close();
});

test('what is missing in a row is asked for once, where it always is', async () => {
  const { visitor, path } = await applicant(21, withCondition);
  const { page } = visitor;
  await visitor.goto(`${path}/work`);
  await page.getByRole('button', { name: '保存并返回' }).click();
  await page.getByRole('alert').getByRole('link', { name: /与申报职业的关系/ }).waitFor();
  assert.equal(await page.locator('[id="field-work-0-relation"]').count(), 1);
  assert.equal(await page.getByRole('group', { name: '与申报职业的关系' }).count(), 1);
  await visitor.look('topic-work-faults');
  await visitor.close();
});

test('all that is wrong with a form stands above it, each a link to its field: what is empty and what is malformed at once, and then the rules', async () => {
  const { visitor, path } = await applicant(8);
  const { page } = visitor;
  await visitor.goto(`${path}/details`);
  await page.getByRole('button', { name: '保存并返回' }).click();
  const summary = page.getByRole('alert');
  assert.equal(await summary.getByRole('link').count(), 9);
  await visitor.look('topic-faults');
  await summary.getByRole('link', { name: /证件号码/ }).click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'field-id_number');
  const kind = (label) => steps.field(visitor, '/id_type').selectOption({ label });
  await kind('护照');
  await page.getByRole('button', { name: '保存并返回' }).click();
  for (const name of [/性别/, /出生日期/]) await summary.getByRole('link', { name }).waitFor();
  assert.equal(await summary.getByRole('link').count(), 10);
  assert.equal(await steps.field(visitor, '/ethnicity').count(), 0);
  await kind('居民身份证');
  await steps.fillDetails(visitor, 708);
  const told = async (values, wrong) => {
    for (const [name, value] of Object.entries(values)) await steps.field(visitor, `/${name}`).fill(value);
    await page.getByRole('button', { name: '保存并返回' }).click();
    for (const text of wrong) await summary.getByRole('link', { name: text }).waitFor();
    assert.equal(await summary.getByRole('link').count(), wrong.length);
  };
  await told({ employer: '', name: '张', postcode: '1000', email: 'example.com' }, [/请填写这一项/, /至少 2 个字/, /6 位数字/, /name@example/]);
  await visitor.look('topic-malformed');
  await told({ employer: '无', name: '张三', postcode: '100080', email: 'name@example.com', id_number: '110108199003075555', mobile: '1380000' },
    [/校验位/, /11位中国大陆手机号/]);
  await visitor.close();
});

test('markup in any field is text, wherever it is shown', async () => {
  const markup = '<img src=x onerror=alert(1)><b id=injected>';
  const { visitor } = await applicant(9, async (client) => {
    const details = { ...candidate.details(709, '张<b>三'), employer: markup, address: markup, political_status: '<b id=injected>' };
    await candidate.topic(client, 'details', details);
    await withCondition(client);
    const row = { ...candidate.period('2020-06', null), employer: markup, witness: '<b id=injected>', witness_phone: '<b id=injected>' };
    await candidate.topic(client, 'certificates', candidate.certificate());
    await candidate.topic(client, 'work', { work: [row] });
  });
  const { page } = visitor;
  for (const path of ['submit', 'details', 'work', '']) {
    await visitor.goto(`applications/${visitor.application}/${path}`.replace(/\/$/, ''));
    await visitor.settled();
    if (path === 'submit') await page.getByText(markup).first().waitFor();
    if (path === 'details') assert.equal(await steps.field(visitor, '/employer').inputValue(), markup);
    assert.equal(await page.locator('#injected, main img[src="x"]').count(), 0, path);
  }
  await visitor.look('markup');
  await visitor.close();
});
