// From the author's key to the operator's deployment: pack, trust, install, roll back; what is not signed is said loudly.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assertShape } from './client.mjs';
import { build, Deployment, root } from './deployment.mjs';
import { eventually } from './patience.mjs';
import { fixture, plugin } from './plugins.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kaowu-trust-'));
after(() => rmSync(folder, { recursive: true }));

const at = (name) => join(folder, name);
const readme = join(root, 'plugins', 'supply-chain-manager', 'README.md');

const run = (...words) => plugin([...words, '--language', 'en'], { cwd: folder });
const done = (...words) => {
  const told = run(...words);
  assert.equal(told.status, 0, told.error);
  return told;
};
const refused = (pattern, ...words) => {
  const { status, error } = run(...words);
  assert.equal(status, 1, error);
  assert.match(error, pattern);
};

const key = (name) => done('key', name).out.trim();
const pack = (name, secret, out) => done('pack', fixture(name), '--key', secret, '--readme', readme, '--out', out);
let places = 0;
const place = () => at(`data-${++places}`);
const list = (data) => JSON.parse(done('list', '--json', '--data', data).out);

// ---- Keys and packages ----

test('a pair is made once, its secret half for its owner alone, and is told again later', () => {
  const made = done('key', 'secret');
  assert.match(made.out, /^kaowu-ed25519:[\w-]{43}\n$/);
  assert.match(made.error, /keep it, and give it to nobody/);
  assert.equal(statSync(at('secret')).mode & 0o777, 0o600);
  assert.ok(!made.out.includes(readFileSync(at('secret'), 'utf8').trim().slice(-43)));
  assert.equal(done('key', 'secret').out, made.out);
  refused(/kit\.not_a_secret/, 'key', readme);
  assert.equal(run('key').status, 2);
});

test('a package is a ZIP that anybody can look into, with its signer in the comment', () => {
  const signer = key('secret');
  pack('decent', 'secret', 'decent.kaowu');
  const names = spawnSync('python3', ['-c', `import zipfile, json
z = zipfile.ZipFile('${at('decent.kaowu')}')
assert z.testzip() is None
print(json.dumps([z.namelist(), z.comment.decode(), json.loads(z.read('manifest.json'))['id'], len(json.loads(z.read('examples.json')))]))`],
  { encoding: 'utf8' });
  const [entries, comment, id, examples] = JSON.parse(names.stdout);
  assert.deepEqual(entries, ['plugin.so', 'manifest.json', 'examples.json', 'README.md']);
  assert.match(comment, new RegExp(`^kaowu-signature-1 ${signer} [\\w-]{86}$`));
  assert.equal(id, 'tester.1');
  assert.equal(examples, 11);
});

test('the same plugin and key give the same package, and none is overwritten', () => {
  pack('decent', 'secret', 'again.kaowu');
  assert.deepEqual(readFileSync(at('again.kaowu')), readFileSync(at('decent.kaowu')));
  refused(/Cannot write again\.kaowu \(File exists\)/, 'pack', fixture('decent'), '--key', 'secret', '--readme', readme, '--out', 'again.kaowu');
});

test('only what passes its check is packed, and with a README', () => {
  refused(/plugin\.example_outcome/, 'pack', fixture('wrong_example'), '--key', 'secret', '--readme', readme);
  refused(/README\.md cannot be read/, 'pack', fixture('decent'), '--key', 'secret');
  assert.equal(run('pack', fixture('decent')).status, 2);
  assert.equal(run('pack', fixture('decent'), '--key', 'secret', '--unsigned').status, 2);
});

test('a package is checked, described and tried like its plugin', () => {
  assert.match(done('check', 'decent.kaowu').out, /^Passed: /);
  assert.equal(JSON.parse(done('describe', 'decent.kaowu', '--json').out).id, 'tester.1');
});

// ---- Trust ----

test('only a package of a trusted key is installed', () => {
  const data = place();
  refused(/plugin is not signed.*\[kit\.unsigned\]/, 'install', fixture('decent'), '--data', data);
  refused(/which is not trusted here.*\[kit\.untrusted\]/, 'install', 'decent.kaowu', '--data', data);
  assert.deepEqual(list(data), []);
  assert.match(done('trust', key('secret'), '--name', 'Standards office', '--data', data).out, /taken from now on/);
  const { out, error } = done('install', 'decent.kaowu', '--data', data);
  assert.match(out, /^installed tester\.1 1\.0\.0 \(\w{12}, active\)\n$/);
  assert.equal(error.replace(/.*Sanitizer.*\n/g, ''), '');
  const [row] = list(data);
  assert.deepEqual([row.trust, row.signer, row.signed_by], ['signed', 'Standards office', key('secret')]);
  assert.match(done('trust', '--data', data).out, /^kaowu-ed25519:\S+ {2}\S+ {2}Standards office\n$/);
});

