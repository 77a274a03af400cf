// Messages by real protocols: both clouds and a centre's own gateway, over TLS, with every trouble that a provider
// can make.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import https from 'node:https';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import aliyunClient from '@alicloud/openapi-core';
import tencentClient from 'tencentcloud-sdk-nodejs-common/tencentcloud/common/common_client.js';
import { Client } from '../http/client.mjs';
import { build, kaowu } from '../http/deployment.mjs';
import { eventually } from '../http/patience.mjs';
import { Scene, templates } from './scene.mjs';
import { Aliyun, aliyunAccount, Gateway, gatewaySecret, Tencent, tencentAccount } from './sms.mjs';

let scene, tencent, aliyun, gateway;
const admins = {};
const numbers = [];
let logs = '';

// A number of nobody, and the code for it asked from an address of its own.
function number() {
  numbers.push(`1380000${String(5000 + numbers.length)}`);
  return numbers.at(-1);
}
async function codeFor(slug, mobile) {
  const headers = { 'x-forwarded-for': `192.0.2.${numbers.length}` };
  await new Client(scene.deployment, slug).post('/codes', { purpose: 'sign_up', mobile }, { headers, expect: 202 });
}

async function messageTo(slug, mobile, holds, state) {
  return eventually(() => `such a message to ${mobile}\n${scene.deployment.log}`, async () => {
    const { body } = await admins[slug].get(`/admin/messages${state ? `?state=${state}` : ''}`, { expect: 200 });
    const found = body.messages.find((each) => each.mobile === `${mobile.slice(0, 3)}****${mobile.slice(7)}`);
    return found && holds(found, body.channel) && { message: found, channel: body.channel };
  }, { every: 50 });
}
const sent = (message) => message.state === 'sent';

const command = (...words) =>
  spawnSync(join(build, 'kaowu'), [...words, '--data', scene.deployment.data], {
    encoding: 'utf8',
    env: { ...process.env, LANG: 'en_US.UTF-8' },
  });

async function restart(options) {
  logs += scene.deployment.log;
  await scene.restart(options);
}

before(async () => {
  scene = await Scene.make(['haidian', 'shijingshan']);
  [tencent, aliyun, gateway] = [await scene.peer(Tencent), await scene.peer(Aliyun), await scene.peer(Gateway)];
  scene.apply('haidian', tencent.settings(templates), tencentAccount.secretKey);
  scene.apply('shijingshan', gateway.settings(), gatewaySecret);
  await scene.start();
  for (const slug of ['haidian', 'shijingshan'])
    admins[slug] = await new Client(scene.deployment, slug).accept('admin');
});
after(() => scene.end());

// ---- The peers themselves ----

test("the simulator of Tencent takes what Tencent's own SDK sends, and refuses a wrong key", async () => {
  const { secretId, secretKey, appId, sign } = tencentAccount;
  const lookup = (name, options, done) =>
    options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
  const agent = new https.Agent({ ca: readFileSync(scene.authority.ca), lookup });
  const ask = (key) =>
    new tencentClient.CommonClient(`sms.peer.localhost:${tencent.port}`, '2021-01-11', {
      credential: { secretId, secretKey: key },
      region: 'ap-guangzhou',
      profile: { httpProfile: { agent } },
    }).request('SendSms', {
      PhoneNumberSet: ['+8613800000001'],
      SmsSdkAppId: appId,
      SignName: sign,
      TemplateId: '1',
      TemplateParamSet: ['1'],
    });
  const [now, clock] = [tencent.now, Date.now];
  tencent.now = clock;
  try {
    assert.equal((await ask(secretKey)).SendStatusSet[0].Code, 'Ok');
    await assert.rejects(ask('another key'), { code: 'AuthFailure.SignatureFailure' });
  } finally {
    tencent.now = now;
    tencent.taken = [];
  }
});

