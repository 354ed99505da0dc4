import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf, recordKey } from '#engine/redis/keys.ts';
import { librarySource } from '#engine/redis/library.ts';
import { imageOf, rollBack } from '../journal/world.ts';
import { type Owner, openServer, own, type Server } from './server.ts';

/** A state that came from a file, another server or a copy is served once an owner vouches for it, and not before. */
let server: Server;
let owner: Owner;
const keys = keysOf(4);
const record = recordKey(4, 'f0');

before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(async () => {
  await server.redis.flushall();
  owner = await own(server, 4);
});

const refused = async (): Promise<boolean> => {
  const found = (await server.call('reads', [record, keys.lease], [1, 0, 1])) as [string, string[]];
  return found[1].length > 0;
};
const write = (number: number, before_: string, mark: string) =>
  owner.turn({ commit: [number, before_, mark], operations: [['S', recordKey(4, 'f'), [mark]]] });

test('nobody vouches before the first turn of an owner; a later owner changes nothing', async () => {
  assert.equal(await refused(), true);
  await write(1, '', 'a');
  assert.equal(await refused(), false);
  const reply = (await server.call('take', [keys.lease, keys.in], ['e1#b', 'n', 1_000, 3])) as unknown[];
  assert.equal(reply.at(-1), 1);
  assert.equal(await refused(), false);
});

test('keys put back from a copy are refused until their owner has compared them', async () => {
  await write(1, '', 'a');
  const image = await imageOf(server.redis);
  await write(2, 'a', 'b');
  await rollBack(server.redis, image);
  assert.equal(await refused(), true);
  await assert.rejects(write(3, 'b', 'c'), /BEHIND/);
  assert.equal(await refused(), true);
  const declared = [keys.in, keys.lease, keys.due, keys.timers, keys.out, keys.sent, record, keys.seen];
  await server.call('redo', declared, [2, 'a', 'b', 1, 0, 0, 0, 'S', 7, 1, 'b']);
  await owner.turn({ commit: [0, 'b', ''] });
  assert.equal(await refused(), false);
});

test('what another run of the server gave is no lease any more: whoever has it takes it again', async () => {
  await write(1, '', 'a');
  // As after a restart or a promotion: the same keys, and nothing remembered.
  await server.redis.function('LOAD', 'REPLACE', librarySource());
  assert.equal(await refused(), true);
  const before_ = await server.snapshot();
  await assert.rejects(write(2, 'a', 'b'), /FENCED/);
  assert.deepEqual(await server.snapshot(), before_);
  const reply = (await server.call('take', [keys.lease, keys.in], ['e1#b', 'n', 1_000, 3])) as unknown[];
  assert.equal(reply.at(-1), 0);
  assert.equal(await refused(), true);
});
