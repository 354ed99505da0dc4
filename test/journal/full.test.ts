import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Chain } from '#engine/journal/chain.ts';
import type { Journal } from '#engine/journal/journal.ts';
import { Segment } from '#engine/journal/segment.ts';
import { toy } from '../engine/toy.ts';
import { journalFolder, openJournal } from './world.ts';

/** A disk that takes no more: nothing is answered, nothing is committed behind a gap, and it goes on when there is room. */
const PARTITION = 7;
const EPOCH = 1_000;

let place: ReturnType<typeof journalFolder>;
let journal: Journal;
beforeEach(async () => {
  place = journalFolder();
  journal = await openJournal(place.folder);
});
afterEach(async () => {
  mock.restoreAll();
  await journal.close();
  place.remove();
});

/** As a new owner of the partition begins. @returns what Redis was sent */
async function commit(value: string, answersHere = true): Promise<string[]> {
  const sent: string[] = [];
  const last = journal.last(PARTITION) ?? { turn: 0, mark: '', epoch: EPOCH };
  const args = ['token', 1, 1, 1, 0, 0, '', '', 0, '', '', 'S', 7, 1, value];
  const request = { message: { command: toy({ kind: 'add', actor: 'a' }) } };
  const send = async (): Promise<void> => void sent.push(value);
  try {
    const chain = new Chain(PARTITION, EPOCH, last, journal);
    await chain.commit({ entries: [], requests: [request] }, { keys: ['k'], args }, answersHere, send);
    return sent;
  } catch (error) {
    throw Object.assign(error as Error, { sent });
  }
}

const fill = () =>
  mock.method(Segment.prototype, 'append', () => Promise.reject(new Error('ENOSPC: no space left on device')));
const values = async (): Promise<string[]> =>
  (await journal.after(PARTITION, 0)).map(({ done }) => String(done.operations[3]));

test('what Redis may have is written before the next commit, which is not even tried until then', async () => {
  await commit('one');
  fill();
  await assert.rejects(commit('two'), { sent: ['two'] });
  await assert.rejects(commit('three'), { sent: [] });
  await assert.rejects(commit('three'), { sent: [] });
  mock.restoreAll();
  assert.deepEqual(await commit('three'), ['three']);
  assert.deepEqual(await values(), ['one', 'two', 'three']);
  await journal.close();
  journal = await openJournal(place.folder);
  assert.deepEqual(await values(), ['one', 'two', 'three']);
});

test('an answer that Redis would publish waits for the journal: Redis is not asked', async () => {
  fill();
  await assert.rejects(commit('one', false), { sent: [] });
});
