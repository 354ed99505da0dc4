import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fromUuid, type Id, parts } from '#engine/domain/ids.ts';
import { caseName, eventChunkName, type RecordName } from '#engine/domain/records/names.ts';
import { type Client, connect, disconnect } from '#engine/redis/connect.ts';
import { recordKey } from '#engine/redis/keys.ts';
import { ORLY } from './country.ts';
import { deposit, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError } from './shape.ts';
import type { Json, Partner } from './wire.ts';

/** A record whose text is damaged is served to nobody; lists that name it go on without it until it is repaired. */

const API = '/teledossiers/v1';

let world: World;
let redis: Client;
before(async () => {
  world = await startHub();
  redis = connect(world.redisUrl, () => undefined);
});
after(async () => {
  await disconnect(redis);
  await world.stop();
});

const flipped = (text: string): string => text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) ^ 1);

/** Spoils a record while `work` is done. @param next its text meanwhile; undefined: it is gone */
async function spoilt(
  name: RecordName,
  home: number,
  next: (text: string) => string | undefined,
  work: () => Promise<void>,
): Promise<void> {
  const key = recordKey(home, name);
  const text = (await redis.get(key)) as string;
  const other = next(text);
  if (other === undefined) await redis.del(key);
  else await redis.set(key, other);
  try {
    await work();
  } finally {
    await redis.set(key, text);
  }
}

/** Turns the last bit of a case's stored text over while `work` is done. */
function damaged(uuid: string, work: () => Promise<void>): Promise<void> {
  const id = fromUuid(uuid) as Id;
  return spoilt(caseName(id), parts(id).home, flipped, work);
}

const tell = async (partner: Partner, id: string): Promise<void> => {
  const body = { actionType: 'COM_ADD', notification: true, message: 'bonjour' };
  assert.equal((await partner.post(`${API}/cases/${id}/events`, body)).status, 201);
};
const page = async (partner: Partner, size: number): Promise<string[]> => {
  const answer = await partner.get(`${API}/notifications?maxResult=${size}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.map(({ caseId }: Json) => caseId);
};
const pairs = async (partner: Partner): Promise<string[]> => {
  const answer = await partner.get(`${API}/attachmentsIdsForPurge`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json.map((pair: Json) => pair.case_id);
};

test('notifications of its events are left out of pages that are filled all the same, and come back with it', async () => {
  const folder = await deposit(world.dgs, { to: [ORLY, ORLY, ORLY] });
  const [first, second, third] = folder.cases.map(({ id }: Json) => id) as [string, string, string];
  for (const { id } of await notifications(world.orly)) await world.orly.remove(`${API}/notifications/${id}`);
  for (const id of [first, second, third]) {
    await tell(world.orly, id);
    await tell(world.dgs, id);
  }
  for (const [bad, sound] of [
    [first, [second, third]],
    [second, [first, third]],
  ] as const) {
    await damaged(bad, async () => {
      assert.equal((await world.dgs.get(`${API}/cases/${bad}`)).status, 500, 'never served');
      for (const partner of [world.dgs, world.orly]) {
        for (const size of [25, 1_000, 2, 1]) assert.deepEqual(await page(partner, size), sound.slice(0, size));
      }
    });
  }
  for (const partner of [world.dgs, world.orly]) assert.deepEqual(await page(partner, 25), [first, second, third]);
});

test('its files are left out of the list of those to purge', async () => {
  const folder = await deposit(world.dgs, { to: [ORLY, ORLY] });
  const ids = folder.cases.map(({ id }: Json) => id) as [string, string];
  for (const id of ids) await world.dgs.patch(`${API}/cases/${id}`, { status: 'CLOSED' });
  const sound = async () => (await pairs(world.orly)).filter((id) => ids.includes(id));
  assert.deepEqual(new Set(await sound()), new Set(ids));
  await damaged(ids[0], async () => assert.deepEqual(new Set(await sound()), new Set([ids[1]])));
  assert.deepEqual(new Set(await sound()), new Set(ids));
});

test('a purge that names it marks the others, and names it', async () => {
  const folder = await deposit(world.dgs, { to: [ORLY, ORLY, ORLY] });
  const ids = folder.cases.map(({ id }: Json) => id) as [string, string, string];
  for (const id of ids) await world.dgs.patch(`${API}/cases/${id}`, { status: 'CLOSED' });
  const mark = ids.map((case_id) => ({ case_id, folder_attachment_id: folder.attachments[0].id }));
  const left = async () => (await pairs(world.orly)).filter((id) => ids.includes(id));
  const told = (id: string): string => `Cases that cannot be read were left out, all others are done: ${id}`;
  await damaged(ids[1], async () => {
    assertError(await world.orly.put(`${API}/idsPurged`, mark), 500, told(ids[1]));
    assertError(await world.orlyCivil.put(`${API}/idsPurged`, mark), 403, 'Unauthorized user');
  });
  assert.deepEqual(await left(), [ids[1]]);
  assertDone(await world.orly.put(`${API}/idsPurged`, mark));
  assert.deepEqual(await left(), []);
});

test('older events that are damaged, or not there, are not taken for none', async () => {
  const folder = await deposit(world.dgs, { to: [ORLY, ORLY] });
  const [first, second] = folder.cases.map(({ id }: Json) => id) as [string, string];
  const post = (message: string) =>
    world.orly.post(`${API}/cases/${first}/events`, {
      actionType: 'COM_ADD',
      notification: true,
      message,
      comment: 'x'.repeat(1_000),
    });
  const oldest = (await post('first')).json.id;
  for (let at = 0; at < 20; at += 1) assert.equal((await post('m'.repeat(1_000))).status, 201);
  const id = fromUuid(first) as Id;
  const path = `${API}/cases/${first}`;
  const listed = async () => (await notifications(world.dgs)).filter(({ caseId }) => caseId === first).length;
  const whole = await listed();
  for (const next of [flipped, () => undefined]) {
    await spoilt(eventChunkName(id, 0), parts(id).home, next, async () => {
      for (const partner of [world.orly, world.dgs])
        assert.equal((await partner.get(path)).status, 500, 'never served');
      assert.ok((await listed()) < whole, 'left out');
      assert.equal((await world.orly.get(`${API}/cases/${second}`)).status, 200);
    });
    const { events } = (await world.orly.get(path)).json;
    assert.deepEqual([events.length, events[0].id, await listed()], [21, oldest, whole], 'repaired');
  }
});
