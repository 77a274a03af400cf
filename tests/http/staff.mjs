// What staff do with an application, in steps.
import { Client } from './client.mjs';

export async function office(deployment, slug) {
  const staff = {};
  for (const login of ['admin', 'reviewer1', 'reviewer2', 'cashier', 'registrar', 'auditor'])
    staff[login] = await new Client(deployment, slug).accept(login);
  return staff;
}

const path = (application, rest = '') => `/review/applications/${application}${rest}`;

// Claims and judges every item that is open: those in `fails` fail with their reason, the others pass.
export async function judge(reviewer, application, fails = {}) {
  await reviewer.post(path(application, '/lease'), {}, { expect: 200 });
  const { body } = await reviewer.get(path(application), { expect: 200 });
  for (const { item, locked } of body.items) {
    if (locked) continue;
    const judgement = fails[item]
      ? { outcome: 'fail', reasons: [fails[item]], note: '请按要求更正后重新上传' }
      : { outcome: 'pass', ...(item.startsWith('related:') && { note: '工作内容与本职业相近' }) };
    await reviewer.put(path(application, `/items/${item}`), judgement, { expect: 200 });
  }
  return body;
}

export async function decide(reviewer, application, outcome, options = { expect: 200 }) {
  const { version } = await reviewer.get(path(application), { expect: 200 });
  return reviewer.post(path(application, '/decision'), { outcome }, { version, ...options });
}

export async function approve(reviewer, application) {
  await judge(reviewer, application);
  return decide(reviewer, application, 'approved');
}

export async function payOffline(client, cashier, receipt) {
  const { body } = await client.post(
    `/applications/${client.application}/orders`,
    { provider: 'offline' },
    { expect: 201 },
  );
  await cashier.post(
    `/cashier/orders/${body.number}/confirmation`,
    { receipt_number: receipt, amount_fen: body.amount_fen },
    { expect: 200 },
  );
  return body;
}

// Everything that must be posted has arrived in order.
export async function receive(client, registrar, faults = {}) {
  const { body } = await registrar.get(`/registrar/applications/${client.number}`, { expect: 200 });
  const items = body.papers.map(({ material, copies }) => ({
    material,
    copies,
    outcome: faults[material] ? 'fail' : 'pass',
    reasons: faults[material] ? [faults[material]] : [],
  }));
  return registrar.post(`/registrar/applications/${client.number}/receipt`, { items }, { expect: 200 });
}
