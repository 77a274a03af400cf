// docs/tour.md, as a reader would paste it: every block in one shell, in both centres.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Deployment, build, root } from './deployment.mjs';
import * as staff from './staff.mjs';

// The folder in which the reader stands: the repository, as far as the tour looks at it.
function checkout(deployment) {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-tour-'));
  symlinkSync(join(root, 'docs'), join(folder, 'docs'));
  symlinkSync(deployment.data, join(folder, 'demo-data'));
  mkdirSync(join(folder, 'build'));
  symlinkSync(build, join(folder, 'build', 'release'));
  return folder;
}

function bash(script, cwd) {
  return new Promise((resolve) => {
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd });
    let out = '';
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (part) => (out += part));
    shell.on('exit', (status) => resolve({ status, out }));
  });
}

for (const slug of ['haidian', 'shijingshan']) {
  test(`the tour runs as it is written, in ${slug}`, async (t) => {
    const deployment = await (await Deployment.make({ tenants: [slug] })).start();
    t.after(() => deployment.end());
    const office = await staff.office(deployment, slug);
    const signIns = Object.entries(office).map(([login, client]) => `${slug} ${login} ${client.password}`);
    writeFileSync(join(deployment.data, 'sign-ins.txt'), signIns.join('\n') + '\n');
    const blocks = [...readFileSync(join(root, 'docs', 'tour.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(
      (block) => block[1],
    );
    const script = blocks
      .join('\n')
      .replaceAll('http://127.0.0.1:8080', deployment.base)
      .replace('CENTRE=haidian', `CENTRE=${slug}`);
    const folder = checkout(deployment);
    const { status, out } = await bash(script, folder);
    assert.equal(status, 0, out + deployment.log);
    for (const told of [
      '"not_met"',
      '养蜂员',
      '审核不通过',
      '"reviewing"',
      '"rejected"',
      '"approved"',
      '"paid"',
      '准考证',
      'ticket.pdf',
      'application.ticketed',
      'rows, head',
    ])
      assert.ok(out.includes(told), `${told} is not in\n${out}`);
    assert.ok(!/"status": ?(4[0-35-9]|5)\d/.test(out.replace(/"status": 422/, '')), out);
    rmSync(folder, { recursive: true });
  });
}
