#!/usr/bin/env node
// Measures a build beside what others do with the same work: bench.mjs BUILD [--quick] [ROW...].
//
// A row is a file of rows/: {work, beside, measure(scene)}, which gives {reach: [{what, value, least or most, unit}], figures,
// instructions, ...}. Ratios count, not times: what is compared ran in turns, on one machine, on one core. The rows go to
// <BUILD>/../bench/bench.json, the table to bench.md beside it. Fails if a row could not be measured; not if a target was missed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join, resolve } from 'node:path';
import { Scene, root } from './scene.mjs';

const order = [
  'idle', 'list', 'read', 'submissions', 'slow_disk', 'uploads', 'tickets', 'passwords', 'neighbours', 'tenants', 'many', 'million',
  'plugins', 'bills',
];

const rounded = (value) => Number(value.toPrecision(3));

function verdict({ value, least, most }) {
  if (least === undefined && most === undefined) return '';
  const target = least ?? most;
  if (least !== undefined ? value >= least : value <= most) return 'met';
  return target ? `missed by ${Math.round(Math.abs(value / target - 1) * 100)} %` : 'missed';
}

function* lines(rows) {
  yield ['work', 'beside', 'measured', '', 'target', ''];
  for (const row of rows) {
    if (row.error) yield [row.work, row.beside, 'could not be measured', '', '', ''];
    for (const each of row.reach ?? []) {
      const { what, value, least, most, unit = '×' } = each;
      const target = least !== undefined ? `≥ ${least} ${unit}` : most !== undefined ? `≤ ${most} ${unit}` : '';
      yield [row.work, row.beside, what, `${rounded(value)} ${unit}`, target, verdict(each)];
    }
  }
}

const wide = (text) => [...text].length;
const markdown = (table) => table.map((line, i) => `| ${line.join(' | ')} |\n${i ? '' : `|${' --- |'.repeat(line.length)}\n`}`).join('');

// For people: what was measured, and under each row's name.
function plain(rows) {
  const [head, ...table] = [...lines(rows)].map((line) => line.slice(2));
  const widths = head.map((_, i) => Math.max(...table.map((line) => wide(line[i]))));
  const print = (line) => `  ${line.map((cell, i) => cell + ' '.repeat(Math.max(0, widths[i] - wide(cell)))).join('  ')}`.trimEnd();
  let at = 0;
  return rows.map((row) => {
    const count = row.error ? 1 : row.reach.length;
    const own = table.slice(at, (at += count)).map(print);
    return [`${row.work}, beside ${row.beside}`, ...own].join('\n');
  }).join('\n');
}

async function measure(name, build, quick) {
  const { work, beside, measure: measureRow } = await import(`./rows/${name}.mjs`);
  const scene = new Scene(build, quick);
  const from = Date.now();
  try {
    return { row: name, work, beside, ...(await measureRow(scene)), seconds: Math.round((Date.now() - from) / 1000) };
  } catch (error) {
    console.error(`bench: ${name}: ${error.stack}`);
    return { row: name, work, beside, error: error.message, seconds: Math.round((Date.now() - from) / 1000) };
  } finally {
    scene.clean();
  }
}

const [folder, ...words] = process.argv.slice(2);
const names = words.filter((word) => word !== '--quick');
const unknown = names.find((name) => !existsSync(join(root, 'tests/bench/rows', `${name}.mjs`)));
if (!folder || unknown) {
  console.error(`bench knows ${order.join(', ')}${unknown ? `, and no ${unknown}` : ''}`);
  process.exit(2);
}
const build = resolve(folder);
const rows = [];
for (const name of names.length ? names : order) {
  const row = await measure(name, build, words.includes('--quick'));
  rows.push(row);
  console.log(plain([row]));
}

// A row that was measured alone takes the place of what a whole run has left.
const out = (name) => join(build, '..', 'bench', name);
const before = existsSync(out('bench.json')) ? JSON.parse(readFileSync(out('bench.json'), 'utf8')).rows : [];
const all = order.map((name) => [...rows, ...before].find((row) => row.row === name)).filter(Boolean);
const machine = { processor: cpus()[0].model, cores: cpus().length, kernel: release(), at: new Date().toISOString() };
writeFileSync(out('bench.json'), JSON.stringify({ machine, rows: all }, null, 1) + '\n');
writeFileSync(out('bench.md'), markdown([...lines(all)]));
process.exit(rows.some((row) => row.error) ? 1 : 0);