test("the simulator of Aliyun takes what Aliyun's own client sends, and refuses a wrong key", async () => {
  const { id, secret, sign } = aliyunAccount;
  const { Config, OpenApiRequest, Params } = aliyunClient.$OpenApiUtil;
  const call = new Params({
    action: 'SendSms', version: '2017-05-25', pathname: '/', method: 'POST', protocol: 'HTTPS',
    authType: 'AK', style: 'RPC', reqBodyType: 'json', bodyType: 'json',
  });
  const request = new OpenApiRequest({
    query: { PhoneNumbers: '13800000001', SignName: sign, TemplateCode: 'SMS_1', TemplateParam: '{"code":"1"}' },
  });
  const ask = (accessKeySecret) =>
    new aliyunClient.default(new Config({
      accessKeyId: id, accessKeySecret, endpoint: `127.0.0.1:${aliyun.port}`,
      ca: readFileSync(scene.authority.ca, 'utf8'),
    })).callApi(call, request, { autoretry: false });
  const [now, clock] = [aliyun.now, Date.now];
  aliyun.now = clock;
  try {
    assert.equal((await ask(secret)).body.Code, 'OK');
    await assert.rejects(ask('another key'), { code: 'SignatureDoesNotMatch' });
  } finally {
    aliyun.now = now;
    aliyun.taken = [];
  }
});

// ---- What arrives ----

test('Tencent gets a code with sign, template and parameters, and it opens an account', async () => {
  const mobile = number();
  await codeFor('haidian', mobile);
  await tencent.until(() => tencent.to(mobile).length === 1);
  const [message] = tencent.to(mobile);
  assert.equal(message.sign, tencentAccount.sign);
  assert.equal(message.template, templates.code_sign_up.id);
  assert.match(message.params[0], /^\d{6}$/);
  await new Client(scene.deployment, 'haidian').post(
    '/accounts',
    { mobile, code: message.params[0], password: 'placeholder-password' },
    { expect: 201 },
  );
  const { message: row } = await messageTo('haidian', mobile, sent);
  assert.deepEqual([row.provider, row.id, row.lost, row.delivered], ['tencent', message.key, 0, null]);
});

test("a centre's gateway gets the whole text, signed", async () => {
  const mobile = number();
  await codeFor('shijingshan', mobile);
  await gateway.until(() => gateway.to(mobile).length === 1);
  const [message] = gateway.to(mobile);
  assert.equal(message.event, 'code_sign_up');
  assert.ok(message.text.includes(message.params.code));
  await messageTo('shijingshan', mobile, sent);
});

test('Aliyun gets its parameters by name', async () => {
  scene.apply('haidian', aliyun.settings(templates), aliyunAccount.secret);
  const mobile = number();
  await codeFor('haidian', mobile);
  await aliyun.until(() => aliyun.to(mobile).length === 1);
  const [message] = aliyun.to(mobile);
  assert.equal(message.sign, aliyunAccount.sign);
  assert.equal(message.template, templates.code_sign_up.id);
  assert.match(message.params.code, /^\d{6}$/);
  await messageTo('haidian', mobile, sent);
});

test('settings that do not fit are refused by JSON pointer, and nothing changes', () => {
  const { approved, ...others } = templates;
  const wrong = {
    ...tencent.settings({ ...others, ticket: { id: '1', params: [{ name: 'weather' }] }, tickets: approved }),
    tencent: undefined,
  };
  assert.throws(
    () => scene.apply('haidian', wrong),
    (error) => {
      for (const pointer of [
        '/sms/tencent',
        '/sms/templates/approved',
        '/sms/templates/ticket/params/0/name',
        '/sms/templates/tickets',
      ])
        assert.ok(error.stderr.includes(`${pointer}: `), `${pointer} in ${error.stderr}`);
      return true;
    },
  );
});

// ---- Trouble ----

for (const [Kind, name] of [
  [Tencent, 'Tencent'],
  [Aliyun, 'Aliyun'],
  [Gateway, 'the gateway'],
])
  for (const [trouble, lost] of [
    ['500', 1],
    ['reset', 1],
    ['garbled', 1],
    ['long', 1],
    ['hang', 1],
  ])
    test(`${name} in trouble (${trouble}): the message arrives later, and another centre's does not wait`, async () => {
      const peer = scene.peers.find((each) => each instanceof Kind);
      const other = Kind === Gateway ? aliyun : gateway;
      const [slug, elsewhere] = Kind === Gateway ? ['shijingshan', 'haidian'] : ['haidian', 'shijingshan'];
      if (Kind === Tencent) scene.apply('haidian', tencent.settings(templates), tencentAccount.secretKey);
      if (Kind === Aliyun) scene.apply('haidian', aliyun.settings(templates), aliyunAccount.secret);
      const [mobile, neighbour] = [number(), number()];
      const asked = peer.requests.length;
      peer.trouble = trouble;
      await codeFor(slug, mobile);
      await peer.until(() => peer.requests.length > asked);
      await codeFor(elsewhere, neighbour);
      await other.until(() => other.to(neighbour).length === 1);
      // A gateway takes any 2xx, whatever its body: that much of it came.
      if (Kind === Gateway && trouble === 'garbled') {
        await messageTo(slug, mobile, sent);
        peer.trouble = null;
        return;
      }
      await messageTo(slug, mobile, (message) => message.attempts === 1);
      peer.trouble = null;
      await restart({ later: 60000 });
      await peer.until(() => peer.to(mobile).length === 1);
      const { message } = await messageTo(slug, mobile, sent);
      assert.deepEqual([message.lost, message.attempts], [lost, 2]);
    });

