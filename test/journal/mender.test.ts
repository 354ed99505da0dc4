import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mender, type MenderWatch } from '#engine/cluster/mender.ts';
import { decodeMessage, encodeMessage } from '#engine/domain/envelope.ts';
import type { CommitLog } from '#engine/journal/log.ts';
import type { TurnDone, TurnRecord } from '#engine/journal/record.ts';
import type { Take } from '#engine/journal/repair.ts';
import type { Calls } from '#engine/redis/calls.ts';
import type { Reads } from '#engine/redis/reads.ts';
import { toy } from '../engine/toy.ts';

/** Which messages of a commit that cannot be done again are named, and which of them are in doubt. */
const [PARTITION, EPOCH, LATER] = [7, 10, 20];
const request = (actor: string): string =>
  encodeMessage({ command: toy({ kind: 'add', actor }), replyTo: { api: 'x', ask: 1 } });

interface Letter {
  payload: string;
  doubt: boolean;
}

function commit(turn: number, done: Partial<TurnDone> = {}): TurnRecord {
  const plain = { covered: [], promoted: [], messages: [], keys: ['k'], operations: [] };
  return {
    partition: PARTITION,
    epoch: EPOCH,
    turn,
    before: `m${turn - 1}`,
    mark: `m${turn}`,
    done: { ...plain, ...done },
  };
}

/**
 * Commits 5 and later of an owner after which another began with commit 4 and made commits of its own; `at` is the last
 * one, and `noted` says whether the take of the first is remembered there.
 */
async function letters(
  commits: readonly Partial<TurnDone>[],
  take: Partial<Take>,
  at = 8,
  noted = true,
): Promise<[Letter[], number[]]> {
  const records = commits.map((done, place) => commit(5 + place, done));
  const forgotten: number[] = [];
  const last = records.at(-1) as TurnRecord;
  const journal: Partial<CommitLog> = {
    last: () => last,
    catchUp: async () => undefined,
    after: async (_, turn) => records.filter((record) => record.turn > turn),
    forget: async (_, lost) => void forgotten.push(...lost.map(({ turn }) => turn)),
  };
  const found: Letter[] = [];
  const call = async (name: string, _: readonly string[], args: readonly (string | number)[]): Promise<unknown> => {
    assert.equal(name, 'deliver');
    for (let at = 3; at < args.length; at += 3)
      found.push(decodeMessage(String(args[at])).command as unknown as Letter);
    return [1, 1];
  };
  const watch: Partial<MenderWatch> = { commitsLost: () => undefined };
  const mender = new Mender(journal as CommitLog, { call } as Calls, {} as Reads, watch as MenderWatch);
  const next = { epoch: LATER, turn: 4, mark: 'm4', entry: '9-0', vouched: false, ...take };
  const own = { epoch: EPOCH, turn: 3, mark: 'm3', entry: '1-0', vouched: true };
  await mender.mend(PARTITION, { turn: at, mark: 'other', takes: noted ? [next, own] : [next] });
  return [found, forgotten];
}

test('a last commit that the next owner, on the same run of the server, did not find was never made: nobody is told', async () => {
  const [told, forgotten] = await letters([{ messages: [request('a')] }], { vouched: true });
  assert.deepEqual([told, forgotten], [[], [5]]);
});

test('where the state came from elsewhere it may have been made: it is told, in doubt', async () => {
  const [told, forgotten] = await letters([{ messages: [request('a')] }], { vouched: false });
  assert.deepEqual(
    told.map(({ payload, doubt }) => [payload, doubt]),
    [[request('a'), true]],
  );
  assert.deepEqual(forgotten, [5]);
});

test('commits of an owner whose take was lost are told, whatever the epoch and the number of who came later', async () => {
  for (const epoch of [EPOCH - 5, LATER]) {
    const own = [{ messages: [request('a')] }, { messages: [request('b')] }];
    const [told, forgotten] = await letters(own, { epoch, vouched: true }, 8, false);
    assert.deepEqual(
      told.map(({ payload }) => payload),
      [request('a'), request('b')],
    );
    assert.deepEqual(forgotten, [5, 6]);
  }
});

