import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DeadLetters } from '#engine/client/dead.ts';
import { Watchlist } from '#engine/client/watchlist.ts';
import { KIND, newId } from '#engine/domain/ids.ts';
import { UNFINISHED } from '#engine/domain/records/names.ts';
import { type Client, connect } from '#engine/redis/connect.ts';
import { recordKey } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';
import { openWorld, type World } from './world.ts';

/** Lists of supervision keep to what other reads keep to: nothing is shown that no owner vouches for, and no fault told. */
let world: World;
let client: Client;
before(async () => {
  world = await openWorld();
  client = connect(world.url, () => undefined);
});
after(async () => {
  client.disconnect();
  await world.close();
});

const busy = { name: 'DomainError', status: 503 };
const PAGE = { before: 10, limit: 5 };

test('what nobody vouches for is not listed, letters excepted', async () => {
  const reads = new Reads(client, Number.POSITIVE_INFINITY, true);
  await world.redis.zadd(recordKey(0, UNFINISHED), 1, newId(KIND.folder, 0, 1));
  await assert.rejects(new Watchlist(reads).unfinished(PAGE), busy);
  await assert.rejects(new Watchlist(reads).unfetchable(PAGE), busy);
  const letters = new DeadLetters(reads, () => assert.fail());
  assert.deepEqual(await letters.list({ limit: 5 }), []);
});

test('while Redis is away readers are put off', async () => {
  const lonely = connect(world.url, () => undefined);
  const reads = new Reads(lonely);
  lonely.disconnect();
  const letters = new DeadLetters(reads, () => assert.fail());
  await assert.rejects(new Watchlist(reads).unfinished(PAGE), busy);
  await assert.rejects(letters.list({ limit: 5 }), busy);
  await assert.rejects(letters.parked({ limit: 5 }), busy);
});
