// The same as submissions where the disk takes 4 ms to be sure, as disks without a cache do.
import { compare } from './submissions.mjs';

export const work = 'durable submission, 64 connections, where fsync takes 4 ms';
export const beside = 'the same statements in commits of 64 straight through SQLite, Fastify + SQLite, Flask + gunicorn + SQLite';

export async function measure(scene) {
  const env = scene.disk('slow');
  const { figures, to } = await compare(scene, { count: scene.quick ? 640 : 2048, few: scene.quick ? 100 : 300, env });
  return {
    reach: [
      { what: 'throughput to the best that commits each alone', value: Math.min(to('fastify'), to('flask')), least: 20 },
      { what: 'throughput to SQLite alone', value: to('straight') },
    ],
    figures,
  };
}