test('… but not before another process had time to do those in between again, if they may still follow', async () => {
  await assert.rejects(letters([{}, {}], { epoch: EPOCH - 5, turn: 2 }, 3, false), /of another process/);
});

test('of commits as old as the oldest take remembered nothing is said', async () => {
  const [told, forgotten] = await letters([{ messages: [request('a')] }], { epoch: EPOCH - 5, turn: 5 }, 8, false);
  assert.deepEqual([told, forgotten], [[], []]);
});

test('requests are told, in doubt when their entry may still have been there; deliveries and timers come again', async () => {
  const covered = [
    ['9-0', ''],
    ['9-1', ''],
    ['9-2', '3:1:1'],
    ['9-3', '^timer'],
    ['9-4', '@4.0'],
  ] as const;
  const messages = [...'abcde'].map(request);
  const [told] = await letters([{ covered, messages: [...messages, request('direct')] }, {}], {});
  assert.deepEqual(
    told.map(({ payload, doubt }) => [payload, doubt]),
    [
      [request('a'), true],
      [request('b'), false],
      [request('direct'), false],
    ],
  );
});

test('where nobody took the partition since, an entry may still be there, and be decided: its request is in doubt', async () => {
  const covered = [['9-9', '']] as const;
  const messages = [request('a'), request('direct')];
  const [told] = await letters([{ covered, messages }], { epoch: EPOCH, turn: 5, mark: 'other' }, 5);
  assert.deepEqual(
    told.map(({ payload, doubt }) => [payload, doubt]),
    [
      [request('a'), true],
      [request('direct'), false],
    ],
  );
});

test('a commit that came late, and that others followed before it was done again, is looked at anew and not told as lost', async () => {
  const journal: Partial<CommitLog> = {
    last: () => commit(5),
    catchUp: async () => undefined,
    after: async () => [commit(5)],
  };
  const called: string[] = [];
  const call = async (name: string): Promise<unknown> => {
    called.push(name);
    return [0, 6, 'm6'];
  };
  const hmget = async (): Promise<string[]> => ['6', 'm6', `${LATER}:5:m5:9-0!`];
  const reads = { client: { hmget } } as unknown as Reads;
  const mender = new Mender(journal as CommitLog, { call } as unknown as Calls, reads, {} as MenderWatch);
  const taken = { turn: 4, mark: 'm4', takes: [] };
  assert.deepEqual(await mender.mend(PARTITION, taken), { turn: 6, mark: 'm6', mended: false, damaged: false });
  assert.deepEqual(called, ['redo']);
});

test('commits of another process among its own are awaited, then those behind them are done again too', async (context) => {
  const records = [5, 6, 9, 10].map((turn) => commit(turn, { messages: [request('a')] }));
  const journal: Partial<CommitLog> = {
    last: () => records.at(-1) as TurnRecord,
    catchUp: async () => undefined,
    after: async (_, turn) => records.filter((record) => record.turn > turn),
    forget: async () => undefined,
  };
  const called: string[] = [];
  const call = async (name: string, _: readonly string[], args: readonly (string | number)[]): Promise<unknown> => {
    called.push(name === 'redo' ? `redo ${args[0]}` : name);
    return [1, args[0], args[2]];
  };
  const watch: Partial<MenderWatch> = { mended: () => undefined, commitsLost: () => undefined };
  const awaiting = () => new Mender(journal as CommitLog, { call } as Calls, {} as Reads, watch as MenderWatch);
  const standsAt = (turn: number) => ({ turn, mark: `m${turn}`, takes: [] });

  const mender = awaiting();
  await assert.rejects(mender.mend(PARTITION, standsAt(4)), /of another process/);
  assert.deepEqual(called.splice(0), ['redo 5', 'redo 6']);
  await assert.rejects(mender.mend(PARTITION, standsAt(6)), /of another process/);
  await mender.mend(PARTITION, standsAt(8));
  assert.deepEqual(called.splice(0), ['redo 9', 'redo 10']);

  const late = awaiting();
  await assert.rejects(late.mend(PARTITION, standsAt(4)), /of another process/);
  called.splice(0);
  const now = performance.now();
  context.mock.method(performance, 'now', () => now + 60_000);
  await late.mend(PARTITION, standsAt(6));
  assert.deepEqual(called, ['deliver'], 'named when nobody comes');
});
