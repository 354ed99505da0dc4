import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readCases } from '#engine/client/boxes.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { Local } from '#engine/local.ts';
import { recordKey } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';
import { toy, toyBehaviour } from '../engine/toy.ts';
import { openWorld, until, type World } from '../engine/world.ts';
import { imageOf, journalFolder, openJournal, rollBack } from './world.ts';

/** What an API process reads of a Redis that went back, or was started again: nothing, until an owner vouches for it. */
const HOME = 21;
let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

test('readers are refused until what Redis lost is there again; those of other partitions are not', async () => {
  const place = journalFolder();
  const start = async () => {
    const [journal, local] = [await openJournal(place.folder), new Local()];
    const engine = await world.engine('e1', toyBehaviour, { local, journal });
    return { journal, engine, api: await world.api(toyBehaviour, { local }) };
  };
  const first = await start();
  const reads = new Reads(world.redis, 1, true);
  const record = recordKey(HOME, 'oa');
  const read = (): Promise<string | null> => reads.get(record);
  const busy = (error: unknown): boolean => error instanceof DomainError && error.code === 'busy';
  await first.api.ask(HOME, toy({ kind: 'add', actor: 'a', value: 1 }));
  const mine = (key: string): boolean => key.startsWith(record.slice(0, record.indexOf('}')));
  const image = await imageOf(world.redis, mine);
  await first.api.ask(HOME, toy({ kind: 'add', actor: 'a', value: 2 }));
  const last = await read();
  await first.engine.crash();
  await first.journal.close();
  assert.equal(await read(), last);
  await rollBack(world.redis, image, mine);
  await assert.rejects(read(), busy);
  await assert.rejects(readCases(reads, HOME, 1, 1, 0, 10), busy);
  const both = await Promise.allSettled([read(), reads.get(recordKey(HOME + 1, 'oa'))]);
  assert.deepEqual(
    both.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  );
  const second = await start();
  await until('it is mended', () => second.engine.events.includes(`taken ${HOME}`));
  await until('it is vouched for', () => read().then(Boolean, () => false));
  assert.equal(await read(), last);
  await world.killRedis();
  await until('Redis is there', () => world.redis.ping().then(Boolean, () => false));
  const found = new Set<string | null>();
  await until('it is read again', () =>
    read().then(
      (text) => Boolean(found.add(text)),
      () => false,
    ),
  );
  assert.deepEqual([...found], [last]);
  await second.engine.stop();
  await second.journal.close();
  place.remove();
});
