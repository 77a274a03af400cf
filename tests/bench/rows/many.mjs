// What a tenant costs that is there, and one that is in use; and what an idle connection costs. Memory is the server's own (RssAnon):
// its program and libraries are mapped once, however many there are.
import { connect } from 'node:net';
import { join } from 'node:path';
import { pause } from '../../http/patience.mjs';
import { median } from '../scene.mjs';

export const work = '3,000 tenants of which few are open, 10,000 idle connections';
export const beside = 'nginx and Fastify for the connections';

const slugs = (from, until) => Array.from({ length: until - from }, (_, i) => `centre-${String(from + i).padStart(4, '0')}`);
const profiles = (names) => names.map((slug) => `GET /t/${slug}/api/v1/plans - - -`);

// Every tenant is looked at once after a start, for what is due; then nothing moves.
async function settled(server) {
  for (let before = -1, now; (now = server.processor()) !== before; before = now) await pause(1000);
  return server.memory('RssAnon');
}

async function deployment(scene, name, count) {
  const data = await scene.centre(name);
  await scene.prepareBy([join(scene.tools, 'populate'), data, String(count)]);
  return data;
}

async function held(scene, data, touch) {
  const server = await scene.serve(data, { core: '0,1' });
  await settled(server);
  if (touch) await scene.load(server.port, 1, profiles(touch));
  const bytes = await settled(server);
  await server.stop();
  return bytes;
}

// With as many open as may be in both; the one has so many more that are closed. One start takes half a megabyte more or less
// than the next.
async function closedCost(scene, [few, many]) {
  const less = await deployment(scene, 'few', few), more = await deployment(scene, 'many', many);
  const rounds = [];
  for (let round = 0; round < 5; round++) rounds.push(await held(scene, more) - await held(scene, less));
  return median(rounds) / (many - few);
}

async function openCost(scene, [few, many]) {
  const less = await held(scene, await deployment(scene, 'few-open', few), slugs(0, few));
  const more = await held(scene, await deployment(scene, 'many-open', many), slugs(0, many));
  return (more - less) / (many - few);
}

// Those that are closed when they are asked for, and again when they are open.
async function opening(scene) {
  const server = await scene.serve(scene.path('many'), { core: '0,1' });
  await settled(server);
  const wanted = profiles(slugs(0, 100));
  const cold = await scene.load(server.port, 1, wanted);
  const warm = await scene.load(server.port, 1, wanted);
  await server.stop();
  return { cold_ms: cold.p50_ms, warm_ms: warm.p50_ms };
}

// Each has asked once, so that whatever a connection takes is taken.
function asked(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'));
    socket.once('data', () => resolve(socket));
    socket.once('error', reject);
  });
}

async function connectionCost(server, count) {
  const sockets = [];
  const more = async (until) => {
    while (sockets.length < until) sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => asked(server.port)))));
  };
  await more(500);
  const before = server.memory('RssAnon');
  await more(500 + count);
  const after = server.memory('RssAnon');
  for (const socket of sockets) socket.destroy();
  await server.stop();
  return (after - before) / count;
}

export async function measure(scene) {
  const [few, many] = scene.quick ? [400, 900] : [500, 3000];
  const closed = await closedCost(scene, [few, many]);
  const open = await openCost(scene, [40, 200]);
  const opened = await opening(scene);
  const count = scene.quick ? 3000 : 10000;
  const connections = {
    kaowu: await connectionCost(await scene.serve(await scene.centre('data')), count),
    nginx: await connectionCost(await scene.nginx('location / { return 200 "{}"; }'), count),
    fastify: await connectionCost(await scene.fastify([]), count),
  };
  return {
    reach: [
      { what: 'a tenant that is closed', value: closed / 1024, most: 1, unit: 'KB' },
      { what: 'a tenant that is open', value: open / 1024, most: 250, unit: 'KB' },
      { what: 'opening one', value: opened.cold_ms - opened.warm_ms, most: 3, unit: 'ms' },
      { what: 'an idle connection', value: connections.kaowu / 1024, most: 1, unit: 'KB' },
      { what: 'the same of nginx', value: connections.nginx / 1024, unit: 'KB' },
      { what: 'the same of Fastify', value: connections.fastify / 1024, unit: 'KB' },
    ],
    figures: { closed_bytes: closed, open_bytes: open, opening: opened, connection_bytes: connections },
  };
}
