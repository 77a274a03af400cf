// The list of guards is kept: each stands where it says, once, and each test that it names is there. `./dev guards`
// does the rest.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { guards } from './list.mjs';
import { root, without } from './tree.mjs';

test('each guard can be taken out, and has a test that misses it', () => {
  assert.equal(new Set(guards.map(({ guard }) => guard)).size, guards.length, 'two have one name');
  for (const each of guards) {
    assert.ok(without(each).length > 0);
    assert.ok(each.red.length > 0, each.guard);
    for (const [name, only = ''] of each.red.map((red) => red.split('#'))) {
      const files = ['c', 'test.mjs'].map((end) => join(root, 'tests', `${name}.${end}`));
      const file = files.find((path) => existsSync(path));
      for (const part of only.split('|'))
        assert.ok(file && readFileSync(file, 'utf8').includes(part), `${each.guard}: ${name}, ${part}`);
      assert.ok(!only || file.endsWith('.mjs'), `${name} is run as a whole`);
    }
  }
});
