// What the documents show must be what the program says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kaowu, root } from './deployment.mjs';

test('the state diagram in docs/architecture.md is the one that the table prints', () => {
  const text = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
  const shown = text.match(/<!-- kaowu diagram -->\n```mermaid\n([\s\S]*?)```/)[1];
  assert.equal(shown, kaowu(['diagram']));
});
