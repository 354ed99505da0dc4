import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deposit, startHub, type World } from '#test/contract/hub.ts';

let world: World;
before(async () => {
  world = await startHub({ HUB_INDEX: 'off' });
});
after(() => world.stop());

test('without an index, lists say so, and all the rest goes on', async () => {
  for (const path of ['', '/counters', '/01890a5d-ac96-7b06-8000-000000000000/neighbours']) {
    const answer = await world.orly.get(`/relais/v1/cases${path}`);
    assert.deepEqual([answer.status, answer.json.type], [503, '/relais/v1/problems/index-off']);
  }
  assert.equal((await deposit(world.dgs)).globalStatus, 'HUBEE_NOTIFIED');
});

test('without an index, the notifications of a case are found in its box', async () => {
  const [one, two] = [await deposit(world.dgs), await deposit(world.dgs)].map(({ cases }) => cases[0].id as string);
  const of = (id: string | undefined) => `/relais/v1/cases/${id}/notifications`;
  const { json } = await world.orly.get(of(one));
  assert.deepEqual(
    json.map(({ caseId }: { caseId: string }) => caseId),
    [one],
  );
  assert.equal((await world.orly.call('DELETE', of(one))).status, 204);
  assert.deepEqual((await world.orly.get(of(one))).json, []);
  assert.equal((await world.orly.get(of(two))).json.length, 1);
});
