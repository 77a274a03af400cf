// Plugins for tests: those of tests/plugin/fixtures, and those made on the spot from a line or two over the decent one.
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

// Beside the server, which is to go on meanwhile: {status, out, error, ms}.
export function installBeside(deployment, path) {
  const begun = Date.now();
  return new Promise((resolve) => {
    const words = ['plugin', 'install', path, '--trust-unsigned', '--data', deployment.data];
    execFile(join(build, 'kaowu'), words, { env: { ...process.env, LANG: 'en_US.UTF-8' } }, (failure, out, error) =>
      resolve({ status: failure ? failure.code : 0, out, error, ms: Date.now() - begun }));
  });
}

// Processes of a deployment, other than the server itself.
export function processesOf(deployment) {
  const found = [];
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let words = '';
    try {
      words = readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      continue; // it has ended meanwhile
    }
    if (words.includes(deployment.data) && Number(id) !== deployment.server.pid) found.push(words);
  }
  return found;
}
