// A placeholder candidate's way through an application, in steps that tests can stop between.
import assert from 'node:assert/strict';
import { portrait, scan } from './pictures.mjs';

// Resident IDs with a right check digit, of nobody: region 110108, born 1990-03-07, order codes counted up.
export function residentId(order) {
  const first = `11010819900307${String(order).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(first[i]), 0);
  return first + '10X98765432'[sum % 11];
}

export const details = (order, name = '张三') => ({
  name,
  id_type: '居民身份证',
  id_number: residentId(order),
  mobile: '13800000000',
  ethnicity: '汉族',
  education: '大学本科',
  province: '北京市',
  candidate_source: '私营企业',
  employer: '示例供应链有限公司',
  address: '北京市海淀区示例路1号',
});

// The certificate of the level below, obtained on that day; the 16th character of its number is the level.
export const certificate = (issued = '2020-05-01', occupation = '供应链管理师') => ({
  certificates: [{ occupation, level: 2, issued, number: 'S000011000001202000001' }],
});

export const period = (from, to, occupation = '供应链管理师', relation = 'same') => ({
  from,
  to,
  employer: '示例供应链有限公司',
  occupation,
  relation,
  witness: '李四',
  witness_phone: '010-00000000',
});

export const work = { work: [period('2020-06', '2023-02'), period('2022-12', null)] };

export async function planOf(client, occupation = '供应链管理师') {
  const { body } = await client.get('/plans', { expect: 200 });
  return body.plans.find((plan) => plan.occupation_name === occupation);
}

export async function consent(client, granted = true) {
  for (const kind of ['portrait', 'id_images'])
    await client.put('/account/consents', { kind, granted, text: '我同意收集和保存这些照片，仅用于本次认定。' }, { expect: 200 });
}

export async function draft(client, plan) {
  await consent(client);
  const { body, version } = await client.post('/applications', { plan_id: plan.id });
  client.application = body.id;
  client.number = body.number;
  client.version = version;
  return body;
}

// One topic, with the version that was seen last.
export async function topic(client, name, body, options = { expect: 200 }) {
  const answer = await client.put(`/applications/${client.application}/${name}`, body, {
    version: client.version,
    ...options,
  });
  if (answer.version) client.version = answer.version;
  return answer;
}

export async function upload(client, material, picture, options = { expect: 200 }) {
  const answer = await client.call('PUT', `/applications/${client.application}/materials/${material}`, {
    upload: picture,
    version: client.version,
    ...options,
  });
  if (answer.version) client.version = answer.version;
  return answer;
}

export async function fill(client, order, { name, facts = certificate(), history = work } = {}) {
  await topic(client, 'details', details(order, name));
  await topic(client, 'identity', { identity: '职工' });
  const { body } = await topic(client, 'condition', { condition: '1-1' });
  await topic(client, 'certificates', facts);
  await topic(client, 'work', history);
  for (const material of body.materials)
    await upload(client, material.id, material.kind === 'portrait' ? portrait() : scan({ seed: order }));
}

export async function submit(client, options = { expect: 200 }) {
  const answer = await client.post(`/applications/${client.application}/submit`, undefined, {
    version: client.version,
    ...options,
  });
  if (answer.version) client.version = answer.version;
  return answer;
}

// From nothing to handed in.
export async function apply(client, order, mobile, options = {}) {
  await client.signUp(mobile);
  await draft(client, await planOf(client, options.occupation));
  await fill(client, order, options);
  const { body } = await submit(client);
  assert.equal(body.state, 'reviewing');
  return body;
}
