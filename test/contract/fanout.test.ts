import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromUuid, type Id, parts } from '#engine/domain/ids.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { caseName } from '#engine/domain/records/names.ts';
import { deposit as nativeDeposit, send } from '#test/native/calls.ts';
import { keyOf, MEAUX, ORLY } from './country.ts';
import { deposit, drain, notifications, startHub, type World } from './hub.ts';
import type { Json } from './wire.ts';

/** Folders whose cases go to another partition in few messages: each case is treated as if it had gone alone. */

const API = '/teledossiers/v1';
const LOOK_MS = 20;

let world: World;
before(async () => {
  world = await startHub();
  assert.notEqual(partitionOf(keyOf(ORLY)), partitionOf(keyOf(MEAUX)));
});
after(() => world.stop());

const actorOf = (uuid: string): string => {
  const id = fromUuid(uuid) as Id;
  return encodeURIComponent(`${parts(id).home}-${caseName(id)}`);
};

test('thousands of recipients can read a native deposit when it is answered, in its order', async () => {
  const to = Array.from({ length: 4000 }, (_, index) => (index % 20 === 0 ? ORLY : MEAUX));
  const answer = await send(world.dgs, nativeDeposit({ to, files: [{ for: [0, 1, 3999] }, {}] }));
  assert.equal(answer.status, 201, answer.text);
  const cases: Json[] = answer.json.cases;
  for (const [partner, org] of [
    [world.orly, ORLY],
    [world.meaux, MEAUX],
  ] as const) {
    const own = cases.filter((_, index) => to[index] === org).map(({ id }) => id);
    const told: string[] = [];
    while (told.length < own.length) {
      const page = await notifications(partner);
      assert.ok(page.length > 0, `${told.length} of ${own.length} are told`);
      told.push(...page.map(({ caseId }) => caseId));
      await Promise.all(page.map(({ id }) => partner.remove(`${API}/notifications/${id}`)));
    }
    assert.deepEqual(told, own);
  }
  const files = await Promise.all(
    [1, 2, 3999].map(async (index) => (await world.meaux.get(`${API}/cases/${cases[index]?.['id']}`)).json.attachments),
  );
  assert.deepEqual(
    files.map((of: Json[]) => of.map(({ id }) => answer.json.attachments.findIndex((one: Json) => one.id === id))),
    [[0, 1], [1], [0, 1]],
  );
});

test('a case whose record is suspended waits alone, and the answer with it', async () => {
  const made = await deposit(world.dgs, { to: [ORLY, MEAUX, MEAUX, MEAUX] }, false);
  const [, first, second, third] = made.cases.map(({ id }: Json) => id);
  const parked = `/admin/v1/parked/${actorOf(second)}`;
  assert.equal((await world.admin.put(parked, {})).status, 204);
  let answered = false;
  const completed = world.dgs.patch(`${API}/folders/${made.id}`, { globalStatus: 'HUBEE_COMPLETED' }).finally(() => {
    answered = true;
  });
  const told = async (): Promise<string[]> => (await notifications(world.meaux)).map(({ caseId }) => caseId);
  for (let seen = 0; seen < 2; seen = (await told()).length)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  assert.deepEqual(await told(), [first, third]);
  assert.equal((await notifications(world.orly)).length, 1);
  assert.equal(answered, false);
  const waiting = (await world.admin.get('/admin/v1/parked')).json;
  assert.deepEqual(
    waiting.map((one: Json) => one.waiting),
    [1],
  );
  assert.equal((await world.admin.remove(parked)).status, 204);
  assert.equal((await completed).status, 204);
  assert.deepEqual(await told(), [first, third, second]);
  await drain(world.orly, world.meaux);
});
