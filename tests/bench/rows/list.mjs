// The cached list of plans over 64 connections. As fast as who asks can ask all of them are alike: what counts is the processor
// time that a request costs its server.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { median, slug } from '../scene.mjs';

export const work = 'plan list, one answer from memory, 64 connections';
export const beside = 'raw epoll loop with fixed bytes, nginx static file, Fastify';

const path = `/t/${slug}/api/v1/plans`;
const request = [`GET ${path} - - -`];

async function answer(port) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { response, body: await response.text() };
}

// The head that kaowu sends, and the body: what the raw loop gives.
function bytesOf({ response, body }) {
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 200 OK\r\n${head}\r\n${body}`;
}

async function round(scene, server) {
  const before = server.processor();
  const seen = await scene.load(server.port, 64, request, ['--seconds', scene.quick ? 1 : 3]);
  return { per_second: seen.per_second, cpu_us: (1000 * (server.processor() - before)) / seen.requests };
}

export async function measure(scene) {
  const servers = { kaowu: await scene.serve(await scene.centre('data')) };
  const given = await answer(servers.kaowu.port);
  const file = join(scene.path('www'), path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, given.body);
  writeFileSync(scene.path('answer'), bytesOf(given));
  servers.raw = await scene.start('raw', [join(scene.tools, 'raw_epoll'), scene.path('answer')]);
  servers.nginx = await scene.nginx(`root ${scene.path('www')};`);
  servers.fastify = await scene.fastify(['--list', file]);
  for (const [name, server] of Object.entries(servers))
    if ((await answer(server.port)).body !== given.body) throw new Error(`${name} gives another answer`);

  const seen = await scene.inTurns(scene.rounds, Object.fromEntries(
    Object.entries(servers).map(([name, server]) => [name, () => round(scene, server)])));
  const figures = Object.fromEntries(Object.entries(seen).map(([name, rounds]) => [name, {
    cpu_us: median(rounds.map((each) => each.cpu_us)), per_second: median(rounds.map((each) => each.per_second)),
  }]));
  for (const server of Object.values(servers)) await server.stop();
  const cpu = (name) => figures[name].cpu_us / figures.raw.cpu_us;
  return {
    reach: [
      { what: 'processor time to the raw loop', value: cpu('kaowu'), most: 1.2 },
      { what: 'the same of nginx', value: cpu('nginx') },
      { what: 'the same of Fastify', value: cpu('fastify') },
    ],
    figures: { ...figures, answer_bytes: given.body.length },
    instructions: await instructions(scene),
  };
}

async function instructions(scene) {
  const data = scene.path('data');
  const drive = (server, count) => scene.load(server.port, 1, Array(count).fill(request[0]));
  return {
    kaowu: await scene.instructions('kaowu', scene.serveWords(data), drive, [100, 2100]),
    raw: await scene.instructions('raw', [join(scene.tools, 'raw_epoll'), scene.path('answer')], drive, [100, 2100]),
  };
}
