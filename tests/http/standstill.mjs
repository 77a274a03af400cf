// A centre whose writers stand still, as behind a slow disk: what is begun meanwhile goes as far as its write, and waits there.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from './patience.mjs';

const program = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute('BEGIN IMMEDIATE')
print('held', flush=True)
sys.stdin.read()
db.execute('ROLLBACK')`;

async function measured(deployment, pattern) {
  const text = await (await fetch(`${deployment.base}/metrics`)).text();
  return Number(text.match(pattern)[1]);
}

// One after the other; the answers in the same order. Each act is [whether it has something to prepare, what sends its request].
export async function standstill(deployment, slug, acts) {
  const held = spawn('python3', ['-c', program, join(deployment.data, 'tenants', slug, 'tenant.db')]);
  await new Promise((resolve) => held.stdout.once('data', resolve));
  const requests = () => measured(deployment, /^kaowu_requests_total (\d+)$/m);
  const prepared = () => measured(deployment, new RegExp(`^kaowu_tenant_jobs_total\\{tenant="${slug}",kind="read"\\} (\\d+)$`, 'm'));
  const answers = [];
  try {
    for (const [prepares, send] of acts) {
      const done = await prepared();
      let read = await requests();
      answers.push(send());
      await eventually('the request is read', async () => (await requests()) > ++read); // each question is a request as well
      if (prepares) await eventually('the request is prepared', async () => (await prepared()) > done);
    }
  } finally {
    held.stdin.end();
  }
  return Promise.all(answers);
}
