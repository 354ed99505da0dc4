import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { bridgeEngine } from '#engine/bridge/api-end.ts';
import { bridgeApi } from '#engine/bridge/engine-end.ts';
import { arrived } from '#engine/bridge/wire.ts';
import type { Arrived } from '#engine/domain/envelope.ts';
import { type Asker, Local, type Owner } from '#engine/local.ts';
import type { ReplyItem } from '#engine/partition/replies.ts';
import { toy } from './toy.ts';
import { until } from './world.ts';

const PARTITION = 7;
const message = (ask: number): Arrived => arrived(toy({ kind: 'add', actor: 'a', value: ask }), 'api', ask);

/** Two threads' ends in one, and what each was told. */
function bridge() {
  const { port1, port2 } = new MessageChannel();
  const [near, far] = [new Local(), new Local()];
  bridgeEngine(port1, near);
  bridgeApi(port2, far);
  const answers: ReplyItem[] = [];
  const diverted: [number, Arrived][] = [];
  const doubted: number[] = [];
  const asker: Asker = {
    divert: (partition, { command, replyTo, ...rest }) =>
      diverted.push([partition, { command, ...(replyTo && { replyTo }), ...rest }]),
    doubt: ({ replyTo }) => doubted.push(replyTo?.ask ?? 0),
  };
  near.attach('api', (items) => answers.push(...items));
  return { near, far, answers, diverted, doubted, asker, close: () => port1.close() };
}

const owner = (take: Owner['take']): Owner => ({ take });

test('a request reaches its owner as it was asked, and its answer comes back as it was given', async () => {
  const { near, far, answers, asker, close } = bridge();
  const taken: Arrived[] = [];
  const texts: (string | undefined)[] = [];
  far.own(
    PARTITION,
    owner((one, _, json) => texts.push(json) > 0 && taken.push(one) > 0),
  );
  await until('the owner is seen', async () => near.owner(PARTITION) !== undefined);
  for (const ask of [1, 2, 3]) assert.equal(near.owner(PARTITION)?.take(message(ask), asker), true);
  await until('all came', async () => taken.length === 3);
  assert.deepEqual(taken, [message(1), message(2), message(3)]);
  // what the journal keeps of them
  const kept = taken.map(({ command, replyTo }) => JSON.stringify({ command, replyTo }));
  assert.deepEqual(texts, kept);
  const items: ReplyItem[] = [
    [1, 201, 2, { id: 'é\u0000"' }],
    [2, 0, 1],
    [3, 204, 0],
  ];
  far.api('api')?.(items);
  await until('all answered', async () => answers.length === 3);
  assert.deepEqual(answers, items);
  close();
});

test('what is not taken, and what comes after the partition is gone, goes by the mailbox', async () => {
  const { near, far, diverted, asker, close } = bridge();
  const busy = owner(() => false);
  far.own(PARTITION, busy);
  await until('the owner is seen', async () => near.owner(PARTITION) !== undefined);
  const stale = near.owner(PARTITION);
  stale?.take(message(1), asker);
  await until('refused', async () => diverted.length === 1);
  far.disown(PARTITION, busy);
  stale?.take(message(2), asker);
  await until('came too late', async () => diverted.length === 2);
  assert.deepEqual(diverted, [
    [PARTITION, message(1)],
    [PARTITION, message(2)],
  ]);
  assert.equal(near.owner(PARTITION), undefined);
  close();
});

test('doubt reaches who asked', async () => {
  const { near, far, doubted, asker, close } = bridge();
  far.own(
    PARTITION,
    owner((one, there) => {
      there.doubt(one);
      return true;
    }),
  );
  await until('the owner is seen', async () => near.owner(PARTITION) !== undefined);
  near.owner(PARTITION)?.take(message(5), asker);
  await until('told', async () => doubted.length === 1);
  assert.deepEqual(doubted, [5]);
  close();
});

test('a partition that moves to another thread is the new owner’s, in whatever order the news comes', async () => {
  const near = new Local();
  const ends = [0, 1].map(() => {
    const { port1, port2 } = new MessageChannel();
    const far = new Local();
    bridgeEngine(port1, near);
    bridgeApi(port2, far);
    return { far, port1 };
  });
  const [first, second] = ends as [(typeof ends)[0], (typeof ends)[0]];
  const seen: string[] = [];
  const [one, two] = ['one', 'two'].map((name) => owner(() => seen.push(name) > 0)) as [Owner, Owner];
  first.far.own(PARTITION, one);
  await until('the first is seen', async () => near.owner(PARTITION) !== undefined);
  const before = near.owner(PARTITION);
  second.far.own(PARTITION, two);
  await until('the second is seen', async () => near.owner(PARTITION) !== before);
  first.far.disown(PARTITION, one);
  first.far.own(PARTITION + 1, one);
  await until('the news of the first came', async () => near.owner(PARTITION + 1) !== undefined);
  near.owner(PARTITION)?.take(message(1), { divert: () => undefined, doubt: () => undefined });
  await until('taken', async () => seen.length === 1);
  assert.deepEqual(seen, ['two']);
  for (const { port1 } of ends) port1.close();
});

test('a thread that ends owns nothing any more', async () => {
  const { near, far, close } = bridge();
  far.own(
    PARTITION,
    owner(() => true),
  );
  await until('the owner is seen', async () => near.owner(PARTITION) !== undefined);
  close();
  await until('it is gone', async () => near.owner(PARTITION) === undefined);
});
