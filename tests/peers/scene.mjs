// Centres whose messages leave by a provider that is played here, and a clock that both sides read.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deployment, kaowu, root } from '../http/deployment.mjs';
import { Authority } from './tls.mjs';

const texts = JSON.parse(readFileSync(join(root, 'schemas', 'messages', 'sms.json'), 'utf8'));
const paramsOf = (text) =>
  [...new Set([...text.matchAll(/\{(\w+)(?::\w+)?\}/g)].map((match) => match[1]))].filter(
    (name) => name !== 'centre',
  );

// A template for every event, with all that its text speaks of.
export const templates = Object.fromEntries(
  Object.entries(texts).map(([code, { zh }], i) => [
    code.replace('sms.', ''),
    { id: `${1000 + i}`, params: paramsOf(zh).map((name) => ({ name })) },
  ]),
);

export class Scene {
  static async make(slugs) {
    const scene = new Scene();
    scene.authority = new Authority();
    scene.peers = [];
    scene.deployment = await Deployment.make({ tenants: [] });
    scene.clock = Date.now(); // as the commands' clock
    for (const slug of slugs) kaowu(['tenant', 'add', slug, '--data', scene.deployment.data]);
    return scene;
  }

  // What the server's clock shows.
  now = () => (this.startedAt ? this.clock + Date.now() - this.startedAt : this.clock);

  async peer(Kind) {
    const peer = await new Kind({ now: this.now }).start(this.authority);
    this.peers.push(peer);
    return peer;
  }

  // Applies the centre with these settings; sets its secret, if one is given.
  apply(slug, sms, secret) {
    const folder = mkdtempSync(join(tmpdir(), 'kaowu-centre-'));
    cpSync(join(root, 'tenants', slug), folder, { recursive: true });
    const document = JSON.parse(readFileSync(join(folder, 'tenant.json'), 'utf8'));
    writeFileSync(join(folder, 'tenant.json'), JSON.stringify({ ...document, sms }));
    try {
      this.deployment.apply(slug, folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
    if (secret) this.secret(slug, `sms-${sms.provider}`, secret);
  }

  secret(slug, name, value) {
    kaowu(['secret', 'set', slug, name, '--data', this.deployment.data], { input: value });
  }

  // The clock goes on from where it was, `later` milliseconds on.
  async start({ later = 0, env } = {}) {
    this.clock = this.now() + later;
    this.startedAt = Date.now();
    await this.deployment.start({
      clock: new Date(this.clock).toISOString(),
      words: ['--ca', this.authority.ca, '--proxy', '127.0.0.1'],
      env,
    });
    return this;
  }

  async restart(options) {
    await this.deployment.stop();
    return this.start(options);
  }

  async end() {
    await this.deployment.end();
    for (const peer of this.peers) await peer.stop();
    this.authority.remove();
  }
}
