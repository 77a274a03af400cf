// The server is killed at any moment of sending: no message is lost, one that was on its way goes once more at
// most, and the server's count of those is never less than what the peer has seen.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../http/client.mjs';
import { build, kaowu } from '../http/deployment.mjs';
import { eventually, pause } from '../http/patience.mjs';
import { seeded } from '../http/workload.mjs';
import { Scene, templates } from './scene.mjs';
import { Gateway, gatewaySecret, Tencent, tencentAccount } from './sms.mjs';

const rounds = Number(process.env.KAOWU_KILL_ROUNDS ?? 15);
const perRound = 6;
const seed = Number(process.env.KAOWU_SEED ?? Date.now() % 1000000);
const random = seeded(seed);
const slugs = ['haidian', 'shijingshan'];

let scene, peers;
const acknowledged = { haidian: [], shijingshan: [] }; // numbers that the server has promised a code to
let asked = 0;

before(async () => {
  scene = await Scene.make(slugs);
  peers = { haidian: await scene.peer(Tencent), shijingshan: await scene.peer(Gateway) };
  scene.apply('haidian', peers.haidian.settings(templates), tencentAccount.secretKey);
  scene.apply('shijingshan', peers.shijingshan.settings(), gatewaySecret);
  for (const peer of Object.values(peers)) peer.delay = () => random.between(0, 30);
});
after(() => scene.end());

// What was acknowledged counts; what was not may have been kept all the same.
async function ask(slug) {
  const mobile = `1380000${6000 + asked++}`;
  const headers = { 'x-forwarded-for': `192.0.2.${asked % 250}` };
  try {
    await new Client(scene.deployment, slug).post('/codes', { purpose: 'sign_up', mobile }, { headers, expect: 202 });
    acknowledged[slug].push(mobile);
  } catch (error) {
    if (error.code === 'ERR_ASSERTION') throw error;
  }
}

// Killed a moment after the first promise, or after the first message has reached a peer.
async function killedRound() {
  const reached = () => peers.haidian.requests.length + peers.shijingshan.requests.length;
  const before = reached();
  await scene.start();
  const work = Array.from({ length: perRound }, (_, i) => ask(slugs[i % 2]));
  await (random.between(0, 2) < 1
    ? Promise.race(work)
    : Promise.any(Object.values(peers).map((peer) => peer.until(() => reached() > before))));
  await pause(random.between(0, 60));
  await scene.deployment.kill();
  await Promise.all(work);
}

// [{id, state, lost, attempts}] of every message, by the administrator's own list.
async function messages(admin) {
  const all = [];
  for (let cursor; cursor !== null;) {
    const { body } = await admin.get(`/admin/messages${cursor ? `?cursor=${cursor}` : ''}`, { expect: 200 });
    all.push(...body.messages);
    cursor = body.next;
  }
  return all;
}

const settled = (admin) => eventually(() => `the end of every message\n${scene.deployment.log}`, async () => {
  const all = await messages(admin);
  return all.every((each) => ['sent', 'dead'].includes(each.state)) && all;
}, { every: 100 });

test(`killed ${rounds} times while it sends (seed ${seed}): nothing is lost, copies are counted`, async (t) => {
  for (let round = 0; round < rounds; round++) await killedRound();
  await scene.start();
  let lost = 0;
  for (const slug of slugs) {
    const admin = await new Client(scene.deployment, slug).accept('admin');
    const peer = peers[slug];
    let all = await settled(admin);
    assert.ok(
      all.length >= acknowledged[slug].length,
      `${slug}: ${all.length} messages for ${acknowledged[slug].length} promises`,
    );

    // What was lost twice is for a person; nothing else is dead. It goes alone, so that a kill leaves one such at most.
    const dead = all.filter((each) => each.state === 'dead');
    assert.ok(dead.length <= rounds, `${dead.length} dead`);
    for (const each of dead) assert.ok(each.lost >= 2, JSON.stringify(each));
    let copies = 0,
      counted = 0;
    for (const each of all) {
      const seen = peer.copies(each.id);
      assert.ok(seen <= 2, `${seen} copies of ${each.id}`);
      assert.ok(seen <= 1 + each.lost, `${seen} copies of ${each.id}, of which ${each.lost} are counted`);
      copies += Math.max(0, seen - 1);
      counted += each.lost;
    }
    lost += counted;
    t.diagnostic(
      `${slug}: ${all.length} messages, ${counted} attempts lost, ${copies} copies, ${dead.length} left to a person`,
    );

    if (dead.length > 0) kaowu(['outbox', 'resend', slug, '--dead', '--data', scene.deployment.data]);
    all = await settled(admin);
    for (const mobile of acknowledged[slug]) assert.ok(peer.to(mobile).length >= 1, `${mobile} got nothing`);
  }
  assert.ok(lost > 0, 'it was never killed while it sent');
  const words = ['doctor', '--language', 'en', '--data', scene.deployment.data];
  const doctor = spawnSync(join(build, 'kaowu'), words, { encoding: 'utf8' });
  assert.match(doctor.stdout, /ok {4}tenant haidian: database[^]*ok {4}tenant haidian: SMS by tencent/);
});
