import assert from 'node:assert/strict';
import { beforeEach, type TestContext, test } from 'node:test';
import { Caretaker } from '#engine/cluster/caretaker.ts';
import { Mender, type MenderWatch } from '#engine/cluster/mender.ts';
import type { CommitLog, Last, Vacancy } from '#engine/journal/log.ts';
import type { TurnRecord } from '#engine/journal/record.ts';
import type { Calls } from '#engine/redis/calls.ts';
import { keysOf } from '#engine/redis/keys.ts';
import type { Reads } from '#engine/redis/reads.ts';

/** When a living process looks into the journal of one that is gone, and what it does there. */
const [PARTITION, EPOCH, S] = [7, 10, 1_000];

const commit = (turn: number): TurnRecord => ({
  partition: PARTITION,
  epoch: EPOCH,
  turn,
  before: `m${turn - 1}`,
  mark: `m${turn}`,
  done: { covered: [], promoted: [], messages: [], keys: ['k'], operations: [] },
});

let now: number;
/** number of the last commit Redis has */
let stands: number;
let version: string;
let free: boolean;
let did: string[];
beforeEach(() => {
  [now, stands, version, free, did] = [0, 3, 'a', true, []];
});

const records = [1, 2, 3].map(commit);
const journal: Partial<CommitLog> = {
  last: (partition) => (partition === PARTITION ? { turn: 3, mark: 'm3', epoch: EPOCH } : undefined),
  catchUp: async () => undefined,
  after: async (_, turn) => records.filter((record) => record.turn > turn),
};
const vacancy = (): Vacancy => ({
  place: '0',
  version,
  async lasts() {
    did.push('read');
    return new Map<number, Last>([[PARTITION, { turn: 3, mark: 'm3', epoch: EPOCH }]]);
  },
  async open() {
    did.push('open');
    version += "'";
    return { journal: journal as CommitLog, close: async () => void did.push('close') };
  },
});
const own: Partial<CommitLog> = { last: () => undefined, vacancies: async () => (free ? [vacancy()] : []) };
const call = async (name: string, _: readonly string[], args: readonly (string | number)[]): Promise<unknown> => {
  did.push(`${name} ${args[0]}`);
  stands = Number(args[0]);
  return [1, args[0], args[2]];
};
const reads = {
  client: {
    async hmget(key: string) {
      if (key !== keysOf(PARTITION).lease) return [null, null, null];
      did.push('ask');
      return [String(stands), `m${stands}`, ''];
    },
  },
} as unknown as Reads;
const told: Partial<MenderWatch> = {
  mended: () => undefined,
  trouble: (error) => assert.fail(error as Error),
};
const watch = told as MenderWatch;

function caretaker(context: TestContext, mine: Partial<CommitLog> = own): Caretaker {
  context.mock.method(performance, 'now', () => now);
  const calls = { call } as unknown as Calls;
  const mender = new Mender(mine as CommitLog, calls, reads, watch);
  return new Caretaker(mine as CommitLog, mender, calls, reads, watch);
}
async function lookAt(s: number, one: Caretaker): Promise<string[]> {
  now = s * S;
  await one.look(() => did.push('mended'));
  return did.splice(0);
}

test('what Redis lost is done again from a journal that nobody has used for a while', async (context) => {
  const one = caretaker(context);
  stands = 1;
  assert.deepEqual(await lookAt(0, one), [], 'its process may be about to come back');
  assert.deepEqual(await lookAt(6, one), []);
  assert.deepEqual(await lookAt(12, one), ['read', 'ask', 'open', 'ask', 'redo 2', 'redo 3', 'close', 'mended']);
  assert.deepEqual(await lookAt(18, one), ['read', 'ask'], 'what it wrote itself is no other user');
});

test('where nothing is missing it costs one question a partition, and not all the time', async (context) => {
  const one = caretaker(context);
  for (const s of [0, 6]) await lookAt(s, one);
  assert.deepEqual(await lookAt(12, one), ['read', 'ask']);
  assert.deepEqual(await lookAt(13, one), []);
  assert.deepEqual(await lookAt(18, one), ['ask']);
});

test('one that cannot be read keeps the others from nothing', async (context) => {
  const troubles: unknown[] = [];
  context.mock.method(watch, 'trouble', (error: unknown) => troubles.push(error));
  const damaged: Vacancy = { ...vacancy(), place: '1', lasts: () => Promise.reject(new Error('EIO')) };
  const one = caretaker(context, { ...own, vacancies: async () => [damaged, vacancy()] });
  stands = 2;
  for (const s of [0, 6]) await lookAt(s, one);
  assert.deepEqual(await lookAt(12, one), ['read', 'ask', 'open', 'ask', 'redo 3', 'close', 'mended']);
  assert.equal(troubles.length, 1);
});

test('one that somebody used meanwhile is left alone for a while again', async (context) => {
  const one = caretaker(context);
  for (const s of [0, 6, 12]) await lookAt(s, one);
  version = 'b';
  stands = 1;
  assert.deepEqual(await lookAt(18, one), []);
  free = false;
  assert.deepEqual(await lookAt(24, one), []);
  free = true;
  assert.deepEqual(await lookAt(30, one), []);
  assert.deepEqual((await lookAt(41, one)).slice(0, 3), ['read', 'ask', 'open']);
});

test('a process that ends looks once more into its own', async (context) => {
  const one = caretaker(context, { ...journal, vacancies: async () => [] });
  stands = 2;
  await one.leave();
  assert.deepEqual(did, ['ask', 'redo 3']);
});

test('… and is not kept by a server that does not answer', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const silent = { client: { hmget: () => new Promise(() => undefined) } } as unknown as Reads;
  const calls = { call } as unknown as Calls;
  const mender = new Mender(journal as CommitLog, calls, silent, watch);
  const left = new Caretaker(journal as CommitLog, mender, calls, silent, watch).leave();
  context.mock.timers.tick(2 * S);
  await left;
  assert.deepEqual(did, []);
});
