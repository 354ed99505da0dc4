import { isFigure } from '../domain/figures.ts';
import { HELD_BOXES, UNFETCHABLE, UNFINISHED } from '../domain/records/names.ts';
import type { Client } from '../redis/connect.ts';
import { keysOf, recordKey } from '../redis/keys.ts';
import type { Metrics } from './metrics.ts';

const MS_PER_S = 1_000;
const US_PER_MS = 1_000;

/**
 * What the partitions of an engine have counted in all their life, and what supervision must see (contract §§15.16,
 * 16.9): read when `/metrics` is, never on a request's way. Sums over all engines are the hub's.
 * @param partitions those this engine owns
 * @param before ms: folders created earlier are late
 * @param now ms
 */
export async function readFigures(
  client: Client,
  metrics: Metrics,
  partitions: readonly number[],
  before: number,
  now: number,
): Promise<void> {
  const [[seconds, micros], first, dead, parked, counters, late, unfetchable, held, oldest] = await Promise.all([
    client.time(),
    Promise.all(partitions.map((partition) => client.xrange(keysOf(partition).in, '-', '+', 'COUNT', 1))),
    Promise.all(partitions.map((partition) => client.xlen(keysOf(partition).dead))),
    Promise.all(partitions.map((partition) => client.hlen(keysOf(partition).parked))),
    Promise.all(partitions.map((partition) => client.hgetall(keysOf(partition).counters))),
    Promise.all(partitions.map((partition) => client.zcount(recordKey(partition, UNFINISHED), '-inf', before))),
    Promise.all(partitions.map((partition) => client.zcard(recordKey(partition, UNFETCHABLE)))),
    Promise.all(partitions.map((partition) => client.zcard(recordKey(partition, HELD_BOXES)))),
    Promise.all(partitions.map((partition) => client.zrange(recordKey(partition, HELD_BOXES), '0', '0', 'WITHSCORES'))),
  ]);
  const present = Number(seconds) * MS_PER_S + Number(micros) / US_PER_MS;
  // Entries are numbered by Redis' clock.
  const waiting = first.map(([entry]) => (entry === undefined ? 0 : present - Number.parseInt(entry[0], 10)));
  metrics.backlogOldest.set(Math.max(0, ...waiting) / MS_PER_S);
  metrics.dead.set(sum(dead));
  metrics.parked.set(sum(parked));
  metrics.figures.reset();
  for (const counts of counters) {
    for (const [name, count] of Object.entries(counts))
      if (isFigure(name)) metrics.figures.inc({ name }, Number(count));
  }
  metrics.unfinished.set(sum(late));
  metrics.unfetchable.set(sum(unfetchable));
  metrics.heldBoxes.set(sum(held));
  const since = Math.min(...oldest.map(([, ms]) => Number(ms ?? Number.POSITIVE_INFINITY)));
  metrics.heldSince.set(since === Number.POSITIVE_INFINITY ? 0 : Math.max(0, (now - since) / MS_PER_S));
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
