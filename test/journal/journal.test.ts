import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Chain } from '#engine/journal/chain.ts';
import type { Journal } from '#engine/journal/journal.ts';
import { decodeTurn, encodeTurn } from '#engine/journal/record.ts';
import { toy } from '../engine/toy.ts';
import { journalFolder, openJournal } from './world.ts';

const PARTITION = 7;
const EPOCH = 1_000;
/** Two segments and a bit, in commits of this many bytes. */
const BIG = 20 * 1024 * 1024;

let place: ReturnType<typeof journalFolder>;
let journal: Journal | undefined;
beforeEach(() => {
  place = journalFolder();
});
afterEach(async () => {
  await journal?.close();
  journal = undefined;
  place.remove();
});

const open = async (damaged: string[] = [], keepBytes?: number): Promise<Journal> => {
  await journal?.close();
  journal = await openJournal(place.folder, damaged, keepBytes);
  return journal;
};
const chainOf = (given: Journal): Chain =>
  new Chain(PARTITION, EPOCH, given.last(PARTITION) ?? { turn: 0, mark: '', epoch: EPOCH }, given);

/** Commits as a partition makes them; `send` stands for Redis. */
async function commit(chain: Chain, value: string, send = async (): Promise<unknown> => 'OK'): Promise<void> {
  const args = ['token', 1, 1, 1, 0, 1, 'id', 'id', 0, '', '', 'S', 7, 1, value];
  const request = { message: { command: toy({ kind: 'add', actor: 'a' }) } };
  const entries = [{ id: '1-0', payload: 'payload', origin: '9:5:1' }];
  await chain.commit({ entries, requests: [request] }, { keys: ['k'], args }, true, send);
}
const values = async (given: Journal, after = 0): Promise<string[]> =>
  (await given.after(PARTITION, after)).map(({ done }) => String(done.operations[3]));
const newest = (): string => {
  const names = readdirSync(place.folder).filter((name) => name.endsWith('.log'));
  return join(place.folder, names.sort().at(-1) as string);
};

test('commits are found again, in order, each bound to the one before, also by the next process', async () => {
  const chain = chainOf(await open());
  for (const value of ['one', 'two', 'three']) await commit(chain, value);
  const again = await open();
  assert.deepEqual(await values(again), ['one', 'two', 'three']);
  assert.deepEqual(await values(again, 2), ['three']);
  const records = await again.after(PARTITION, 0);
  assert.deepEqual(
    records.map(({ before }) => before),
    ['', records[0]?.mark, records[1]?.mark],
  );
  assert.equal(again.last(PARTITION)?.turn, 3);
  await commit(chainOf(again), 'four');
  assert.deepEqual(await values(await open()), ['one', 'two', 'three', 'four']);
});

test('a commit that Redis refused never happened; one of unknown outcome may have', async () => {
  const given = await open();
  const chain = chainOf(given);
  await commit(chain, 'one');
  const refused = async (): Promise<unknown> => Promise.reject(new Error('FENCED another engine owns this partition'));
  await assert.rejects(commit(chain, 'refused', refused), /FENCED/);
  assert.equal(given.last(PARTITION)?.turn, 1);
  const lost = async (): Promise<unknown> => Promise.reject(new Error('Connection is closed'));
  await assert.rejects(commit(chain, 'in doubt', lost), /closed/);
  assert.deepEqual(await values(await open()), ['one', 'in doubt']);
});

