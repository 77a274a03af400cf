// Plans for the plugins of tests/plugin/fixtures: an occupation of nobody's, one material, and what each plugin is about.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificate, details, draft, period, planOf, topic, upload } from './candidate.mjs';
import { Client } from './client.mjs';
import { Deployment, kaowu, root } from './deployment.mjs';
import { portrait } from './pictures.mjs';
import { fixture } from './plugins.mjs';

export const occupation = '测试员';

export function install(deployment, ...names) {
  const words = ['install', ...names.map(fixture), '--trust-unsigned', '--data', deployment.data];
  kaowu(['plugin', ...words], { stdio: 'pipe' });
}

// One line of `kaowu plugin list`.
export const listed = (deployment, id) =>
  kaowu(['plugin', 'list', '--data', deployment.data], { stdio: 'pipe' }).split('\n').filter((line) => line.startsWith(`${id} `)).join('\n');

// A copy of tenants/haidian with a plan for each plugin id (or {id, version}); its code is the id in other letters.
export function tenantWith(plugins) {
  const folder = mkdtempSync(join(tmpdir(), 'kaowu-tenant-'));
  cpSync(join(root, 'tenants', 'haidian'), folder, { recursive: true });
  const model = JSON.parse(readFileSync(join(folder, 'plans', '2026-scm-1.json')));
  const [day] = model.exam.subjects;
  plugins.forEach((plugin, number) => {
    const { id, version } = typeof plugin === 'string' ? { id: plugin } : plugin;
    const code = `test-${number}-${id.replace('.', '-')}`;
    const plan = { ...model, code, name: planName(id), filing_no: `HA2026${500 + number}`, occupation_code: '9-99-99-99',
      plugin: version ? { id, version } : { id }, places: 0, exam: { ...model.exam, subjects: [{ ...day, subject: 'theory' }] } };
    writeFileSync(join(folder, 'plans', `${code}.json`), JSON.stringify(plan));
  });
  return folder;
}

// A deployment that has these fixtures installed, and the centre with their plans; not started yet.
export async function deploymentWith(fixtures, plugins) {
  const deployment = await Deployment.make({ tenants: [] });
  const folder = tenantWith(plugins);
  install(deployment, ...fixtures);
  kaowu(['tenant', 'add', 'haidian', '--data', deployment.data]);
  deployment.apply('haidian', folder);
  rmSync(folder, { recursive: true });
  return deployment;
}

const planName = (id) => `${id} 的认定计划`;

export async function planFor(client, id) {
  const { body } = await client.get('/plans', { expect: 200 });
  return body.plans.find((plan) => plan.name === planName(id));
}

// A candidate with a draft that lacks nothing but the plugin's own fields; who has a certificate and years enough.
export async function filled(deployment, order, id) {
  const own = await new Client(deployment, 'haidian').signUp(`1380007${String(order).padStart(4, '0')}`);
  await draft(own, id ? await planFor(own, id) : await planOf(own, occupation));
  await topic(own, 'details', details(order));
  await topic(own, 'identity', { identity: '职工' });
  await topic(own, 'condition', { condition: '1-1' });
  await topic(own, 'certificates', certificate('2020-05-01', occupation));
  await topic(own, 'work', { work: [period('2018-03', null, occupation)] });
  await upload(own, 'portrait', portrait());
  return own;
}
