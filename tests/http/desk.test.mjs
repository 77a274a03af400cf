// What the desk can rely on: a lease that reading keeps.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import * as candidate from './candidate.mjs';
import { Deployment } from './deployment.mjs';
import * as staff from './staff.mjs';

const slug = 'haidian';
let deployment, office;
before(async () => {
  deployment = await (await Deployment.make({ tenants: [slug] })).start();
  office = await staff.office(deployment, slug);
});
after(() => deployment.end());

async function restartAt(clock) {
  assert.equal(await deployment.stop(), 0);
  await deployment.start({ clock });
}

test('a reviewer who reads on keeps the lease, and nobody else does by reading', async () => {
  const client = new Client(deployment, slug);
  await candidate.apply(client, 101, '13800005101');
  const path = `/review/applications/${client.application}`;
  const { reviewer1, reviewer2 } = office;
  const until = async (reviewer) => (await reviewer.get(path, { expect: 200 })).body.lease.until;
  const settled = async (before) => {
    for (let tries = 0; tries < 200; tries++) {
      const now = await until(reviewer2);
      if (now !== before) return now;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return before;
  };
  await reviewer1.post(`${path}/lease`, {}, { expect: 200 });
  const first = await until(reviewer1);

  await restartAt('2026-11-23T09:12:00+08:00');
  assert.equal(await until(reviewer2), first);
  await reviewer1.get(`${path}/materials/portrait`, { expect: 200 });
  const second = await settled(first);
  assert.ok(second > '2026-11-23T09:26:00', second);

  await restartAt('2026-11-23T09:25:00+08:00');
  const { body } = await reviewer1.get(`${path}/notice`, { expect: 200 });
  assert.equal(body.computed, 'undecided');
  const third = await settled(second);
  assert.ok(third > '2026-11-23T09:39:00', third);
  await reviewer1.put(`${path}/items/details`, { outcome: 'pass' }, { expect: 200 });
});
