// The daily close: a year's orders of one centre, its bills handed in one after another (tests/bench/bills).
export const work = 'a year of 100,000 orders, 365 trade bills against the ledger';
export const beside = 'nothing';

export async function measure(scene) {
  const figures = JSON.parse(await scene.run(['tests/bench/bills', scene.build, ...(scene.quick ? ['10000'] : [])]));
  return { reach: [{ what: 'time', value: figures.ms, most: 10000, unit: 'ms' }], figures };
}
