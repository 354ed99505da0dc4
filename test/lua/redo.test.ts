import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf, recordKey } from '#engine/redis/keys.ts';
import { type Owner, openServer, own, type Server } from './server.ts';

let server: Server;
let owner: Owner;
const keys = keysOf(4);
const record = recordKey(4, 'f0');
const declared = [keys.in, keys.lease, keys.due, keys.timers, keys.out, keys.sent, record, keys.seen];

before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(async () => {
  await server.redis.flushall();
  owner = await own(server, 4);
});

/** of the lease that made the lost commit: before any take here */
const EPOCH = 1;

interface Redo {
  commit: readonly [number: number, before: string, mark: string];
  covered?: readonly (readonly [id: string, origin: string, checksum: string])[];
  promoted?: readonly string[];
  heard?: readonly (readonly [source: number, epoch: number, sequence: number])[];
  value?: string;
}
const redo = ({ commit, covered = [], promoted = [], heard = [], value = 'again' }: Redo): Promise<unknown> =>
  server.call('redo', declared, [
    ...commit,
    EPOCH,
    covered.length,
    ...covered.flat(),
    promoted.length,
    ...promoted,
    heard.length,
    ...heard.flat(),
    ...['S', 7, 1, value],
  ]);
const write = (commit: Redo['commit'], value: string) =>
  owner.turn({ commit, operations: [['S', recordKey(4, 'f'), [value]]] });
const messages = async (): Promise<string[]> => (await owner.mail()).map(([, message]) => message);

test('a commit names the one before: another is refused as BEHIND, and nothing is written', async () => {
  await write([1, '', 'a'], 'one');
  const before_ = await server.snapshot();
  await assert.rejects(write([3, 'b', 'c'], 'x'), /BEHIND/);
  await assert.rejects(write([2, 'other', 'b'], 'x'), /BEHIND/);
  await assert.rejects(write([1, 'a', 'b'], 'x'), /BEHIND/);
  await assert.rejects(owner.turn({ commit: [0, 'lost', ''], wanted: 1 }), /BEHIND/);
  assert.deepEqual(await server.snapshot(), before_);
  await write([2, 'a', 'b'], 'two');
  assert.equal(await server.redis.get(record), 'two');
});

test('a lost commit is done again when it follows the last one, by number and mark; else nothing is written', async () => {
  await write([1, '', 'a'], 'one');
  const before_ = await server.snapshot();
  for (const commit of [
    [1, '', 'a'],
    [2, 'b', 'c'],
    [3, 'a', 'c'],
  ] as const)
    assert.deepEqual(await redo({ commit }), [0, 1, 'a']);
  assert.deepEqual(await server.snapshot(), before_);
  assert.deepEqual(await redo({ commit: [2, 'a', 'b'] }), [1, 2, 'b']);
  assert.deepEqual(await redo({ commit: [2, 'a', 'b'] }), [0, 2, 'b']);
  assert.equal(await server.redis.get(record), 'again');
  assert.equal(await server.redis.hget(keys.lease, 'epoch'), String(EPOCH), 'for the next take');
});

test('what it covered leaves the mailbox, under its id or its origin; the rest stays, in order', async () => {
  await server.call('deliver', [keys.in, keys.seen, keys.wake], [9, 5, 1, 'nine 1']);
  await server.call('accept', [keys.in, keys.wake], [100, 'a', 'b']);
  await server.call('deliver', [keys.in, keys.seen, keys.wake], [9, 5, 2, 'nine 2', 5, 3, 'nine 3']);
  const [, a] = await owner.mail();
  const covered = [
    [a?.[0] ?? '', '', 'a'],
    ['1-1', '9:5:2', 'nine 2'],
  ] as const;
  assert.deepEqual(await redo({ commit: [1, '', 'a'], covered }), [1, 1, 'a']);
  assert.deepEqual(await messages(), ['nine 1', 'b', 'nine 3']);
  const { origins } = await owner.turn({ commit: [0, 'a', ''], wanted: 10 });
  assert.deepEqual(origins, ['9:5:1', '', '9:5:3']);
});

