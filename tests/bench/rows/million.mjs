// A centre with a million applications beside one with a thousand; as many wait for a reviewer in both. What is asked of the database
// is found by indexes: the plans of the queue's, the search's and the submission's statements stand in the JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, slug } from '../scene.mjs';

export const work = '1,000,000 applications in one centre: queue, search, submission';
export const beside = 'the same with 1,000';

const waiting = 500;

async function centre(scene, name, count, rounds, each) {
  const data = await scene.centre(name);
  const told = await scene.prepareBy([join(scene.tools, 'fill'), data, slug, scene.clock, String(count), String(waiting)]);
  const prepared = await scene.prepare(data, rounds * each);
  const plans = await plansOf(scene, data, prepared[0], told.split(/\s/));
  const server = await scene.serve(data, { core: '0,1' });
  const [reviewer, admin] = [await scene.signIn(data, server.port, 'reviewer1'), await scene.signIn(data, server.port, 'admin')];
  const api = `/t/${slug}/api/v1`;
  const numbers = told.trim().split(/\s/);
  return { server, plans, requests: {
    queue: () => Array(each).fill(`GET ${api}/review/applications?limit=20 ${reviewer} - -`),
    search: (round) => numbers.slice(round * each, (round + 1) * each).map((number) => `GET ${api}/admin/applications?search=${number} ${admin} - -`),
    submit: (round) => prepared.slice(round * each, (round + 1) * each).map(({ path, token, version }) => `POST ${path}/submit ${token} ${version} -`),
  } };
}

// How SQLite goes about each statement, by the request that runs it.
async function plansOf(scene, data, { line }, numbers) {
  const database = join(data, 'tenants', slug, 'tenant.db');
  const plans = {};
  const asked = { queue: [line], search: numbers.slice(0, 3).map((number) => `${number} x 0`), submit: [line] };
  for (const [kind, lines] of Object.entries(asked)) {
    const tape = await scene.record(data, kind, lines.map((each) => ({ line: each })), scene.path('tape'));
    plans[kind] = {};
    for (const { sql } of readFileSync(tape, 'utf8').trim().split('\n').map(JSON.parse).filter((each) => each.sql)) {
      const out = await scene.run(['sqlite3', database], { input: `EXPLAIN QUERY PLAN ${sql};\n` });
      plans[kind][sql] = out.trim().split('\n').slice(1).map((step) => step.replace(/^[ |`-]+/, ''));
    }
  }
  return plans;
}

// Statements that look at every row of a table that grows with the applications, and do not stop at the first.
const grows = /^SCAN (a|c|application|account|revision|material|outbox|audit|session)\b/;
const scansOf = (plans) => Object.values(plans).flatMap(Object.entries)
  .filter(([sql, steps]) => !sql.endsWith('LIMIT 1') && steps.some((step) => grows.test(step))).map(([sql]) => sql);

export async function measure(scene) {
  const [rounds, each] = scene.quick ? [1, 100] : [3, 200];
  const centres = {
    thousand: await centre(scene, 'thousand', 1000, rounds, each),
    million: await centre(scene, 'million', scene.quick ? 50000 : 1000000, rounds, each),
  };
  const measures = {};
  for (const kind of ['queue', 'search', 'submit'])
    for (const [name, { server, requests }] of Object.entries(centres))
      measures[`${kind} ${name}`] = (round) => scene.load(server.port, 4, requests[kind](round));
  const seen = await scene.inTurns(rounds, measures);
  for (const { server } of Object.values(centres)) await server.stop();

  const p99 = Object.fromEntries(Object.entries(seen).map(([name, all]) => [name, median(all.map((one) => one.p99_ms))]));
  const ratio = (kind) => ({ what: `p99 of ${kind}`, value: p99[`${kind} million`] / p99[`${kind} thousand`], most: 2 });
  return {
    reach: [
      ratio('queue'), ratio('search'), ratio('submit'),
      { what: 'statements that scan', value: scansOf(centres.million.plans).length, most: 0, unit: '' },
    ],
    figures: { p99_ms: p99, waiting },
    scans: scansOf(centres.million.plans),
    plans: centres.million.plans,
  };
}
