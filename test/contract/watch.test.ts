import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { folder } from './country.ts';
import { deposit, drain, startHub, type World } from './hub.ts';
import { assertDone, assertError } from './shape.ts';
import { call, type Json } from './wire.ts';

/** Contract §§15.16, 16.9: what supervision must see, since nobody else will. */

const API = '/teledossiers/v1';

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

const unfinished = async (query = 'hours=0'): Promise<string[]> =>
  (await world.admin.get(`/admin/v1/folders/unfinished?${query}`)).json.map((one: Json) => one.folderId);
const unfetchable = async (): Promise<string[]> =>
  (await world.admin.get('/admin/v1/cases/unfetchable')).json.map((one: Json) => one.caseId);
/** Of all processes together. */
const sum = async (start: string, label: string): Promise<number> => {
  const texts = await Promise.all(world.metrics.map(async (url) => (await call(url, 'GET', '/metrics')).text));
  const lines = texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith(start) && line.includes(label));
  return lines.reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
};
const figure = (name: string): Promise<number> => sum(name, 'thread="');
const counted = (name: string): Promise<number> => sum('engine_counted{', `name="${name}"`);

test('folders that nobody completes are listed until they are completed or deleted', async () => {
  const made = [await deposit(world.dgs, {}, false), await deposit(world.dgs, {}, false)] as [Json, Json];
  const ids = made.map(({ id }) => id);
  assert.deepEqual(new Set(await unfinished()), new Set(ids));
  assert.deepEqual(await unfinished(''), [], 'not before HUB_UNFINISHED_HOURS');
  const [first] = (await unfinished('hours=0&limit=1')) as [string];
  assert.deepEqual(
    await unfinished(`hours=0&limit=1&after=${first}`),
    ids.filter((id) => id !== first),
  );
  assertError(await world.admin.get('/admin/v1/folders/unfinished?after=x'), 400, /not a valid UUID/);
  assertDone(await world.dgs.patch(`${API}/folders/${ids[0]}`, { globalStatus: 'HUBEE_COMPLETED' }));
  assertDone(await world.dgs.remove(`${API}/folders/${ids[1]}`));
  assert.deepEqual(await unfinished(), []);
  await drain(world.orly);
});

test('cases of which a file was refused are listed from their notification until they are closed', async () => {
  const made = (await world.dgs.post(`${API}/folders`, folder({ files: [{ size: 50 }] }))).json;
  const file = `${API}/folders/${made.id}/attachments/${made.attachments[0].id}`;
  assertError(await world.dgs.upload(file, Buffer.from('short')), 400);
  assert.deepEqual(await unfetchable(), []);
  assertDone(await world.dgs.patch(`${API}/folders/${made.id}`, { globalStatus: 'HUBEE_COMPLETED' }));
  const { id } = made.cases[0];
  assert.deepEqual(await unfetchable(), [id]);
  assert.equal(await figure('engine_cases_unfetchable'), 1);
  for (const [status, listed] of [
    ['CLOSED', []],
    ['HUBEE_NOTIFIED', [id]],
    ['CLOSED', []],
  ] as const) {
    assertDone(await world.dgs.patch(`${API}/cases/${id}`, { status }));
    assert.deepEqual(await unfetchable(), listed);
  }
  await drain(world.orly);
});

test('/metrics tells what was counted since the hub was created', async () => {
  const before = await counted('cases');
  await deposit(world.dgs, {});
  assert.equal(await counted('cases'), before + 1);
  assert.ok((await counted('applied')) > 0);
  await drain(world.orly);
});