test('a key that is trusted no more installs nothing, and what it signed counts as unsigned', () => {
  const data = place();
  done('trust', key('secret'), '--data', data);
  done('install', 'decent.kaowu', '--data', data);
  done('distrust', key('secret'), '--data', data);
  assert.equal(list(data)[0].trust, 'untrusted');
  pack('newer_version', 'secret', 'newer.kaowu');
  refused(/kit\.untrusted/, 'install', 'newer.kaowu', '--data', data);
  refused(/kit\.key_unknown/, 'distrust', key('secret'), '--data', data);
  refused(/kit\.not_a_key/, 'trust', 'kaowu-ed25519:short', '--data', data);
});

test('a key is trusted for its own packages, whoever else signs them', () => {
  const data = place();
  done('trust', key('other'), '--data', data);
  refused(/kit\.untrusted/, 'install', 'decent.kaowu', '--data', data);
});

test('who takes over another\'s plugin is told of, and the list says whose each version is', () => {
  const data = place();
  done('trust', key('secret'), '--name', 'Standards office', '--data', data);
  done('trust', key('other'), '--name', 'Somebody', '--data', data);
  done('install', 'decent.kaowu', '--data', data);
  pack('newer_version', 'other', 'taken.kaowu');
  const { error } = done('install', 'taken.kaowu', '--data', data);
  assert.match(error, /tester\.1 1\.0\.0 was signed by Standards office, and 1\.\S+, which is installed now, by another key: .* kaowu plugin rollback\./);
  assert.match(done('list', '--data', data).out, /signed +active +Somebody *\n.*signed +active +Standards office *\n/);
});

test('whatever is changed in a signed package, nobody takes it: not even who takes unsigned ones', () => {
  const data = place();
  const whole = readFileSync(at('decent.kaowu'));
  done('trust', key('secret'), '--data', data);
  const comment = whole.length - 162;
  const places = [10, 30, 100, whole.length >> 1, comment - 30, comment + 80, whole.length - 1];
  for (const index of places) {
    const changed = Buffer.from(whole);
    changed[index] ^= 1;
    writeFileSync(at('changed.kaowu'), changed);
    refused(/\[(kit\.signature_bad|archive\.broken)\]/, 'install', 'changed.kaowu', '--trust-unsigned', '--data', data);
  }
  // Cut, with something behind it, or with the comment of another: no longer signed, or no archive.
  const strip = Buffer.from(whole.subarray(0, comment));
  for (const [content, told] of [[whole.subarray(0, -1), /archive\.broken|kit\.unsigned/], [strip, /archive\.broken|kit\.unsigned/],
    [Buffer.concat([whole, Buffer.from('x')]), /archive\.broken|kit\.unsigned/],
    [Buffer.concat([whole.subarray(0, comment), Buffer.from('kaowu-signature-1 ' + key('secret') + ' ' + 'A'.repeat(86))]),
      /kit\.signature_bad/]]) {
    writeFileSync(at('changed.kaowu'), content);
    refused(told, 'install', 'changed.kaowu', '--data', data);
  }
  assert.deepEqual(list(data), []);
});

test('a manifest that is not the plugin\'s own is refused, signed or not', () => {
  const data = place();
  done('pack', fixture('decent'), '--unsigned', '--readme', readme, '--out', 'open.kaowu');
  const script = `import zipfile
source = zipfile.ZipFile('${at('open.kaowu')}')
with zipfile.ZipFile('${at('liar.kaowu')}', 'w') as target:
    for name in source.namelist():
        target.writestr(name, source.read(name).replace('理论知识考试'.encode(), '随便什么考试'.encode()) if name == 'manifest.json' else source.read(name))`;
  assert.equal(spawnSync('python3', ['-c', script]).status, 0);
  refused(/kit\.packed_differs/, 'install', 'liar.kaowu', '--trust-unsigned', '--data', data);
  refused(/kit\.packed_differs/, 'check', 'liar.kaowu');
  done('install', 'open.kaowu', '--trust-unsigned', '--data', data);
});

test('hostile archives take no more room than is given them', () => {
  const script = `import zipfile, sys
def make(name, entries):
    with zipfile.ZipFile(name, 'w', zipfile.ZIP_DEFLATED) as z:
        for entry, content in entries: z.writestr(entry, content)
make('bomb.kaowu', [('manifest.json', b'[' * (300 << 20)), ('README.md', b''), ('plugin.so', b'')])
make('many.kaowu', [('x%d' % i, b'') for i in range(5000)])
make('path.kaowu', [('../../plugin.so', b'x'), ('manifest.json', b'{}'), ('README.md', b'')])
make('deep.kaowu', [('manifest.json', b'[' * 100000), ('README.md', b''), ('plugin.so', b'')])`;
  assert.equal(spawnSync('python3', ['-c', script], { cwd: folder }).status, 0);
  refused(/archive\.large/, 'check', 'bomb.kaowu');
  refused(/archive\.broken/, 'check', 'many.kaowu');
  refused(/archive\.missing/, 'check', 'path.kaowu');
  refused(/json\.\w+/, 'check', 'deep.kaowu');
});

// ---- Said loudly ----

// Whole lines only: the rest of one may be on its way.
const logged = (text) => text.split('\n').slice(0, -1).filter((line) => line.startsWith('{')).map(JSON.parse);

