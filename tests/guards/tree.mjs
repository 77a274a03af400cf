// A copy of the tree, below build/, in which a guard can be taken out and put back. Contract: what is not changed keeps
// its time, so that ninja builds again only what a change touches.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const copied = ['CMakeLists.txt', 'core', 'docs', 'plugins', 'schemas', 'tenants', 'tests', 'dev', '.clang-format'];
const left = /^(node_modules|build|generated)$/;

const read = (path) => (existsSync(path) ? readFileSync(path) : null);

function write(path, bytes) {
  if (read(path)?.equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

function* filesIn(folder, path) {
  let entries;
  try {
    entries = readdirSync(join(folder, path), { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') yield path;
    if (['ENOTDIR', 'ENOENT'].includes(error.code)) return;
    throw error;
  }
  for (const entry of entries) {
    if (left.test(entry.name)) continue;
    if (entry.isDirectory()) yield* filesIn(folder, join(path, entry.name));
    else if (entry.isFile()) yield join(path, entry.name);
  }
}

// Makes the copy like the tree.
export function copyTree(to) {
  const wanted = new Set(copied.flatMap((path) => [...filesIn(root, path)]));
  for (const path of wanted) write(join(to, path), readFileSync(join(root, path)));
  for (const path of copied.flatMap((each) => [...filesIn(to, each)])) if (!wanted.has(path)) rmSync(join(to, path));
}

// The text of a guard's file without the guard. Throws unless the guard stands there once, so that the list cannot rot.
export function without({ guard, file, from, to }) {
  const parts = readFileSync(join(root, file), 'utf8').split(from);
  if (parts.length !== 2) throw new Error(`"${guard}" stands in ${file} ${parts.length - 1} times, not once: ${from}`);
  return parts.join(to);
}

export const takeOut = (copy, each) => write(join(copy, each.file), Buffer.from(without(each)));
export const putBack = (copy, { file }) => write(join(copy, file), readFileSync(join(root, file)));