test('a certificate that nobody vouches for is no way out', async () => {
  logs += scene.deployment.log;
  await scene.deployment.stop();
  const mobile = number();
  const trusted = scene.authority.ca;
  scene.authority.ca = '/etc/ssl/certs/ca-certificates.crt';
  await scene.start();
  await codeFor('shijingshan', mobile);
  const { message } = await messageTo('shijingshan', mobile, (each) => each.attempts === 1);
  assert.equal(message.lost, 0);
  scene.authority.ca = trusted;
  await restart({ later: 60000 });
  await gateway.until(() => gateway.to(mobile).length === 1);
});

test('an account that is refused is told to the administrator and costs nothing; it goes when corrected', async () => {
  scene.apply('haidian', tencent.settings(templates), 'a key that is not right');
  const mobile = number();
  await codeFor('haidian', mobile);
  const { message, channel } = await messageTo('haidian', mobile, (each) => each.provider_code);
  assert.deepEqual(
    [message.state, message.attempts, message.provider_code],
    ['waiting', 0, 'AuthFailure.SignatureFailure'],
  );
  assert.match(channel.trouble, /密钥/);
  scene.secret('haidian', 'sms-tencent', tencentAccount.secretKey);
  await tencent.until(() => tencent.to(mobile).length === 1);
  await messageTo('haidian', mobile, sent);
});

test('what is refused for good is dead: listed masked, and sent again by route and by command', async () => {
  const [first, second] = [number(), number()];
  gateway.refuse = () => 422;
  for (const mobile of [first, second]) {
    await codeFor('shijingshan', mobile);
    await messageTo('shijingshan', mobile, () => true, 'dead');
  }
  gateway.refuse = () => null;
  const listed = command('outbox', 'list', 'shijingshan', '--dead').stdout;
  assert.equal(listed.match(/ dead /g).length, 2);
  for (const mobile of [first, second])
    assert.ok(!listed.includes(mobile) && listed.includes(`138****${mobile.slice(7)}`));

  const { message } = await messageTo('shijingshan', first, () => true, 'dead');
  await admins.shijingshan.post(`/admin/messages/${message.id}/resend`, undefined, { expect: 204 });
  await gateway.until(() => gateway.to(first).length === 1);
  assert.equal(gateway.to(second).length, 0);
  assert.equal(command('outbox', 'resend', 'shijingshan', message.id).status, 1);
  assert.match(command('outbox', 'resend', 'shijingshan', '--dead').stdout, /goes again/);
  await gateway.until(() => gateway.to(second).length === 1);
  assert.match(command('outbox', 'list', 'shijingshan').stdout, /webhook: \d+ of 10000 messages today/);
  assert.equal(command('outbox', 'resend', 'shijingshan').status, 2);
});

// Makes copies of a message, all of them dead, which never expire.
const multiply = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
own = ('id', 'event_key', 'state', 'expires_at')
rest = ', '.join(row[1] for row in db.execute('PRAGMA table_info(outbox)') if row[1] not in own)
with db:
    for number in range(150):
        db.execute(f"INSERT INTO outbox (id, event_key, state, {rest}) SELECT ?1 || id, ?1 || event_key, 'dead', {rest}"
                   " FROM outbox WHERE id NOT LIKE 'copy%' LIMIT 1", (f'copy{number:03}-',))`;
const deadCopies = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
print(db.execute("SELECT COUNT(*) FROM outbox WHERE state = 'dead' AND id LIKE 'copy%'").fetchone()[0])`;
// Runs a command whose output nobody takes.
const unread = `
import os, subprocess, sys
out, into = os.pipe()
os.close(out)
subprocess.run(sys.argv[1:], stdout=into)`;

