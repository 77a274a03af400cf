// A resolver that does not answer: a centre whose provider's name it was asked for waits, and nobody else does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../http/client.mjs';
import { eventually } from '../http/patience.mjs';
import { Scene } from '../peers/scene.mjs';
import { Machine } from './faults.mjs';

let scene, machine;
before(async () => {
  scene = await Scene.make(['haidian', 'shijingshan']);
  machine = new Machine(scene.deployment.data);
  const webhook = { url: 'https://gateway.example/sms' };
  scene.apply('haidian', { provider: 'webhook', webhook }, 'a placeholder secret');
  await scene.start({ env: machine.env });
});
after(async () => {
  await scene.end();
  machine.remove();
});

test('a resolver that never answers holds up neither the server nor its end', { timeout: 120000 }, async () => {
  const [here, elsewhere] = ['haidian', 'shijingshan'].map((slug) => new Client(scene.deployment, slug));
  const admin = await new Client(scene.deployment, 'haidian').accept('admin');
  machine.deafen();
  await here.post('/codes', { purpose: 'sign_up', mobile: '13800005901' }, { expect: 202 });
  // Given up while the resolver still says nothing, and told by the same loop that would have had to wait for it.
  await eventually('an attempt that is given up', async () => {
    const { body } = await admin.get('/admin/messages', { expect: 200 });
    return body.messages[0]?.attempts === 1;
  }, { every: 100 });
  await elsewhere.get('/plans', { expect: 200 });
  assert.equal(await scene.deployment.stop(), 0);
});
