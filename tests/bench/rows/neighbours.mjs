// Two centres of one deployment: one is flooded, by submissions, readers and people who sign in; the other's candidates should not
// notice.
import { median } from '../scene.mjs';

export const work = 'noisy neighbour: centre A flooded, centre B asked 100 times a second';
export const beside = 'B alone';

const flooded = 'haidian';
const steady = 'shijingshan';

// A request of each kind in turn, so that every lane is full; what cannot be done any more is refused, and costs as well.
function flood(prepared) {
  const kinds = [
    ({ path, token }) => `GET ${path} ${token} - -`,
    ({ path, token, version }) => `POST ${path}/submit ${token} ${version} -`,
    ({ mobile }) => `POST /t/${flooded}/api/v1/sessions - - ${JSON.stringify({ mobile, password: 'placeholder' })}`,
    ({ path, token, version }) => `PUT ${path}/identity ${token} ${version} ${JSON.stringify({ identity: '职工' })}`,
  ];
  return prepared.map((each, i) => kinds[i % kinds.length](each));
}

export async function measure(scene) {
  const data = await scene.centre('data', [flooded, steady]);
  const noise = flood(await scene.prepare(data, 4000, flooded));
  const prepared = await scene.prepare(data, 4000, steady);
  const reads = prepared.map(({ path, token }) => `GET ${path} ${token} - -`);
  const changes = ({ path, token, version }) => `POST ${path}/submit ${token} ${version} -`;
  const seconds = scene.quick ? 3 : 6;
  let next = 0;
  const server = await scene.serve(data, { core: '0,1' });
  // Each fourth of B's requests writes.
  const ask = () => {
    const part = prepared.slice(next, (next += seconds * 25));
    const lines = part.flatMap((each, i) => [changes(each), ...reads.slice(next + 3 * i, next + 3 * i + 3)]);
    return scene.load(server.port, 32, lines.slice(0, seconds * 100), ['--rate', 100]);
  };
  const seen = await scene.inTurns(scene.quick ? 1 : 3, {
    alone: ask,
    flooded: async () => {
      const noisy = scene.load(server.port, 64, noise, ['--seconds', seconds, '--any']);
      const [asked, { per_second: noiseRate }] = await Promise.all([ask(), noisy]);
      return { ...asked, noise: noiseRate };
    },
  });
  await server.stop();
  const of = (name, figure) => median(seen[name].map((each) => each[figure]));
  return {
    reach: [{ what: 'p99 of B, A flooded to alone', value: of('flooded', 'p99_ms') / of('alone', 'p99_ms'), most: 2 }],
    figures: {
      alone: { p50_ms: of('alone', 'p50_ms'), p99_ms: of('alone', 'p99_ms') },
      flooded: { p50_ms: of('flooded', 'p50_ms'), p99_ms: of('flooded', 'p99_ms'), noise_per_second: of('flooded', 'noise') },
    },
  };
}
