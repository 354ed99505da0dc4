import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { MEAUX, ORLY } from '#test/contract/country.ts';
import { deposit as contractDeposit, startHub, type World } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';
import { call } from '#test/contract/wire.ts';
import { batch, deposit, line, send } from '#test/native/calls.ts';

/** What alerts rest on is there, and moves as what it tells of does. */

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

const API = '/teledossiers/v1';

/** Sum of the series of all processes that have all of these labels; undefined: there is none. */
async function sum(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const texts = await Promise.all(world.metrics.map(async (url) => (await call(url, 'GET', '/metrics')).text));
  const lines = texts
    .flatMap((text) => text.split('\n'))
    .filter((one) => one.startsWith(`${name}{`))
    .filter((one) => Object.entries(labels).every(([key, word]) => one.includes(`${key}="${word}"`)));
  return lines.length === 0 ? undefined : lines.reduce((total, one) => total + Number(one.split(' ').at(-1)), 0);
}
const value = async (name: string, labels?: Record<string, string>): Promise<number> => (await sum(name, labels)) ?? 0;

it('counts deposits by how they came', async () => {
  const { attachments } = await contractDeposit(world.dgs, { to: [MEAUX] });
  assert.equal(await value('relais_files_total', { direction: 'in' }), attachments.length);
  const key = randomUUID();
  for (let n = 0; n < 2; n += 1) await send(world.dgs, deposit(), key);
  await batch(world.dgs, [line(), line()]);
  const ways = ['contract', 'call', 'batch'].map((way) => value('relais_deposits_accepted_total', { way }));
  assert.deepEqual(await Promise.all(ways), [1, 1, 2]);
});

it('times each case from its deposit to its mailbox, to its being taken, and its status back', async () => {
  const [available, taken, returned] = [
    await value('relais_availability_seconds_count'),
    await value('relais_delivery_seconds_count'),
    await value('relais_status_return_seconds_count'),
  ];
  const { id, cases } = await contractDeposit(world.dgs, { to: [ORLY, MEAUX] });
  assert.ok(id);
  assert.equal(await value('relais_availability_seconds_count'), available + 2);
  assert.ok((await value('relais_availability_seconds_sum')) < 60, 'as seconds, and of hub time on both ends');
  const told: Json[] = (await world.meaux.get(`${API}/notifications`)).json;
  await world.meaux.remove(`${API}/notifications/${told.at(-1).id}`);
  assert.equal(await value('relais_delivery_seconds_count'), taken + 1);
  const mine = cases.find(({ recipient }: Json) => recipient.branchCode === MEAUX.branchCode);
  for (const [notification, caseNewStatus] of [
    [true, 'IN_PROGRESS'],
    [false, 'DONE'],
  ]) {
    const body = { actionType: 'STATUS_UPDATE', notification, caseNewStatus, message: 'x' };
    assert.equal((await world.meaux.post(`${API}/cases/${mine.id}/events`, body)).status, 201);
  }
  // What asks for no notification is told to the feed alone, and nobody waits for it.
  while ((await value('relais_status_return_seconds_count')) < returned + 2);
});

it('says how the machine and its Redis are', async () => {
  assert.equal(await value('redis_up', { node: '0' }), world.metrics.length);
  assert.ok((await value('redis_memory_used_bytes')) > 0);
  assert.equal(await value('engine_partitions_unowned'), 0);
  assert.ok(Math.abs(await value('relais_clock_skew_seconds')) < 5);
  assert.ok((await value('redis_call_seconds_count')) > 0);
  for (const folder of ['data', 'blobs', 'redis']) {
    const [free, size] = [
      await value('relais_disk_free_bytes', { folder }),
      await value('relais_disk_size_bytes', { folder }),
    ];
    assert.ok(free > 0 && free <= size, folder);
  }
});

it('knows of the last backup what the data folder says', async () => {
  assert.equal(await value('relais_backup_success_timestamp_seconds'), 0);
  const at = '2026-11-26T12:00:00.000Z';
  writeFileSync(join(world.data, 'backup.json'), JSON.stringify({ at, bytes: 4321, seconds: 2 }));
  assert.equal(await value('relais_backup_success_timestamp_seconds'), Date.parse(at) / 1000);
  assert.equal(await value('relais_backup_bytes'), 4321);
});
