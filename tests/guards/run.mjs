// Takes one guard out at a time, and asks the tests: node tests/guards/run.mjs FOLDER [WORD...] tries those of list.mjs
// whose name, file or test has one of the words in it. A guard that nobody misses is a test that is missing.
//
// Before it, each test must be green with all guards in place, or red would mean nothing. Tests are those of the tree;
// the server and the unit tests are built from a copy, without sanitizers, since it is the tests that are tried.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { guards } from './list.mjs';
import { copyTree, putBack, root, takeOut } from './tree.mjs';

const [folder, ...words] = process.argv.slice(2);
const source = resolve(folder, 'source'), build = resolve(folder, 'build');
const testTime = 300_000; // what lasts longer tells nothing: a busy machine is no missing guard

const wanted = guards.filter(({ guard, file, red }) =>
  words.length === 0 || words.some((word) => [guard, file, ...red].some((text) => text.includes(word))));

const serverTest = (name) => join(root, 'tests', `${name.split('#')[0]}.test.mjs`);
const isServerTest = (name) => existsSync(serverTest(name));

function must(command, words) {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}:\n${stdout}${stderr}`);
}

function targetsOf(names) {
  const programs = names.filter((name) => !isServerTest(name)).map((name) => name.split('/').pop());
  return [...new Set([...programs, ...(names.some(isServerTest) ? ['kaowu', 'plugins', 'fixtures'] : [])])];
}

const buildFor = (names) => must('cmake', ['--build', build, '--', ...targetsOf(names)]);

// Its whole group ends with it when its time is over: a server that a test has started, too.
function call(command, words, env) {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] };
    const child = spawn(command, words, options);
    let said = '', late = false;
    const timer = setTimeout(() => {
      late = true;
      process.kill(-child.pid, 'SIGKILL');
    }, testTime);
    child.stdout.on('data', (part) => (said += part));
    child.stderr.on('data', (part) => (said += part));
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ green: status === 0 && !late, late, said });
    });
  });
}

const failures = [/^\s*not ok \d+ - (.*)$/m, /^\[  FAILED  \] ([a-z]\w+)$/m, /(Assertion .* failed)/, /\*\*\*(\w+)/];

const firstFailure = (said) => failures.map((each) => each.exec(said)?.[1]).find(Boolean) ?? 'it ended';

async function ask(name) {
  const only = name.includes('#') ? ['--test-name-pattern', name.split('#')[1]] : [];
  const { green, late, said } = isServerTest(name)
    ? await call('node', ['--test', '--test-reporter=tap', ...only, serverTest(name)], { KAOWU_BUILD: build })
    : await call('ctest', ['--test-dir', build, '--no-tests=error', '--output-on-failure', '-R', `^${name}$`]);
  return { green, late, said };
}

const asked = new Map(); // by name: is it green with all guards in place?

async function greenByItself(name) {
  if (!asked.has(name)) {
    buildFor([name]);
    const { green, said } = await ask(name);
    if (!green) console.log(`BROKEN ${name} is red with all guards in place: ${firstFailure(said)}`);
    asked.set(name, green);
  }
  return asked.get(name);
}

// How many tests did not turn red without this guard.
async function tryWithout(each) {
  let blind = 0;
  takeOut(source, each);
  buildFor(each.red);
  for (const name of each.red) {
    const { green, late, said } = await ask(name);
    if (green || late) console.log(`${green ? 'GREEN' : 'LATE '}  ${each.guard}: ${name}`);
    else console.log(`red    ${each.guard}: ${name}: ${firstFailure(said)}`);
    blind += green || late;
  }
  putBack(source, each);
  return blind;
}

copyTree(source);
must('cmake', ['-S', source, '-B', build, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release', '-DKAOWU_WEB=OFF']);

let missed = 0, untried = 0;
for (const each of wanted) {
  let sound = true;
  for (const name of each.red) sound = (await greenByItself(name)) && sound;
  if (sound) missed += (await tryWithout(each)) > 0;
  else untried++;
}
console.log(`${wanted.length} guards, ${asked.size} tests; ${missed} were not missed, ${untried} could not be tried`);
process.exitCode = missed + untried > 0 || wanted.length === 0 ? 1 : 0;
