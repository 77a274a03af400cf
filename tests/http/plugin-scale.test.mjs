// Many plugins: they are installed and listed, and a start with all of them asks none of them anything (S22).
//
// tests/bench/plugins does the same with two thousand, by the clock and the scales.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from './client.mjs';
import { build, kaowu } from './deployment.mjs';
import { deploymentWith, filled, planFor } from './plugin_plans.mjs';

const count = 50;
const numbers = Array.from({ length: count }, (_, number) => String(number).padStart(4, '0'));

let deployment;
before(async () => {
  deployment = await deploymentWith(['edition_1'], ['edition.1']);
});
after(() => deployment.end());

// Another id of the same length written over the plugin's own, so that nothing else in the file moves.
function generated(number) {
  const file = readFileSync(join(build, 'plugins', 'e-commerce-specialist_level_3.so'));
  const [id, other] = ['e-commerce-specialist.3', `generated-plugin-${number}.3`].map((text) => Buffer.from(`${text}\0`));
  const at = file.indexOf(id);
  assert.ok(at > 0 && id.length === other.length && file.indexOf(id, at + 1) < 0);
  other.copy(file, at);
  return file;
}

const list = () => JSON.parse(kaowu(['plugin', 'list', '--json', '--data', deployment.data]));

test(`${count} plugins are installed by one command, and listed`, () => {
  const files = numbers.map((number) => join(deployment.data, `${number}.so`));
  numbers.forEach((number, i) => writeFileSync(files[i], generated(number)));
  kaowu(['plugin', 'install', ...files, '--trust-unsigned', '--data', deployment.data], { stdio: 'pipe' });
  for (const file of files) rmSync(file);
  const found = list().filter(({ id, state }) => id.startsWith('generated-plugin-') && state === 'active').map(({ id }) => id);
  assert.deepEqual(found.sort(), numbers.map((number) => `generated-plugin-${number}.3`));
});

// Whether a process has a child, or has had one: the page faults of those that were waited for stay with their parent.
function hasChildren(parent) {
  const fieldsOf = (id) => readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ').map(Number);
  const [, , , , , , , , faults] = fieldsOf(parent);
  return faults > 0 || readdirSync('/proc').filter((name) => /^\d+$/.test(name)).some((id) => {
    try {
      return fieldsOf(id)[1] === parent;
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

test('a start with all of them starts no process', async () => {
  await deployment.start();
  const client = new Client(deployment, 'haidian');
  await client.get('/plans', { expect: 200 });
  const { id } = await planFor(client, 'edition.1');
  await client.get(`/plans/${id}`, { expect: 200 });
  assert.ok(!hasChildren(deployment.server.pid));
});

test('and one that is started would have been seen', async () => {
  await filled(deployment, 1, 'edition.1');
  assert.ok(hasChildren(deployment.server.pid));
  assert.equal(await deployment.stop(), 0);
});