test('what is taken unsigned is told to who types, in the log, by doctor, in /metrics and /status', async () => {
  const deployment = await Deployment.make({ tenants: [] });
  deployment.data = place();
  const { error } = done('install', fixture('decent'), '--trust-unsigned', '--data', deployment.data);
  assert.match(error, /^Beware: tester\.1 1\.0\.0 was installed without a signature/m);
  assert.ok(logged(error).some((line) => line.event === 'plugin.unsigned' && line.plugin === 'tester.1'));
  await deployment.start();
  after(() => deployment.end());
  await eventually(() => `that in the log\n${deployment.log}`,
    () => logged(deployment.log).some((line) => line.event === 'plugin.unsigned' && line.count === '1'));
  assert.match(await (await fetch(`${deployment.base}/metrics`)).text(), /^kaowu_plugins_unsigned 1$/m);
  const status = async () => (await fetch(`${deployment.base}/status`, { headers: { 'accept-language': 'en' } })).json();
  const told = await status();
  assertShape('OperatorStatus', told);
  assert.deepEqual(told.plugins, { active: 1, quarantined: 0, unsigned: 1 });
  assert.match(told.warnings[0].detail, /no trusted key has signed: 1/);
  assert.equal((await fetch(`${deployment.base}/status`, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status, 404);

  // The same bytes, signed after all: the running server sees it, and has nothing to say.
  done('trust', key('secret'), '--data', deployment.data);
  done('install', 'decent.kaowu', '--data', deployment.data);
  assert.equal(list(deployment.data)[0].trust, 'signed');
  await eventually('a status without warnings', async () => (await status()).warnings.length === 0);
  assert.deepEqual(await status(), { draining: false, plugins: { active: 1, quarantined: 0, unsigned: 0 }, warnings: [] });
});

test('of two files of one version the operator hears which one new plans get', () => {
  const data = place();
  const told = () => spawnSync(join(build, 'kaowu'), ['doctor', '--data', data], { encoding: 'utf8', env: { ...process.env, LANG: 'en_US.UTF-8' } })
    .stdout.split('\n').filter((line) => line.includes('two files'));
  done('trust', key('secret'), '--data', data);
  done('install', 'decent.kaowu', '--data', data);
  done('install', fixture('decent'), '--trust-unsigned', '--data', data); // the same file: one, and signed
  assert.deepEqual([list(data).map((row) => row.trust), told()], [['signed'], []]);
  writeFileSync(at('rebuilt.so'), Buffer.concat([readFileSync(fixture('decent')), Buffer.from('x')]));
  done('install', 'rebuilt.so', '--trust-unsigned', '--data', data);
  const [rebuilt, signed] = list(data);
  assert.deepEqual([rebuilt.trust, signed.trust], ['unsigned', 'signed']);
  assert.equal(told().length, 1);
  assert.ok(told()[0].includes(`new plans get ${rebuilt.sha256.slice(0, 12)}`) && told()[0].includes(`${signed.sha256.slice(0, 12)} serves`), told()[0]);
  done('disable', rebuilt.sha256.slice(0, 12), '--data', data);
  assert.deepEqual(told(), []);
});

test('a signed one is not unsigned again by its bare file', () => {
  const data = place();
  done('trust', key('secret'), '--data', data);
  done('install', 'decent.kaowu', '--data', data);
  done('install', fixture('decent'), '--trust-unsigned', '--data', data);
  assert.equal(list(data)[0].trust, 'signed');
});

// ---- Versions ----

const states = (data) => Object.fromEntries(list(data).map((row) => [row.version, row.state]));

test('rollback goes to the version below, or to the one named, and back', () => {
  const data = place();
  done('install', fixture('decent'), fixture('newer_version'), '--trust-unsigned', '--data', data);
  assert.match(done('rollback', 'tester.1', '--data', data).out, /New plans take tester\.1 1\.0\.0/);
  assert.deepEqual(states(data), { '1.10.0': 'disabled', '1.0.0': 'active' });
  refused(/kit\.no_earlier/, 'rollback', 'tester.1', '--data', data);
  done('rollback', 'tester.1', '--to', '1.10.0', '--data', data);
  assert.deepEqual(states(data), { '1.10.0': 'active', '1.0.0': 'active' });
  const [newer, older] = list(data);
  done('disable', older.sha256.slice(0, 12), '--data', data);
  done('rollback', 'tester.1', '--to', '1.0.0', '--data', data);
  assert.deepEqual(states(data), { '1.10.0': 'disabled', '1.0.0': 'active' });
  done('readmit', newer.sha256, '--data', data);
  refused(/plugin\.unknown/, 'rollback', 'nobody.1', '--data', data);
  refused(/plugin\.unknown/, 'rollback', 'tester.1', '--to', '9.9.9', '--data', data);
});

test('a mistyped --data makes no deployment but for installing and trusting', () => {
  for (const words of [['list'], ['rollback', 'tester.1'], ['disable', 'x'], ['trust'], ['distrust', 'x']])
    refused(/There is no deployment in \/nowhere: .*kaowu tenant add/, ...words, '--data', '/nowhere');
});
