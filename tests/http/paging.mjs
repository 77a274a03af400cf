// Walking a list by cursor: in small steps it gives what it gives at once, each row once, in its order.
import assert from 'node:assert/strict';

// Gives how many rows there are. `still` takes from a row what may change between two looks.
export async function walk(caller, path, name, still = (row) => row) {
  const whole = (await caller.get(path, { expect: 200 })).body;
  assert.equal(whole.next, null, path);
  assert.ok(whole[name].length > 1, `${path} has ${whole[name].length} rows`);
  for (const limit of [1, 2]) {
    const rows = [];
    for (let cursor = ''; cursor !== null; ) {
      const { body } = await caller.get(`${path}?limit=${limit}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, { expect: 200 });
      assert.ok(body[name].length === limit || body.next === null, path);
      rows.push(...body[name]);
      cursor = body.next;
    }
    assert.deepEqual(rows.map(still), whole[name].map(still), path);
  }
  return whole[name].length;
}
