// What docs/style.md says and a program can see. A rule is a name, the files that it is for, and a function that yields
// [place in the text, what is wrong] for a file. Rules about messages, which look at all files at once: messages.mjs.

import { posix } from 'node:path';

const { join } = posix;
const MOST_LINES = 70;
const MOST_COLUMNS = 120;
const MOST_COLUMNS_OF_ELEMENTS = 160; // a step of a scenario, an element of a page reads best as one line

const isC = (file) => /\.[ch]$/.test(file.path);
const isHeader = (file) => file.path.endsWith('.h');
const inCore = (file) => file.path.startsWith('core/') && isC(file);
const isPage = (file) => file.path.startsWith('core/web/src/');
const isCode = (file) => /\.([chs]|mjs|ts|vue|css|cmake)$|(^|\/)(dev|run|CMakeLists\.txt)$/.test(file.path);

function* matches(text, pattern, say) {
  for (const match of text.matchAll(pattern)) yield [match.index, say(match)];
}

// ---- Files ----

const openings = [
  [/\.[chs]$/, /^\/\*/],
  [/\.(mjs|ts)$/, /^(#!.*\n)?(\/\/|\/\*)/],
  [/\.css$/, /^\/\*/],
  [/\.vue$/, /^<!--/],
  [/\.sql$/, /^--/],
  [/\.cmake$|(^|\/)(dev|run|CMakeLists\.txt)$/, /^(#!.*\n)?#/],
];

function* opensWithComment(file) {
  const wanted = openings.find(([name]) => name.test(file.path));
  if (wanted && !wanted[1].test(file.text)) yield [0, 'a file opens with a comment that says why it exists'];
}

function* guarded(file) {
  const [, folder, name] = /^core\/(\w+)\/(\w+)\.h$/.exec(file.path) ?? [];
  const guard = /^\s*#ifndef (\w+)\n#define (\w+)\n/.exec(file.c.code);
  if (!guard || guard[1] !== guard[2] || !/\n#endif\s*$/.test(file.c.code))
    return yield [0, 'a header stands between #ifndef, #define and #endif'];
  const wanted = `KAOWU_${folder}_${name}_H`.toUpperCase();
  if (folder && name !== 'kaowu_plugin' && guard[1] !== wanted) yield [guard.index, `this guard should be ${wanted}`];
}

function* spaced(file) {
  yield* matches(file.text, /[ \t]+$/gm, () => 'space at the end of a line');
  yield* matches(file.text, /\r/g, () => 'carriage return');
  yield* matches(file.text, / +\t/g, () => 'space before a tab');
  if (!file.text.endsWith('\n') || file.text.endsWith('\n\n'))
    yield [file.text.length - 1, 'a file ends with one line end'];
}

const columns = (line) => [...line].reduce((column, sign) => (sign === '\t' ? (column | 7) + 1 : column + 1), 0);

// Tables are laid out by hand, so clang-format is off there.
function* short(file) {
  let at = 0;
  let table = false;
  const most = /^(tests\/(bench|http|browser)|core\/web)\//.test(file.path) ? MOST_COLUMNS_OF_ELEMENTS : MOST_COLUMNS;
  for (const line of file.text.split('\n')) {
    if (line.includes('clang-format off')) table = true;
    if (line.includes('clang-format on')) table = false;
    const width = columns(line);
    if (!table && width > most) yield [at, `${width} columns, more than ${most}`];
    at += line.length + 1;
  }
}

// ---- What must not stand anywhere ----

const unfinished = /\b(?:TO(?:DO)|FIX(?:ME)|XX(?:X)|HA(?:CK))\b/g;
const place = /\/(?:home|root)\/|\/work\/(?:main|shared)|\bregistry\.[a-z]+\.|\bdeb\.debian\b/g;
const mobile = /(?<!\d)1[3-9]\d{9}(?!\d)/g;

function* nobodysNumber(file) {
  for (const match of file.text.matchAll(mobile))
    if (!/^1\d\d0000\d{4}$/.test(match[0]))
      yield [match.index, `${match[0]} could be somebody's: placeholders are like 13800000000`];
}

// Pages draw text, never markup.
const markup = /\bv-html\b|\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write\b/g;

// ---- What is written for people leads to what is there: links, and files by their whole name. ----

const ending = String.raw`(?<!\/package-lock)\.(?:md|[ch]|mjs|ts|json)\b`;
const link = new RegExp(String.raw`\]\((?!https?:)([^)#]+${ending})`, 'g');
const named = new RegExp(String.raw`(?<![\w./-])(?:core|docs|plugins|schemas|tenants|tests)\/[\w./-]+${ending}`, 'g');

function* leads(file, files) {
  const here = (path) => files.some((other) => other.path === path);
  for (const { index, 1: to } of file.text.matchAll(link))
    if (!here(join(posix.dirname(file.path), to))) yield [index, `${to} leads nowhere`];
  for (const { index, 0: path } of file.text.matchAll(named))
    if (!here(path) && !here(join(posix.dirname(file.path), path))) yield [index, `there is no ${path}`];
}

// ---- docs/security.md: what it says that tests show ----

const shown = /`((?:unit|http|peers|plugin|browser|tidy)\/[\w/-]+)(?:#([^`]+))?`/g;

function* testsExist(file, files) {
  for (const { index, 0: reference, 1: name, 2: only = '' } of file.text.matchAll(shown)) {
    const test = files.find(({ path }) => path === `tests/${name}.c` || path === `tests/${name}.test.mjs`);
    if (!test?.text.includes(only)) yield [index, `there is no test ${reference}`];
  }
  for (const { index, 0: row } of file.text.matchAll(/^\|[^|]*\| met \|.*$/gm))
    if (!row.match(shown) && !row.includes('| read: ')) yield [index, 'nothing shows that this is met'];
}

// ---- C ----

const bannedNames =
  'strcpy strcat v?sprintf gets ato[ifl] strtok asctime ctime gmtime localtime time s?rand alloca setjmp longjmp';
const banned = new RegExp(`\\b(?:${bannedNames.replaceAll(' ', '|')})\\s*\\(`, 'g');

function* shortFunctions(file) {
  for (const { at, length } of file.c.bodies)
    if (length > MOST_LINES) yield [at, `a function of ${length} lines, more than ${MOST_LINES}`];
}

// docs/architecture.md has this table, and why.
const floors = {
  base: 1, net: 2, store: 2, worker: 2, tenant: 3, plugin: 3, document: 3, outbound: 3, exam: 4, api: 5, command: 6,
  part: 7,
};

function* includesDownwards(file, files) {
  const folder = file.path.split('/').slice(1, -1).join('/');
  for (const { path, at } of file.c.includes.filter((include) => include.ours)) {
    const [target, ...rest] = path.split('/');
    const own = rest.length === 0;
    const found = join('core', own ? folder : '', path);
    if (!files.some((other) => other.path === found)) yield [at, `there is no ${found}`];
    if (!own && target === folder) yield [at, `a neighbour is included by its name alone: "${rest.join('/')}"`];
    if (!own && folder && target !== folder && !(floors[target] < floors[folder]))
      yield [at, `${folder} (floor ${floors[folder]}) includes ${target} (floor ${floors[target] ?? 'unknown'})`];
  }
}

// A library that we did not write is known in one place.
const libraries = [
  [/^sqlite3\.h$/, /^core\/store\/sqlite/],
  [/^uv\.h$/, /^core\/(net|command)\//],
  [/^curl\//, /^core\/command\/https_client/],
  [/^llhttp\.h$/, /^core\/net\//],
  [/^(cJSON|pcre2|sodium|zip|zxcvbn)\.h$|^(openssl|cjson)\//, /^core\/base\//],
  [/^(seccomp|linux\/landlock)\.h$/, /^core\/worker\//],
  [/^(cairo|pango|fontconfig|qrencode|jpeglib|png)/, /^core\/document\//],
  [/^dlfcn\.h$/, /^core\/(plugin\/|base\/part\.)/],
];

function* librariesInPlace(file) {
  for (const { path, at } of file.c.includes.filter((include) => !include.ours)) {
    const rule = libraries.find(([name]) => name.test(path));
    if (rule && !rule[1].test(file.path)) yield [at, `<${path}> is for ${rule[1].source.replace(/[\\^]/g, '')} only`];
  }
}

function* sqliteInPlace(file) {
  if (!file.path.startsWith('core/store/sqlite'))
    yield* matches(file.c.code, /\bsqlite3?_\w+/g, (match) => `${match[0]} outside core/store/sqlite*`);
}

const withoutSql = /^core\/(base|net|worker|document|command)\//;
const sql = /^(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) /;

// What staff wrote may name somebody, and is forgotten with him; nothing else of the ledger is.
const forgetting = (file, value) =>
  file.path === 'core/exam/erasure.c' && value.startsWith('UPDATE payment_event SET note = NULL ');

function* sqlInPlace(file) {
  for (const { value, at } of file.c.literals) {
    if (sql.test(value) && withoutSql.test(file.path)) yield [at, 'there is no SQL in this folder'];
    if (/^UPDATE application SET[^;]*\bstate =/.test(value) && file.path !== 'core/exam/application.c')
      yield [at, 'only core/exam/application.c changes the state of an application'];
    if (/\b(?:UPDATE|DELETE FROM|REPLACE INTO) (?:audit|payment_event)\b/.test(value) && !forgetting(file, value))
      yield [at, 'what is written into the ledger and into the audit chain stays as it is'];
  }
}

// Two words behind IN are compared; more are a table to SQLite, which each run of the statement builds and drops.
const words = /\bIN \('[^')]*'(?:, '[^')]*'){2,}\)/g;

function* shortLists(file) {
  for (const { value, at } of file.c.literals)
    if (value.match(words)) yield [at, 'more than two words behind IN: say them by OR'];
}

// How long a comparison takes must not tell how much of a secret was right: equal_in_constant_time().
// By what it is called, not by what is called: not `secret(`.
const kept = String.raw`\b\w*(?:secret|signature|password|(?:code|token)_hash)\b(?!\()`;
const compared = new RegExp(String.raw`\b(?:strn?cmp|strn?casecmp|memcmp|text_equal)\([^;{}]*?${kept}`, 'g');

const saysDo = (match) => `${match[0]}: do it, or open an issue`;
const saysPlace = (match) => `${match[0]} is a place of one machine`;
const saysMarkup = (match) => `${match[0]}: text is drawn as text`;
const saysCompared = (match) => `${match[0].split('(')[0]}() on a secret: equal_in_constant_time()`;
const saysBanned = (match) => `${match[0]}...) is banned (docs/style.md)`;

export const rules = [
  { name: 'opening', for: () => true, check: opensWithComment },
  { name: 'guard', for: isHeader, check: guarded },
  { name: 'spaces', for: isCode, check: spaced },
  { name: 'columns', for: isCode, check: short },
  { name: 'unfinished', for: () => true, check: (file) => matches(file.text, unfinished, saysDo) },
  { name: 'place', for: () => true, check: (file) => matches(file.text, place, saysPlace) },
  { name: 'number', for: () => true, check: nobodysNumber },
  { name: 'banned', for: isC, check: (file) => matches(file.c.code, banned, saysBanned) },
  { name: 'secrets', for: inCore, check: (file) => matches(file.c.code, compared, saysCompared) },
  { name: 'markup', for: isPage, check: (file) => matches(file.text, markup, saysMarkup) },
  { name: 'leads', for: (file) => file.path.endsWith('.md'), check: leads },
  { name: 'shown', for: (file) => file.path === 'docs/security.md', check: testsExist },
  { name: 'length', for: isC, check: shortFunctions },
  { name: 'floors', for: inCore, check: includesDownwards },
  { name: 'libraries', for: inCore, check: librariesInPlace },
  { name: 'sqlite', for: inCore, check: sqliteInPlace },
  { name: 'sql', for: inCore, check: sqlInPlace },
  { name: 'lists', for: inCore, check: shortLists },
];
