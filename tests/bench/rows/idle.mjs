// A server with nothing to do: what it holds, and how long it takes from its start to its first answer.
import { pause } from '../../http/patience.mjs';
import { median } from '../scene.mjs';

export const work = 'idle server';
export const beside = 'nginx, Fastify';

async function started(start) {
  const server = await start();
  await pause(300);
  const seen = { ms: server.started_ms, bytes: server.memory('VmRSS'), own: server.memory('RssAnon') };
  await server.stop();
  return seen;
}

export async function measure(scene) {
  const data = await scene.centre('data');
  const seen = await scene.inTurns(scene.rounds, {
    kaowu: () => started(() => scene.serve(data)),
    nginx: () => started(() => scene.nginx('location / { return 204; }')),
    fastify: () => started(() => scene.fastify(['--list', '{}'])),
  });
  const figures = Object.fromEntries(Object.entries(seen).map(([name, rounds]) => [name, {
    first_answer_ms: median(rounds.map((each) => each.ms)),
    resident_mb: median(rounds.map((each) => each.bytes)) / 2 ** 20,
    own_mb: median(rounds.map((each) => each.own)) / 2 ** 20,
  }]));
  return {
    reach: [
      { what: 'memory, shared libraries included', value: figures.kaowu.resident_mb, most: 12, unit: 'MB' },
      { what: 'start to first answer', value: figures.kaowu.first_answer_ms, most: 50, unit: 'ms' },
      { what: 'memory of nginx', value: figures.nginx.resident_mb, unit: 'MB' },
      { what: 'memory of Fastify', value: figures.fastify.resident_mb, unit: 'MB' },
    ],
    figures,
  };
}
