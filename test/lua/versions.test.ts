import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf, recordKey } from '#engine/redis/keys.ts';
import { LIBRARY_VERSION, librarySource, luaPart } from '#engine/redis/library.ts';
import { imageOf, rollBack } from '../journal/world.ts';
import { LEASE_MS, type Owner, openServer, own, type Server } from './server.ts';

/** Two versions of the functions on one server: what one vouches for, the other serves and takes over; what came from a copy, neither. */
const OTHER = 'other00000';
let server: Server;
let owner: Owner;
const keys = keysOf(4);
const record = recordKey(4, 'f0');

/** As another build's text: its name, its memory. */
const load = async (): Promise<void> => {
  await server.redis.function('LOAD', 'REPLACE', librarySource(luaPart).replaceAll(LIBRARY_VERSION, OTHER));
};

before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(async () => {
  await server.redis.flushall();
  // It remembers the leases of the test before.
  await load();
  await server.redis.function('LOAD', 'REPLACE', librarySource());
  owner = await own(server, 4);
});

const other = (name: string, keys_: readonly string[], args: readonly (string | number)[]): Promise<unknown> =>
  server.redis.fcall(`relais_${name}_${OTHER}`, keys_.length, ...keys_, ...args);
const refused = async (): Promise<[here: boolean, there: boolean]> => {
  const ask = [[record, keys.lease] as const, [1, 0, 1] as const] as const;
  const [here, there] = await Promise.all([server.call('reads', ...ask), other('reads', ...ask)]);
  return [(here as string[][])[1]?.length !== 0, (there as string[][])[1]?.length !== 0];
};
const write = (number: number, before_: string, mark: string, token = owner.token) =>
  owner.turn({ token, commit: [number, before_, mark], operations: [['S', recordKey(4, 'f'), [mark]]] });
const drop = () => server.redis.hset(keys.lease, 'until', 0, 'owner', '');
const taken = async (how: Promise<unknown>): Promise<{ token: string; vouched: unknown }> => {
  const reply = (await how) as unknown[];
  return { token: reply[1] as string, vouched: reply.at(-1) };
};
const take = (owner_: string): readonly [readonly string[], readonly (string | number)[]] => [
  [keys.lease, keys.in],
  [owner_, 'nonce', LEASE_MS, 3],
];

test('what an owner of one vouches for, both serve, from its first turn on', async () => {
  assert.deepEqual(await refused(), [true, true]);
  await write(1, '', 'a');
  assert.deepEqual(await refused(), [false, false]);
  await write(2, 'a', 'b');
  assert.deepEqual(await refused(), [false, false]);
});

test('a partition goes from one to the other and back without a doubt, and the one before writes nothing any more', async () => {
  await write(1, '', 'a');
  await drop();
  const there = await taken(other('take', ...take('n#1')));
  assert.equal(there.vouched, 1);
  assert.deepEqual(await refused(), [false, false]);
  await assert.rejects(write(2, 'a', 'b'), /FENCED/);
  const head = [there.token, LEASE_MS, 0, 0, 0, 0, '', '', 2, 'a', 'b'];
  await other('turn', [keys.in, keys.lease, keys.due, keys.timers, keys.out, keys.sent], head);
  assert.deepEqual(await refused(), [false, false]);
  // Its own functions gave that lease, ours did not.
  await assert.rejects(write(3, 'b', 'c', there.token), /FENCED/);
  await drop();
  const back = await taken(server.call('take', ...take('n#2')));
  assert.equal(back.vouched, 1);
  await write(3, 'b', 'c', back.token);
  assert.deepEqual(await refused(), [false, false]);
});

test('keys put back from a copy are refused by both, and their next owner must compare them', async () => {
  await write(1, '', 'a');
  const image = await imageOf(server.redis);
  await write(2, 'a', 'b');
  assert.deepEqual(await refused(), [false, false]);
  await rollBack(server.redis, image);
  assert.deepEqual(await refused(), [true, true]);
  await drop();
  assert.equal((await taken(other('take', ...take('n#3')))).vouched, 0);
});

test('what another run of the server noted counts for nothing', async () => {
  await write(1, '', 'a');
  const noted = await server.redis.hget(keys.lease, 'sure');
  assert.match(noted ?? '', / [0-9a-f]{16} /);
  await server.redis.hset(keys.lease, 'sure', (noted as string).replace(/ [0-9a-f]{16} /, ' 0123456789abcdef '));
  assert.deepEqual(await refused(), [false, true]);
  await drop();
  assert.equal((await taken(other('take', ...take('n#4')))).vouched, 0);
});
