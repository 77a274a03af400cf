// A candidate looks at the own application: session, role and five rows, from the database each time.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../scene.mjs';

export const work = 'signed-in read of one application, 64 connections';
export const beside = 'raw epoll loop with fixed bytes, the same SQL straight through SQLite, Fastify + SQLite';

const requests = (prepared) => prepared.map(({ path, token }) => `GET ${path} ${token} - -`);

async function answerKeep(scene, port, { path, token }) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { Authorization: `Bearer ${token}` } });
  const body = await response.text();
  if (response.status !== 200) throw new Error(body);
  const head = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  writeFileSync(scene.path('answer'), `HTTP/1.1 200 OK\r\n${head}\r\n${body}`);
  return body.length;
}

export async function measure(scene) {
  const data = await scene.centre('data');
  const prepared = await scene.prepare(data, 1000);
  const tape = await scene.record(data, 'read', prepared, scene.path('tape'));
  const database = join(data, 'tenants/haidian/tenant.db');
  const servers = { kaowu: await scene.serve(data), fastify: await scene.fastify(['--database', database, '--tape', tape]) };
  const answerBytes = await answerKeep(scene, servers.kaowu.port, prepared[0]);
  servers.raw = await scene.start('raw', [join(scene.tools, 'raw_epoll'), scene.path('answer')]);

  const options = ['--seconds', scene.quick ? 1 : 3];
  const seen = await scene.inTurns(scene.rounds, {
    ...Object.fromEntries(Object.entries(servers).map(([name, server]) => [name,
      async () => (await scene.load(server.port, 64, requests(prepared), options)).per_second])),
    straight: async () => (await scene.play('read', 32, 1, [[database, tape]], { core: 0 })).per_second,
  });
  for (const server of Object.values(servers)) await server.stop();
  const figures = Object.fromEntries(Object.entries(seen).map(([name, rounds]) => [name, { per_second: median(rounds) }]));
  const to = (name) => figures.kaowu.per_second / figures[name].per_second;
  const drive = (server, count) => scene.load(server.port, 32, requests(prepared).slice(0, count));
  return {
    reach: [
      { what: 'throughput to the raw loop', value: to('raw'), least: 0.65 },
      { what: 'throughput to Fastify', value: to('fastify'), least: 5 },
      { what: 'throughput to the SQL alone', value: to('straight') },
    ],
    figures: { ...figures, answer_bytes: answerBytes },
    instructions: { kaowu: await scene.instructions('kaowu', scene.serveWords(data), drive, [100, 900]) },
  };
}
