// What the documents show must be what the program says.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, kaowu, root } from './deployment.mjs';

const page = (name) => readFileSync(join(root, 'docs', name), 'utf8');

test('the state diagram in docs/architecture.md is the one that the table prints', () => {
  const shown = page('architecture.md').match(/<!-- kaowu diagram -->\n```mermaid\n([\s\S]*?)```/)[1];
  assert.equal(shown, kaowu(['diagram']));
});

// ---- docs/operator.md ----

const guide = page('operator.md');
const units = Object.fromEntries([...guide.matchAll(/`\/etc\/systemd\/system\/(\S+)`:\n\n```ini\n([\s\S]*?)```/g)]
  .map(([, name, text]) => [name, text]));
const started = (unit) => [...units[unit].matchAll(/^ExecStart=(.*)$/gm)]
  .map(([, line]) => line.replaceAll('$$', '$').replaceAll('%%', '%'));

// What is the machine's, which a test leaves alone: its accounts and packages; and a manager of two services.
const machine = (server) => `
apt-get() { :; }; useradd() { :; }; install() { :; }; chown() { :; }; nginx() { :; }; rm() { :; }
runuser() { shift 3; "$@"; }
started() {
  ${started('kaowu.service')[0]} >serve.out 2>serve.log &
  echo $! >serve.pid
  until command curl -fs ${server}/healthz >/dev/null; do kill -0 "$(cat serve.pid)"; sleep 0.1; done
}
stopped() { kill "$(cat serve.pid)"; while kill -0 "$(cat serve.pid)" 2>/dev/null; do sleep 0.1; done; }
systemctl() {
  case "$*" in
  'enable --now kaowu' | 'start kaowu') started ;;
  'stop kaowu') stopped ;;
  'restart kaowu') stopped && started ;;
  'start kaowu-backup.service')
    ${started('kaowu-backup.service').join('\n    ')} ;;
  daemon-reload | 'reload nginx' | 'enable --now kaowu-backup.timer') ;;
  *) echo "no such service: $*"; return 1 ;;
  esac
}
trap '[ ! -f serve.pid ] || kill "$(cat serve.pid)" 2>/dev/null' EXIT
`;

const portFree = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

// Where the reader stands, with the two files of others' keys.
function desk(folder) {
  mkdirSync(join(folder, 'build'));
  for (const name of ['plugins', 'tenants']) symlinkSync(join(root, name), join(folder, name));
  symlinkSync(build, join(folder, 'build', 'release'));
  mkdirSync(join(folder, 'backups'));
  mkdirSync(join(folder, 'data'), { mode: 0o700 });
  const pem = { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } };
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, ...pem });
  writeFileSync(join(folder, 'sms-secret'), 'placeholder-secret\n');
  writeFileSync(join(folder, 'wechat.json'), JSON.stringify({
    mchid: '1900000109', appid: 'wx0000000000000001', merchant_serial: '0123456789ABCDEF', private_key: privateKey,
    api_v3_key: '0123456789abcdef'.repeat(2), platform: [{ id: 'PUB_KEY_ID_01', public_key: publicKey }],
    notify_base: 'https://haidian.kaowu.example/api/v1',
  }));
}

test('docs/operator.md can be followed as it is written, to a backup that is restored', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-operator-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  desk(folder);
  const server = `127.0.0.1:${await portFree()}`;
  const blocks = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map((block) => block[1]);
  const script = (machine(server) + blocks.join('\n'))
    .replaceAll('/var/lib/kaowu', join(folder, 'data'))
    .replaceAll('/var/backups/kaowu', join(folder, 'backups'))
    .replaceAll('/srv/kaowu-kept', join(folder, 'kept'))
    .replaceAll('/usr/local/bin/kaowu', join(build, 'kaowu'))
    .replaceAll('date +%F-%H%M%S', 'date +%F-%H%M%S-%N') // here two are made in one second
    .replaceAll('127.0.0.1:8080', server);
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, LANG: 'en_US.UTF-8' } });
  assert.equal(status, 0, stdout + stderr);
  for (const told of ['supply-chain-manager.1 ', 'signed     active', 'admin          invitation', 'for /operator/invitation',
    'merchant 1900000109 of WeChat Pay is set', 'sms-tencent', 'kaowu_requests_total', 'as backed up, byte by byte',
    'last backup ended'])
    assert.ok(stdout.includes(told), `${told} is not in\n${stdout}`);
  assert.doesNotMatch(stdout + stderr, /^fail/m);
});

test('the units of docs/operator.md are what systemd takes', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-units-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = Object.entries(units).map(([name, text]) => {
    writeFileSync(join(folder, name), text.replaceAll('/usr/local/bin/kaowu', join(build, 'kaowu')));
    return join(folder, name);
  });
  assert.equal(files.length, 3);
  const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' });
  if (error?.code === 'ENOENT') return t.skip('there is no systemd-analyze');
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
});

test('docs/operator.md tells of every event by which the log warns', () => {
  const sources = readdirSync(join(root, 'core'), { recursive: true }).filter((name) => /^[a-z]+\/\w+\.c$/.test(name));
  const warned = sources.flatMap((name) => [...readFileSync(join(root, 'core', name), 'utf8')
    .matchAll(/log_event\(\s*[^"]*LOG_(?:WARNING|ERROR)[^"]*"([a-z_.]+)"/g)].map((match) => match[1]));
  assert.ok(warned.length > 15);
  for (const event of warned) assert.ok(guide.includes(`\`${event}\``), event);
});
