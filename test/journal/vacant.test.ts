import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Journal } from '#engine/journal/journal.ts';
import type { Vacancy } from '#engine/journal/log.ts';
import { borrowPlace, claimPlace } from '#engine/journal/place.ts';
import { encodeTurn } from '#engine/journal/record.ts';
import { journalFolder, openJournal } from './world.ts';

/** Journals of a machine, by their places: `0` of a process that is gone, `1` of one that lives. */
const [PARTITION, OTHER, EPOCH] = [7, 8, 1_000];
const GONE = '999999999 1';

let machine: ReturnType<typeof journalFolder>;
let living: Journal;
beforeEach(async () => {
  machine = journalFolder();
  const [gone, place] = [await claimPlace(machine.folder), await claimPlace(machine.folder)];
  const journal = await openJournal(gone.folder);
  await commit(journal, PARTITION, 1);
  await commit(journal, OTHER, 5);
  await journal.close();
  await gone.release();
  writeFileSync(join(gone.folder, 'owner'), GONE);
  living = await openJournal(place.folder);
});
afterEach(async () => {
  await living.close();
  machine.remove();
});

async function commit(journal: Journal, partition: number, turn: number): Promise<void> {
  const done = { covered: [], promoted: [], messages: [], keys: ['k'], operations: [] };
  const { mark, line } = encodeTurn({ partition, epoch: EPOCH, turn, before: '', done });
  journal.note(partition, { turn, mark, epoch: EPOCH });
  await journal.write(line);
}
const turnsOf = async (vacancy: Vacancy | undefined): Promise<(readonly [number, number])[]> =>
  [...((await vacancy?.lasts()) ?? [])].map(([partition, { turn }]) => [partition, turn] as const).sort();

test('a journal that no living process uses is found, and told when something was written there', async () => {
  const [vacancy, ...others] = await living.vacancies();
  assert.deepEqual(others, []);
  assert.deepEqual(await turnsOf(vacancy), [
    [PARTITION, 1],
    [OTHER, 5],
  ]);
  assert.equal((await living.vacancies())[0]?.version, vacancy?.version);
  const opened = await vacancy?.open();
  assert.equal(await vacancy?.open(), undefined, 'one opens it at a time');
  assert.deepEqual(await living.vacancies(), []);
  await opened?.journal.forget(OTHER, [], { turn: 4, mark: 'm4', epoch: EPOCH });
  await opened?.close();
  const [again] = await living.vacancies();
  assert.notEqual(again?.version, vacancy?.version);
  assert.deepEqual(await turnsOf(again), [
    [PARTITION, 1],
    [OTHER, 4],
  ]);
});

test('what a partition goes on from is remembered, until its next commit', async () => {
  const [vacancy] = await living.vacancies();
  const opened = await vacancy?.open();
  const journal = opened?.journal as Journal;
  const [lost] = await journal.after(OTHER, 0);
  await journal.forget(OTHER, lost ? [lost] : [], { turn: 2, mark: '', epoch: EPOCH });
  await commit(journal, OTHER, 3);
  await journal.forget(PARTITION, [], { turn: 0, mark: '', epoch: 0 });
  await opened?.close();
  const again = await openJournal(join(machine.folder, '0'));
  assert.deepEqual(again.last(PARTITION), { turn: 0, mark: '', epoch: 0 });
  assert.equal(again.last(OTHER)?.turn, 3);
  await again.close();
});

test('a process that starts while its journal is looked after waits for it', async () => {
  const borrowed = await borrowPlace(join(machine.folder, '0'));
  const starting = claimPlace(machine.folder);
  assert.equal(await borrowPlace(join(machine.folder, '0')), undefined);
  await borrowed?.release();
  assert.equal((await starting).folder, borrowed?.folder);
});

test('… and takes the next one when that lasts', async (context) => {
  const borrowed = await borrowPlace(join(machine.folder, '0'));
  const now = performance.now();
  let looks = 0;
  context.mock.method(performance, 'now', () => {
    looks += 1;
    return now + (looks > 2 ? 60_000 : 0);
  });
  assert.equal((await claimPlace(machine.folder)).folder, join(machine.folder, '2'));
  await borrowed?.release();
});
