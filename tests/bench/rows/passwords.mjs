// Everybody signs in at once. A password's hash takes its 20 ms of a core, whoever computes it; what counts is that nothing is
// lost beside it, and that those who are signed in go on as if nothing were.
import { median, slug } from '../scene.mjs';

export const work = 'storm of sign-ins (argon2id) from 32 connections, beside 100 others’ requests a second';
export const beside = 'libsodium straight, on as many threads';

const password = 'placeholder';
const connections = 32; // as many as may wait: to more of them a server says to come again

export async function measure(scene) {
  const data = await scene.centre('data');
  const prepared = await scene.prepare(data, 512);
  // Who signs in again and again loses the oldest session; who goes on is somebody else.
  const signIns = prepared.slice(0, 256).map(({ mobile }) => `POST /t/${slug}/api/v1/sessions - - ${JSON.stringify({ mobile, password })}`);
  const others = prepared.slice(256).map(({ path, token }) => `GET ${path} ${token} - -`);
  const seconds = scene.quick ? 3 : 6;
  const everywhere = { core: '0,1' }; // the hashes of both sides
  const steady = (server) => scene.load(server.port, 32, others, ['--seconds', seconds, '--rate', 100]);
  const signIn = (server) => scene.load(server.port, connections, signIns, ['--seconds', seconds], everywhere);
  const server = await scene.serve(data, everywhere);
  const seen = await scene.inTurns(scene.quick ? 1 : 3, {
    straight: async () => JSON.parse(await scene.run([`${scene.tools}/passwords`, '2', String(seconds)], everywhere)),
    quiet: () => steady(server),
    storm: async () => {
      const [beside, signedIn] = await Promise.all([steady(server), signIn(server)]);
      return { beside, ...signedIn };
    },
    alone: () => signIn(server),
  });
  await server.stop();
  const of = (name, figure) => median(seen[name].map(figure));
  const p99 = { quiet: of('quiet', (each) => each.p99_ms), storm: of('storm', (each) => each.beside.p99_ms) };
  const rate = (name) => of(name, (each) => each.per_second);
  return {
    reach: [
      { what: 'sign-ins to hashes of libsodium alone', value: rate('alone') / rate('straight'), least: 0.9 },
      { what: 'p99 of others’ requests, storm to quiet', value: p99.storm / p99.quiet, most: 3 },
    ],
    figures: { per_second: { straight: rate('straight'), alone: rate('alone'), storm: rate('storm') }, p99_ms: p99 },
  };
}
