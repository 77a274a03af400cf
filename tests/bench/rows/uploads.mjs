// Pictures are handed in: looked at by a process of their own, sealed, durable. Beside it nginx, which takes what comes and asks the disk
// for nothing, and a file each with its fdatasync. Then a thousand at once who are slow, and what the server holds in memory for them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { pause } from '../../http/patience.mjs';
import { portrait, scan } from '../../http/pictures.mjs';
import { median } from '../scene.mjs';

export const work = 'uploads of portraits of 60 KB and scans of 2 MB, 8 connections: checked, sealed, durable';
export const beside = 'nginx taking the same by PUT, unchecked and without fsync; a file and fdatasync each, on 8 threads';

const connections = 8;
const different = 4; // pictures of each kind; as large as the pages make them: A4 at 250 dpi
const makes = {
  portrait: (seed) => portrait({ seed }),
  scan: (seed) => scan({ seed, width: 2120, height: 3000, quality: 75, rough: 140 }),
};

function filesMake(scene, kind) {
  return Array.from({ length: different }, (_, i) => {
    const file = scene.path(`${kind}.${i}.jpg`);
    writeFileSync(file, makes[kind](i + 1));
    return file;
  });
}

async function materialsOf(port, { path, token }) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { Authorization: `Bearer ${token}` } });
  const { materials } = await response.json();
  const idOf = (wanted) => materials.find(({ kind }) => (kind === 'portrait') === wanted).id;
  return { portrait: idOf(true), scan: idOf(false) };
}

const folder = (scene, name) => {
  mkdirSync(scene.path(name), { mode: 0o777 });
  return scene.path(name);
};

const taker = (scene) => scene.nginx(`location /put/ { root ${folder(scene, 'nginx-root')}; dav_methods PUT; create_full_put_path on; }`);

// What of one kind each can take in: a fresh application for each picture, so that no version is in the way of another.
async function compare(scene, server, nginx, kind, { files, material, prepared, count }) {
  const fileOf = (i) => files[i % files.length];
  const part = (round) => prepared.slice(round * count, (round + 1) * count);
  const seen = await scene.inTurns(scene.rounds, {
    kaowu: (round) => scene.load(server.port, connections,
      part(round).map(({ path, token, version }, i) => `PUT ${path}/materials/${material} ${token} ${version} @${fileOf(i)}`)),
    nginx: (round) => scene.load(nginx.port, connections, part(round).map((_, i) => `PUT /put/${kind}.${round}.${i} - - @${fileOf(i)}`)),
    files: async (round) => JSON.parse(await scene.run([join(scene.tools, 'files'), folder(scene, `${kind}.${round}`), String(connections)],
      { core: 0, input: part(round).map((_, i) => fileOf(i)).join('\n') + '\n' })),
  });
  return Object.fromEntries(Object.entries(seen).map(([name, rounds]) => [name,
    Object.fromEntries(Object.keys(rounds[0]).map((figure) => [figure, median(rounds.map((each) => each[figure]))]))]));
}

// Sends a picture in so many parts, one every so many milliseconds; resolves with the status.
function sendSlowly(port, { path, token, version }, material, picture, { parts, every }) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(`PUT ${path}/materials/${material} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`
      + `If-Match: "${version}"\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`);
    const size = Math.ceil(picture.length / parts);
    let at = 0;
    const timer = setInterval(() => {
      socket.write(picture.subarray(at, (at += size)));
      if (at >= picture.length) clearInterval(timer);
    }, every);
    socket.once('data', (bytes) => {
      resolve(Number(bytes.toString('latin1', 9, 12)));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearInterval(timer);
      reject(new Error('the server has closed'));
    });
  });
}

// All are on their way at once. The server's memory is what it had at most, its libraries included; its workers hold a picture each.
async function slowOnes(scene, data, prepared, material, picture) {
  const server = await scene.serve(data, { core: '0,1' });
  const before = server.memory('VmRSS');
  const way = { parts: 40, every: 500 };
  const statuses = await Promise.all(prepared.map(async (each, i) => {
    await pause(10 * i);
    return sendSlowly(server.port, each, material, picture, way);
  }));
  const most = server.memory('VmHWM');
  await server.stop();
  return { before, most, refused: statuses.filter((status) => status !== 200).length };
}

export async function measure(scene) {
  const counts = scene.quick ? { portrait: 100, scan: 20 } : { portrait: 200, scan: 30 };
  const slow = scene.quick ? 100 : 1000;
  const kinds = Object.keys(counts);
  const data = await scene.centre('data');
  const prepared = await scene.prepare(data, scene.rounds * (counts.portrait + counts.scan) + slow);
  const files = Object.fromEntries(kinds.map((kind) => [kind, filesMake(scene, kind)]));
  const [server, nginx] = [await scene.serve(data), await taker(scene)];
  const material = await materialsOf(server.port, prepared[0]);
  const figures = {};
  for (const kind of kinds)
    figures[kind] = await compare(scene, server, nginx, kind,
      { files: files[kind], material: material[kind], count: counts[kind], prepared: prepared.splice(0, scene.rounds * counts[kind]) });
  for (const each of [server, nginx]) await each.stop();
  figures.slow = await slowOnes(scene, data, prepared, material.scan, readFileSync(files.scan[0]));

  const to = (kind, name) => figures[kind].kaowu.per_second / figures[kind][name].per_second;
  return {
    reach: [
      ...kinds.flatMap((kind) => [
        { what: `${kind}s, throughput to a file and fdatasync each`, value: to(kind, 'files'), least: 1 },
        { what: `${kind}s, throughput to nginx`, value: to(kind, 'nginx'), least: 0.6 },
      ]),
      { what: `memory with ${slow} slow uploads`, value: figures.slow.most / 2 ** 20, most: 200, unit: 'MB' },
      { what: 'of them refused', value: figures.slow.refused, most: 0, unit: '' },
    ],
    figures,
  };
}