test('what stays keeps its id, by which a later commit names it', async () => {
  await server.call('accept', [keys.in, keys.wake], [100, 'a', 'b', 'c']);
  const [a, b, c] = (await owner.mail()) as [string, string][];
  await redo({ commit: [1, '', 'a'], covered: [[b?.[0] ?? '', '', 'b']] });
  assert.deepEqual(await owner.mail(), [a, c]);
  await redo({ commit: [2, 'a', 'b'], covered: [[c?.[0] ?? '', '', 'c']] });
  await redo({ commit: [3, 'b', 'c'], covered: [[a?.[0] ?? '', '', 'a']] });
  assert.deepEqual(await owner.mail(), []);
  await server.call('accept', [keys.in, keys.wake], [100, 'd']);
  assert.deepEqual(await messages(), ['d']);
});

test('an id given again after a loss is another entry: it stays', async () => {
  await server.call('accept', [keys.in, keys.wake], [100, 'new']);
  const [[id]] = (await owner.mail()) as [[string, string]];
  await redo({ commit: [1, '', 'a'], covered: [[id, '', 'old']] });
  assert.deepEqual(await messages(), ['new']);
});

test('the take of who made a commit done again is noted again when it was lost, in its place among the others', async () => {
  const takes = (): Promise<string | null> => server.redis.hget(keys.lease, 'takes');
  await redo({ commit: [1, '', 'a'] });
  const [own_, ...others] = ((await takes()) ?? '').split(',');
  assert.deepEqual(others, [`${EPOCH}:0::9999999999999-0!`]);
  await redo({ commit: [2, 'a', 'b'] });
  assert.deepEqual((await takes())?.split(','), [own_?.replace(':1:a:', ':2:b:'), ...others]);
});

test('a timer promoted since and not covered yet waits in the mailbox, once, and a later commit takes it from there', async () => {
  const timers = [
    ['Z', keys.due, [1, 'one', 2, 'two']],
    ['H', keys.timers, ['one', 'm1', 'two', 'm2']],
  ] as const;
  await owner.turn({ commit: [1, '', 'a'], operations: timers });
  await redo({ commit: [2, 'a', 'b'], promoted: ['one', 'two'], covered: [['9-1', '^two', 'm2']] });
  assert.deepEqual(await messages(), ['m1']);
  await redo({ commit: [3, 'b', 'c'], covered: [['9-2', '^one', 'm1']] });
  assert.deepEqual(await messages(), []);
  assert.deepEqual(await server.redis.hgetall(keys.timers), {});
});

test('a timer whose promotion nobody noted has fired when its entry was covered, and one set anew since has not', async () => {
  const due = [5, 'fired', 50, 'anew'];
  await owner.turn({
    commit: [1, '', 'a'],
    operations: [
      ['Z', keys.due, due],
      ['H', keys.timers, ['fired', 'm1', 'anew', 'm2']],
    ],
  });
  const covered = [
    ['9-1', '^fired', 'm1'],
    ['9-2', '^anew', 'm2'],
  ] as const;
  await redo({ commit: [2, 'a', 'b'], covered });
  assert.deepEqual(await server.redis.hgetall(keys.timers), { anew: 'm2' });
});

test('timers promoted since are no longer due; deliveries it decided count as heard, later ones stay heard', async () => {
  await owner.turn({
    operations: [
      ['Z', keys.due, [1, 'fired', 2, 'other']],
      ['H', keys.timers, ['fired', 'm', 'other', 'n']],
    ],
  });
  await server.redis.hset(keys.seen, '8', '7:9');
  const heard = [
    [8, 7, 3],
    [9, 5, 2],
  ] as const;
  await redo({ commit: [1, '', 'a'], promoted: ['fired'], covered: [['9-1', '^fired', 'm']], heard });
  assert.deepEqual(await server.redis.hgetall(keys.timers), { other: 'n' });
  assert.deepEqual(await server.redis.zrange(keys.due, '0', '-1'), ['other']);
  assert.deepEqual(await server.redis.hgetall(keys.seen), { 8: '7:9', 9: '5:2' });
});

test('a take tells the last commit and where earlier owners began', async () => {
  await write([1, '', 'a'], 'one');
  const reply = (await server.call('take', [keys.lease, keys.in], ['e1#b', 'n', 1_000, 3])) as unknown[];
  assert.deepEqual(reply.slice(5, 7), [1, 'a']);
  assert.equal(reply[7], `${owner.token.split(':')[0]}:0::0-0!`);
  const next = (await server.call('take', [keys.lease, keys.in], ['e1#c', 'n', 1_000, 3])) as unknown[];
  // the first owner began on a state that nobody had vouched for
  assert.equal(next[7], `${reply[2]}:1:a:0-0,${owner.token.split(':')[0]}:0::0-0!`);
});
