// Plugins for tests: those of tests/plugin/fixtures, and those made on the spot from a line or two over the decent one.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, root } from './deployment.mjs';

export const fixture = (name) => join(build, 'tests-plugins', `${name}.so`);

// `kaowu plugin ...`: {status, out, error}.
export function plugin(words, options = {}) {
  const { status, stdout, stderr } = spawnSync(join(build, 'kaowu'), ['plugin', ...words], { encoding: 'utf8', ...options });
  return { status, out: stdout, error: stderr };
}

// Builds a plugin of the decent one's tables and what is written over them; `before` stands above. Gives its path.
let made = 0;
export function makePlugin(folder, tables, { before = '' } = {}) {
  const file = join(folder, `made-${++made}`);
  writeFileSync(`${file}.c`, `#include "decent.h"\n${before}\nDECENT(${tables});\n`);
  const places = ['core/plugin', 'plugins', 'tests/plugin/fixtures'].map((place) => `-I${join(root, place)}`);
  const flags = ['-std=c11', '-w', '-shared', '-fPIC', '-fvisibility=hidden'];
  execFileSync('cc', [...flags, ...places, '-o', `${file}.so`, `${file}.c`, '-lm']);
  return `${file}.so`;
}
