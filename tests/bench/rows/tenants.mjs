// 64 centres at once, on each a submission that is a commit of its own: how well commits of different databases overlap.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../scene.mjs';

export const work = '64 centres at once, each with one connection that hands in';
export const beside = 'the same statements on 64 databases straight through SQLite, on as many threads as write for kaowu';

const threads = 4; // core/tenant/tenants.c

const slugs = Array.from({ length: 64 }, (_, i) => `centre-${String(i).padStart(2, '0')}`);

// A centre each, and of each so many submissions; the tapes are of one round each.
async function centresMake(scene, rounds, each) {
  const data = await scene.centre('data', slugs);
  const centres = [];
  for (const slug of slugs) {
    const prepared = await scene.prepare(data, rounds * each, slug);
    const parts = Array.from({ length: rounds }, (_, i) => prepared.slice(i * each, (i + 1) * each));
    centres.push({ slug, parts, tapes: await scene.recordParts(data, 'submit', parts, scene.path(`tape.${slug}`), slug) });
  }
  return { data, centres };
}

export async function measure(scene) {
  const rounds = scene.quick ? 1 : 3;
  const each = scene.quick ? 8 : 24;
  const { data, centres } = await centresMake(scene, rounds, each);
  cpSync(data, scene.path('straight'), { recursive: true });
  const server = await scene.serve(data);
  // Centre after centre, so that the 64 connections are never at one.
  const requests = (round) => Array.from({ length: each }, (_, i) => centres.map(({ parts }) => parts[round][i])).flat()
    .map(({ path, token, version }) => `POST ${path}/submit ${token} ${version} -`);
  const tapes = (round) => centres.map(({ slug, tapes: own }) => [join(scene.path('straight'), 'tenants', slug, 'tenant.db'), own[round]]);
  const seen = await scene.inTurns(rounds, {
    kaowu: async (round) => (await scene.load(server.port, 64, requests(round))).per_second,
    straight: async (round) => (await scene.play('write', 1, threads, tapes(round), { core: 0 })).per_second,
  });
  await server.stop();
  const figures = Object.fromEntries(Object.entries(seen).map(([name, values]) => [name, { per_second: median(values) }]));
  return {
    reach: [{ what: 'throughput to SQLite alone', value: figures.kaowu.per_second / figures.straight.per_second, least: 0.6 }],
    figures,
  };
}