test('what was said to go again goes, also where nobody reads on', async (t) => {
  logs += scene.deployment.log;
  await scene.deployment.stop();
  const data = mkdtempSync(join(tmpdir(), 'kaowu-dead-'));
  t.after(() => rmSync(data, { recursive: true }));
  cpSync(scene.deployment.data, data, { recursive: true });
  await scene.start();
  const database = join(data, 'tenants', 'shijingshan', 'tenant.db');
  const python = (...words) => execFileSync('python3', ['-c', ...words], { encoding: 'utf8' }).trim();
  const outbox = (verb) => ['outbox', verb, 'shijingshan', '--dead', '--data', data];
  python(multiply, database);
  assert.equal(kaowu(outbox('list')).match(/^copy\d{3}-\S+ {2}dead /gm).length, 150);
  assert.equal(python(deadCopies, database), '150');
  python(unread, join(build, 'kaowu'), ...outbox('resend'));
  assert.equal(python(deadCopies, database), '50');
  assert.equal(kaowu(outbox('resend')).match(/^copy\d{3}-\S+ {2}goes again$/gm).length, 50);
  assert.equal(python(deadCopies, database), '0');
});

// What Tencent says of a message that has arrived.
const tencentReport = ({ mobile, reference }) => [
  {
    user_receive_time: '2026-11-23 09:00:09',
    nationcode: '86',
    mobile,
    report_status: 'SUCCESS',
    errmsg: 'DELIVRD',
    description: '用户短信送达成功',
    sid: reference,
  },
];

test('a delivery report is kept when it comes to the address that the provider knows', async () => {
  const mobile = number();
  await codeFor('haidian', mobile);
  await tencent.until(() => tencent.to(mobile).length === 1);
  const { channel } = await messageTo('haidian', mobile, sent);
  const report = tencentReport(tencent.to(mobile)[0]);
  const client = new Client(scene.deployment, 'haidian');
  await client.post(`/${channel.reports.slice(0, -4)}0000`, report, { expect: 404 });
  await client.post(`/${channel.reports}`, [{ nonsense: 1 }], { expect: 422 });
  assert.deepEqual((await client.post(`/${channel.reports}`, report, { expect: 200 })).body, {
    result: 0,
    errmsg: 'OK',
    code: 0,
    msg: 'OK',
  });
  const { message } = await messageTo('haidian', mobile, sent);
  assert.equal(message.delivered, true);
});

test('a report is kept that comes before all that went out together are answered', async () => {
  const [first, second, third] = [number(), number(), number()];
  const { channel } = await messageTo('haidian', numbers.at(-4), sent);
  tencent.hold();
  await codeFor('haidian', first);
  await tencent.until(() => tencent.held.length === 1);
  for (const mobile of [second, third]) await codeFor('haidian', mobile); // they wait, and go together
  tencent.held.pop().go();
  await tencent.until(() => tencent.held.length === 2);
  const before = tencent.taken.length;
  tencent.held.pop().go();
  await eventually('one of the two is taken', () => tencent.taken.length > before);
  const early = tencent.taken.at(-1);
  const client = new Client(scene.deployment, 'haidian');
  await client.post(`/${channel.reports}`, tencentReport(early), { expect: 200 });
  tencent.letGo();
  const { message } = await messageTo('haidian', early.mobile, sent);
  assert.equal(message.delivered, true);
  const other = early.mobile === second ? third : second;
  assert.equal((await messageTo('haidian', other, sent)).message.delivered, null);
});

test('numbers, codes and secrets are in no log', () => {
  const all = logs + scene.deployment.log;
  assert.ok(all.includes('outbox.failed') && all.includes('outbox.paused'));
  const codes = [...tencent.taken.map(({ params }) => params[0]), ...gateway.taken.map(({ params }) => params.code)];
  for (const secret of [...numbers, tencentAccount.secretKey, aliyunAccount.secret, gatewaySecret])
    assert.ok(!all.includes(secret), secret);
  for (const code of codes) assert.doesNotMatch(all, new RegExp(`(?<![0-9a-f.])${code}(?![0-9a-f])`));
});
