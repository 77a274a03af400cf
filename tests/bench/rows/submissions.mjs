// Handing in over 64 connections, each answered after its fsync. What SQLite alone can do is the very statements in commits of 64.
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../http/patience.mjs';
import { median, slug } from '../scene.mjs';

export const work = 'durable submission, 64 connections';
export const beside = 'the same statements in commits of 64 straight through SQLite, Fastify + SQLite, Flask + gunicorn + SQLite';

const requests = (prepared) => prepared.map(({ path, token, version }) => `POST ${path}/submit ${token} ${version} -`);

// What was handed in goes out as SMS; the next round waits for the last one.
async function outboxSettled(data) {
  const spool = join(data, 'tenants', slug, 'spool/sms.jsonl');
  for (let before = -1, now; (now = existsSync(spool) ? readFileSync(spool).length : 0) !== before; before = now) await pause(500);
}

// A round's share of the candidates, and their statements on tape.
async function partsMake(scene, data, rounds, size) {
  const prepared = await scene.prepare(data, rounds * size);
  const parts = Array.from({ length: rounds }, (_, i) => prepared.slice(i * size, (i + 1) * size));
  const tapes = await scene.recordParts(data, 'submit', parts, scene.path('tape'));
  return parts.map((part, i) => ({ requests: requests(part), tape: tapes[i] }));
}

// Each commits alone, and is asked as many as it can do in about two seconds.
export async function compare(scene, { count, few, env }) {
  const data = await scene.centre('data');
  const parts = await partsMake(scene, data, scene.rounds, count);
  const database = (name) => join(scene.path(name), 'tenants', slug, 'tenant.db');
  for (const name of ['straight', 'fastify', 'flask']) cpSync(data, scene.path(name), { recursive: true });

  const tapes = parts.map((part) => part.tape).join(',');
  const servers = {
    kaowu: await scene.serve(data, { env }),
    fastify: await scene.fastify(['--database', database('fastify'), '--tape', tapes], { env }),
    flask: await scene.flask([database('flask'), tapes], { env }),
  };
  const ask = (name, round, most) => scene.load(servers[name].port, 64, parts[round].requests.slice(0, most));
  const seen = await scene.inTurns(scene.rounds, {
    kaowu: async (round) => {
      const answered = await ask('kaowu', round);
      await outboxSettled(data);
      return answered;
    },
    straight: (round) => scene.play('write', 64, 1, [[database('straight'), parts[round].tape]], { core: 0, env }),
    fastify: (round) => ask('fastify', round, few),
    flask: (round) => ask('flask', round, few),
  });
  for (const server of Object.values(servers)) await server.stop();
  await scene.run([scene.kaowu, 'audit', 'verify', slug, '--data', data]);
  const figures = Object.fromEntries(Object.entries(seen).map(([name, rounds]) => [name,
    Object.fromEntries(Object.keys(rounds[0]).map((figure) => [figure, median(rounds.map((each) => each[figure]))]))]));
  const to = (name) => figures.kaowu.per_second / figures[name].per_second;
  return { figures, to };
}

export async function measure(scene) {
  const { figures, to } = await compare(scene, { count: scene.quick ? 640 : 2048, few: scene.quick ? 200 : 1000 });
  return {
    reach: [
      { what: 'throughput to SQLite alone', value: to('straight'), least: 0.6 },
      { what: 'throughput to the best that commits each alone', value: Math.min(to('fastify'), to('flask')), least: 5 },
      { what: 'throughput to Flask', value: to('flask') },
    ],
    figures,
    instructions: await instructions(scene),
  };
}

async function instructions(scene) {
  const spent = {};
  for (const count of [64, 704]) {
    const data = await scene.centre(`counted-${count}`);
    spent[count] = { data, requests: requests(await scene.prepare(data, 704)) };
  }
  const command = (count) => scene.serveWords(spent[count].data);
  const drive = (server, count) => scene.load(server.port, 64, spent[count].requests.slice(0, count));
  return { kaowu: await scene.instructions('kaowu', command, drive, [64, 704]) };
}
