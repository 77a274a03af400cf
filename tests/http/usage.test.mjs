// What each command says of itself: `--help`, and the same where it is used wrongly.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, copyFileSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { build, root } from './deployment.mjs';

const run = (...words) => spawnSync(join(build, 'kaowu'), words, { encoding: 'utf8' });
const told = (...words) => {
  const { status, stdout, stderr } = run(...words);
  assert.equal(status, 0, words.join(' '));
  assert.equal(stderr, '');
  return stdout;
};
const commands = [...told('--help').matchAll(/^ {2}kaowu (\w+) /gm)].map((match) => match[1]);
const lines = (text) => [...text.matchAll(/^usage: kaowu (\w+)(?: ([a-z-]+))?(.*)\n {6}\S/gm)];

test('every command and every verb says what it takes, and ends well', () => {
  assert.ok(commands.length >= 12);
  for (const command of commands) {
    const usages = lines(told(command, '--help'));
    assert.ok(usages.length > 0, command);
    for (const [, name, verb] of usages) {
      assert.equal(name, command);
      if (!verb) continue;
      assert.equal(lines(told(command, verb, '--help')).length, 1, `${command} ${verb}`);
      assert.equal(lines(told(command, verb, 'anything', '--data', 'nowhere', '--help')).length, 1);
    }
  }
});

test('a verb that there is not gets those that there are, and a command that there is not gets the commands', () => {
  assert.equal(told('tenant', 'frobnicate', '--help'), told('tenant', '--help'));
  const { status, stderr } = run('frobnicate', '--help');
  assert.equal(status, 2);
  assert.match(stderr, /there is no command frobnicate[^]* kaowu serve /);
});

test('used wrongly, a command says the same on standard error', () => {
  for (const words of [['tenant'], ['tenant', 'add'], ['operator', 'invite'], ['secret', 'set', 'a'], ['outbox', 'list'],
    ['payments', 'configure'], ['plugin', 'pack', 'a.so'], ['backup'], ['audit', 'verify']]) {
    const { status, stdout, stderr } = run(...words);
    assert.equal(status, 2, words.join(' '));
    assert.equal(stdout, '');
    assert.deepEqual(lines(stderr).map((line) => line[0]), lines(told(...words, '--help')).map((line) => line[0]));
  }
});

test('every option that a command knows is told', () => {
  const help = commands.map((command) => told(command, '--help')).join('');
  const folder = join(root, 'core', 'command');
  const known = readdirSync(folder).flatMap((name) => [...readFileSync(join(folder, name), 'utf8')
    .matchAll(/static const char \*const \w+\[\] = \{([^}]*)\}/g)].flatMap((table) => table[1].match(/--[a-z-]+/g) ?? []));
  assert.ok(known.length > 30);
  for (const option of known) assert.match(help, new RegExp(`${option}\\b`), option);
});

test('what a command could not show is no success: an invitation on a full disk', (t) => {
  const data = mkdtempSync(join(tmpdir(), 'kaowu-shown-'));
  const full = openSync('/dev/full', 'w');
  t.after(() => {
    closeSync(full);
    rmSync(data, { recursive: true });
  });
  told('tenant', 'add', 'centre', '--data', data);
  for (const words of [['operator', 'invite', 'boss', '--data', data], ['tenant', 'list', '--data', data], ['routes'], ['--help']]) {
    const { status, stderr } = spawnSync(join(build, 'kaowu'), [...words, '--language', 'en'],
      { encoding: 'utf8', stdio: ['ignore', full, 'pipe'] });
    assert.equal(status, 1, words.join(' '));
    assert.match(stderr, /not all that was to be shown could be written/);
  }
});

// A deployment in a folder that everybody may look into, and a binary there. `as` runs it as nobody, if we may.
const nobody = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
function accountMake(t) {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-account-'));
  const data = join(folder, 'data'), binary = join(folder, 'kaowu');
  t.after(() => {
    execFileSync('chmod', ['-R', 'u+rwX', folder]);
    rmSync(folder, { recursive: true });
  });
  chmodSync(folder, 0o755);
  copyFileSync(join(build, 'kaowu'), binary);
  mkdirSync(data, { mode: 0o700 });
  told('tenant', 'add', 'centre', '--data', data);
  const as = (...words) => {
    const { status, stdout, stderr } = spawnSync(binary, [...words, '--data', data, '--language', 'en'], { encoding: 'utf8', ...nobody });
    return { status, said: stdout + stderr };
  };
  return { folder, data, as };
}

// Takes it away from the account, or gives it back.
function close(path, closed = true) {
  if (nobody.uid) execFileSync('chown', ['-R', closed ? '0:0' : '65534:65534', path]);
  else chmodSync(path, closed ? 0 : 0o700);
}

test('an account that may not look into the data is told so, and not that there is none', (t) => {
  const { folder, data, as } = accountMake(t);
  close(data);
  for (const words of [['tenant', 'list'], ['plugin', 'list'], ['backup', join(folder, 'backup')], ['serve'], ['doctor']]) {
    const { status, said } = as(...words);
    assert.equal(status, 1, words.join(' '));
    assert.match(said, /This account may not look into \S+data: run it as the one that the data belongs to/);
    assert.doesNotMatch(said, /There is no deployment/);
  }
});

test('a database that is somebody else\'s: whoever runs a command is told what to look at', (t) => {
  const { data, as } = accountMake(t);
  if (nobody.uid) close(data, false);
  close(join(data, 'tenants', 'centre', 'tenant.db'));
  for (const words of [['tenant', 'invite', 'centre', 'admin'], ['doctor']])
    assert.match(as(...words).said, /cannot be opened[^]*\n {2}Look at the data folder and the files in it: they must belong to the account/);
});

test('plugins that the account may not read are not put into quarantine for it', (t) => {
  const { data, as } = accountMake(t);
  const file = join(build, 'plugins', 'supply-chain-manager_level_1.so');
  assert.equal(run('plugin', 'install', file, '--trust-unsigned', '--data', data).status, 0);
  if (nobody.uid) close(data, false);
  close(join(data, 'plugins'));
  for (const words of [['doctor'], ['serve', '--listen', '127.0.0.1:0']]) {
    const { status, said } = as(...words);
    assert.equal(status, 1, said);
    assert.match(said, /This account may not read \S+data\/plugins\/supply-chain-manager\S+: correct the owner/);
  }
  close(join(data, 'plugins'), false);
  assert.match(as('plugin', 'list').said, /supply-chain-manager\.1 .* active /);
});
