// Holds the tree to docs/style.md, as far as a program can: node tests/tidy/tidy.mjs [FOLDER]. One line a fault.
//
// In JavaScript, because node is what tests/http runs on anyhow, and it takes JSON and regular expressions as they
// come, where a shell would need one more tool for each.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CSource } from './c_source.mjs';
import { checkMessages } from './messages.mjs';
import { rules } from './rules.mjs';

const notOurs = /^(\.git|build|build-.*|node_modules|demo-data.*|generated|package-lock\.json|LICENSE)$/;

class File {
  constructor(path, text) {
    Object.assign(this, { path, text });
    if (/\.[ch]$/.test(path)) this.c = new CSource(text);
  }

  line(at) {
    return this.text.slice(0, at).split('\n').length;
  }
}

function* walk(root, folder = '') {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (notOurs.test(entry.name)) continue;
    if (entry.isDirectory()) yield* walk(root, path);
    else if (entry.isFile()) yield path;
  }
}

function read(root) {
  return [...walk(root)].sort()
    .map((path) => new File(path, readFileSync(join(root, path), 'utf8')))
    .filter((file) => !file.text.includes('\0'));
}

// {faults: [{path, line, rule, what}], unused: [code], files: count}
export function tidy(root) {
  const files = read(root);
  const faults = [];
  const tell = (file, at, rule, what) => faults.push({ path: file.path, line: file.line(at), rule, what });
  for (const rule of rules)
    for (const file of files.filter(rule.for))
      for (const [at, what] of rule.check(file, files)) tell(file, at, rule.name, what);
  const { faults: messageFaults, unused } = checkMessages(files);
  for (const { file, at, what } of messageFaults) tell(file, at, 'messages', what);
  return { faults, unused, files: files.length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { faults, unused, files } = tidy(process.argv[2] ?? join(dirname(process.argv[1]), '..', '..'));
  for (const { path, line, rule, what } of faults) console.log(`${path}:${line}: [${rule}] ${what}`);
  if (unused.length > 0) console.log(`note: nothing in core/ seems to use ${unused.join(' ')}`);
  console.log(`${files} files, ${faults.length} faults`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
