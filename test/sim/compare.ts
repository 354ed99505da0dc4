import assert from 'node:assert/strict';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { JOURNAL } from './journal.ts';
import type { Place } from './model.ts';
import type { World } from './world.ts';

/** Everything Redis holds of a partition's records, lists and timers, compared with what committed decisions make. */
export async function compare(world: World): Promise<void> {
  for (let partition = 0; partition < ALL_PARTITIONS; partition += 1)
    await comparePlace(world, partition, world.checker.model.place(partition));
  if (!world.checker.excused) await compareLanes(world);
}

/** What was sent has arrived: the last sequence given to each destination is the last one it has seen. */
async function compareLanes(world: World): Promise<void> {
  const { wire } = world.server;
  for (let from = 0; from < ALL_PARTITIONS; from += 1) {
    const sent = (await wire.call('HGETALL', keysOf(from).sent)) as string[];
    for (let i = 0; i < sent.length; i += 2) {
      const seen = String(await wire.call('HGET', keysOf(Number(sent[i])).seen, from));
      assert.equal(seen.split(':')[1], sent[i + 1], `sequence from partition ${from} to ${sent[i]}`);
    }
  }
}

async function comparePlace(world: World, partition: number, place: Place): Promise<void> {
  const { wire } = world.server;
  const keys = keysOf(partition);
  const tag = keys.in.slice(0, keys.in.indexOf('}') + 1);
  const own = new Set(Object.values(keys));
  const found = ((await wire.call('KEYS', `${tag}*`)) as string[]).filter(
    (key) => !own.has(key) && key !== tag + JOURNAL,
  );
  const types = await wire.all(found.map((key) => ['TYPE', key]));
  const texts = new Map<string, string>();
  const sets = new Map<string, Map<string, number>>();
  const lists = new Map<string, string[]>();
  for (const [index, key] of found.entries()) {
    const name = key.slice(tag.length);
    if (types[index] === 'string') texts.set(name, String(await wire.call('GET', key)));
    else if (types[index] === 'zset')
      sets.set(name, scores((await wire.call('ZRANGE', key, 0, -1, 'WITHSCORES')) as string[]));
    else if (types[index] === 'list') lists.set(name, (await wire.call('LRANGE', key, 0, -1)) as string[]);
    else if (types[index] === 'hash' && name.startsWith(':h:')) {
      const fields = (await wire.call('HGETALL', key)) as string[];
      for (let i = 0; i < fields.length; i += 2)
        texts.set(name.slice(':h:'.length) + fields[i], fields[i + 1] as string);
    } else if (types[index] === 'hash' && name.startsWith('i')) {
      const fields = (await wire.call('HGETALL', key)) as string[];
      for (let i = 0; i < fields.length; i += 2) texts.set(`${name}.${fields[i]}`, fields[i + 1] as string);
    } else if (!name.startsWith(':park:'))
      assert.fail(`partition ${partition} holds ${key}, of type ${String(types[index])}`);
  }
  const sort = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  assert.deepEqual(sort(texts), sort(place.records), `records of partition ${partition}`);
  const expected = new Map([...place.sets].filter(([, members]) => members.size > 0));
  assert.deepEqual(
    sort(sets).map(([name, members]) => [name, sort(members)]),
    sort(expected).map(([name, members]) => [name, sort(members)]),
    `lists of partition ${partition}`,
  );
  const feeds = new Map([...place.lists].filter(([, entries]) => entries.length > 0));
  assert.deepEqual(sort(lists), sort(feeds), `feeds of partition ${partition}`);
  const figures = new Map(Object.entries(hash((await wire.call('HGETALL', keys.counters)) as string[])));
  for (const [name, value] of place.figures)
    assert.equal(figures.get(name), String(value), `${name}, as partition ${partition} counts it`);
  const due = scores((await wire.call('ZRANGE', keys.due, 0, -1, 'WITHSCORES')) as string[]);
  const timers = new Map([...place.timers].map(([name, timer]) => [name, timer.due]));
  assert.deepEqual(sort(due), sort(timers), `timers of partition ${partition}`);
}

const hash = (flat: readonly string[]): Record<string, string> =>
  Object.fromEntries(Array.from({ length: flat.length / 2 }, (_, n) => [flat[2 * n], flat[2 * n + 1]]));

function scores(flat: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (let i = 0; i < flat.length; i += 2) found.set(flat[i] as string, Number(flat[i + 1]));
  return found;
}