test('a file cut anywhere gives whole commits only, and says nothing: what was cut was answered to nobody', async () => {
  const chain = chainOf(await open());
  for (const value of ['one', 'two', 'three']) await commit(chain, value);
  await journal?.close();
  journal = undefined;
  const path = newest();
  const bytes = readFileSync(path);
  const seen = new Set<number>();
  for (let length = bytes.indexOf('\n# ') + 1; length < bytes.length; length += 7) {
    writeFileSync(path, bytes.subarray(0, length));
    const damaged: string[] = [];
    const cut = await openJournal(place.folder, damaged);
    const found = await values(cut);
    assert.deepEqual(found, ['one', 'two', 'three'].slice(0, found.length));
    assert.deepEqual(damaged, []);
    seen.add(found.length);
    await cut.close();
    for (const name of readdirSync(place.folder)) {
      if (join(place.folder, name) !== path && name.endsWith('.log')) writeFileSync(join(place.folder, name), '');
    }
  }
  assert.deepEqual([...seen].sort(), [0, 1, 2]);
});

test('a flipped bit is told, wherever it is, and never taken for a commit', async () => {
  const chain = chainOf(await open());
  for (const value of ['one', 'two', 'three']) await commit(chain, value);
  await journal?.close();
  journal = undefined;
  const path = newest();
  const bytes = readFileSync(path);
  for (let at = 0; at < bytes.length - 1; at += 11) {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] as number) ^ 4;
    writeFileSync(path, flipped);
    const damaged: string[] = [];
    const read = await openJournal(place.folder, damaged);
    const found = await values(read);
    assert.deepEqual(found, ['one', 'two', 'three'].slice(0, found.length), `byte ${at}`);
    assert.ok(damaged.length > 0 || found.length < 3, `byte ${at}`);
    await read.close();
    for (const name of readdirSync(place.folder)) {
      if (join(place.folder, name) !== path && name.endsWith('.log')) writeFileSync(join(place.folder, name), '');
    }
  }
});

test('a newest segment cut before its first line was sealed forgets nothing', async () => {
  const chain = chainOf(await open());
  for (const value of ['one', 'two']) await commit(chain, value);
  await open();
  writeFileSync(join(place.folder, `${String(Date.now() + 60_000).padStart(15, '0')}.log`), 'H [[7,9,"x",1');
  const again = await open();
  assert.equal(again.last(PARTITION)?.turn, 2);
  assert.deepEqual(await values(again), ['one', 'two']);
});

test('the oldest segments go first, and the last commit of a partition stays known', async () => {
  const given = await open([], BIG);
  const chain = chainOf(given);
  await commit(chain, 'first');
  for (let i = 0; i < 9; i += 1) await commit(chain, 'x'.repeat(BIG));
  const sizes = readdirSync(place.folder).map((name) => statSync(join(place.folder, name)).size);
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 6 * BIG);
  assert.ok(!(await values(given)).includes('first'));
  assert.equal((await open([], BIG)).last(PARTITION)?.turn, 10);
});

test('a turn is read as it was written, whatever its values hold, and a damaged line is no turn', () => {
  const plain = {
    covered: [
      ['1-0', ''],
      ['2-0', '9:5:1'],
    ] as const,
    promoted: ['a b'],
    messages: ['0123abcd["x"]', { command: toy({ kind: 'add', actor: 'a' }), replyTo: { api: 'x', ask: 1 } }],
    keys: ['k'],
    operations: ['S', '1', '', 'x y', ''],
  };
  const empty = { covered: [], promoted: [], messages: [], keys: ['k'], operations: [] };
  const strange = { ...plain, operations: ['a\nb', 'c\x1fd', 'e\x1ef'] };
  for (const done of [plain, empty, strange]) {
    const { mark, line } = encodeTurn({ partition: 1, epoch: 2, turn: 3, before: 'abc', done });
    assert.equal(line.indexOf('\n'), line.length - 1);
    assert.deepEqual(decodeTurn(line.trimEnd()), { partition: 1, epoch: 2, turn: 3, before: 'abc', mark, done });
    assert.equal(decodeTurn(line.trimEnd().replace('k', 'l')), undefined);
    // a request that came as text
    const messages = done.messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
    const asText = encodeTurn({ partition: 1, epoch: 2, turn: 3, before: 'abc', done: { ...done, messages } });
    assert.equal(asText.line, line);
  }
  assert.equal(decodeTurn('T'), undefined);
});
