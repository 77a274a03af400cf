// The same as submissions where the disk takes 4 ms to be sure, as disks without a cache do.
import { compare } from './submissions.mjs';

export const work = 'durable submission, 64 connections, where fsync takes 4 ms';
export const beside = 'the same statements in commits of 64 straight through SQLite, Fastify + SQLite, Flask + gunicorn + SQLite';

export async function measure(scene) {
  const env = scene.disk('slow');
  const { figures, to } = await compare(scene, { count: scene.quick ? 640 : 2048, few: scene.quick ? 100 : 300, env });
  // One after another, each with its own wait: who commits more often has another disk than it was told.
  const most = 1000 / 4;
  for (const name of ['fastify', 'flask'])
    if (figures[name].per_second > most) throw new Error(`${name} made ${figures[name].per_second} commits a second, of ${most} that the disk allows`);
  return {
    reach: [
      { what: 'throughput to the best that commits each alone', value: Math.min(to('fastify'), to('flask')), least: 20 },
      { what: 'throughput to SQLite alone', value: to('straight') },
    ],
    figures,
  };
}
