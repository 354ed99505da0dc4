import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { NONE } from '#engine/journal/sent.ts';
import type { OutRecord } from '#engine/partition/batch.ts';
import { acknowledgedOf, type Heard } from '#engine/partition/heard.ts';
import { Lanes, type Recall } from '#engine/partition/lanes.ts';
import type { Calls } from '#engine/redis/calls.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { openServer, type Server } from '../lua/server.ts';
import { until } from './world.ts';

/** Lanes of a source against the function itself, after failovers on both sides. */
const [SOURCE, TO, EPOCH] = [3, 1, 8];
const { in: mailbox, seen } = keysOf(TO);
let server: Server;
let errors: string[];
before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(async () => {
  await server.redis.flushall();
  errors = [];
});

const out = (epoch: number, sequence: number): OutRecord => ({
  number: sequence,
  to: TO,
  sequence,
  epoch,
  payload: `${epoch}:${sequence}`,
});
const messages = async (): Promise<string[]> =>
  (await server.redis.xrange(mailbox, '-', '+')).map(([, fields]) => fields[1] as string);
function lanes(recall: Recall = async () => NONE): Lanes {
  const call: Calls['call'] = (name, keys, args) => server.call(name, keys, args) as never;
  return new Lanes(SOURCE, EPOCH, { call } as Calls, (_, { message }) => errors.push(message), recall);
}
const acked = (epoch: number, sequence: number) => new Map([[TO, { epoch, sequence }]]);

test('acknowledged with the epoch, and the next owner goes on from there', async () => {
  const first = lanes();
  first.send([out(4, 1), out(4, 2)]);
  await until('both are acknowledged', () => first.acknowledged.get(TO)?.sequence === 2);
  assert.deepEqual(first.takeAcks(), [TO, 2, 'e1', 4]);
  first.send([out(4, 3)]);
  await until('the third, too', () => first.acknowledged.get(TO)?.sequence === 3);
  assert.deepEqual(first.takeAcks(), [TO, 3]);
  const next = lanes();
  next.restore([out(4, 3), out(5, 4)], acknowledgedOf({ [TO]: '3', [`e${TO}`]: '4' }));
  await until('the fourth is acknowledged', () => next.acknowledged.get(TO)?.sequence === 4);
  assert.deepEqual(
    [next.takeAcks(), await messages()],
    [
      [TO, 4, 'e1', 5],
      ['4:1', '4:2', '4:3', '5:4'],
    ],
  );
});

test('what went before and was lost is sent again first, though the destination heard higher sequences of a lost epoch', async () => {
  await server.redis.hset(seen, SOURCE, '3:7');
  const asked: [Heard, Heard][] = [];
  const lane = lanes(async (_, heard, through) => {
    asked.push([{ ...heard }, through]);
    return { before: { epoch: 2, sequence: 3 }, outs: [out(4, 4), out(4, 5), out(4, 6)] };
  });
  lane.restore([out(5, 7)], acked(4, 6));
  await until('it is acknowledged', () => lane.acknowledged.get(TO)?.epoch === 5);
  assert.deepEqual(await messages(), ['4:4', '4:5', '4:6', '5:7']);
  assert.deepEqual(asked, [
    [
      { epoch: 3, sequence: 7 },
      { epoch: 4, sequence: 6 },
    ],
  ]);
});

test('what is skipped, because a lost owner of a later epoch was heard, is named as lost, and the lane goes on', async () => {
  await server.redis.hset(seen, SOURCE, '6:1');
  const lane = lanes();
  lane.restore([out(4, 1), out(4, 2), out(8, 3)], new Map());
  await until('all is acknowledged', () => lane.backlog === 0);
  const kinds = (await messages()).map((text) => (text.includes('dead.lost') ? 'lost' : text));
  assert.deepEqual([kinds, await server.redis.hget(seen, String(SOURCE))], [['lost', 'lost', '8:3'], '8:3']);
});

test('what was heard, with more that its source lost, counts as acknowledged', async () => {
  await server.redis.hset(seen, SOURCE, '6:5');
  const lane = lanes();
  lane.restore([out(4, 3), out(4, 4)], acked(4, 2));
  await until('it is acknowledged', () => lane.acknowledged.get(TO)?.sequence === 4);
  assert.deepEqual([errors, await messages(), await server.redis.hget(seen, String(SOURCE))], [[], [], '6:5']);
  lane.send([out(8, 5)]);
  await until('and it goes on', () => lane.acknowledged.get(TO)?.epoch === 8);
  assert.deepEqual(await messages(), ['8:5']);
});

test('who was owner before acknowledges and replaces nothing when its successor was heard', async () => {
  await server.redis.hset(seen, SOURCE, '9:1');
  const lane = lanes();
  lane.send([out(4, 1)]);
  await until('it says so', () => errors.length > 0);
  assert.deepEqual([lane.acknowledged.size, lane.backlog, await messages()], [0, 1, []]);
  lane.stop();
});

test('of a lane stored before epochs were kept, sequences decide', async () => {
  await server.redis.hset(seen, SOURCE, '4:6');
  const lane = lanes();
  lane.restore([out(4, 6), out(5, 7)], acknowledgedOf({ [TO]: '6' }));
  await until('it is acknowledged', () => lane.acknowledged.get(TO)?.sequence === 7);
  assert.deepEqual(await messages(), ['5:7']);
});
