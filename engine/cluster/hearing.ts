import type { CommitLog } from '../journal/log.ts';
import { deliverAgain, sentBehind } from '../journal/rewind.ts';
import type { Partition } from '../partition/partition.ts';
import type { Calls } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';

/**
 * Compares what each destination has heard with what it acknowledged, and has the difference sent again: a failover of
 * the destination loses deliveries whose sender has long let go of them. A message that comes twice is skipped there.
 * For partitions this process no longer owns, it sends what only its journal holds.
 */
export async function missedDeliveries(
  reads: Reads,
  calls: Calls,
  journal: CommitLog | undefined,
  held: ReadonlyMap<number, { partition: Partition }>,
  others: readonly number[],
): Promise<void> {
  /** destination → source → acknowledged: as of before the reading, which may only find more */
  const wanted = new Map<number, Map<number, number>>();
  const want = (source: number, acknowledged: Iterable<readonly [to: number, sequence: number]>): void => {
    for (const [to, sequence] of acknowledged) {
      const sources = wanted.get(to) ?? new Map<number, number>();
      wanted.set(to, sources.set(source, sequence));
    }
  };
  for (const [source, { partition }] of held) want(source, partition.lanes.acknowledged);
  await Promise.all(
    others.map(async (source) => {
      if (journal?.last(source) === undefined) return;
      const lane = await reads.client.hgetall(keysOf(source).lane);
      want(
        source,
        Object.entries(lane).map(([to, sequence]) => [Number(to), Number(sequence)]),
      );
    }),
  );
  await Promise.all(
    [...wanted].map(async ([to, sources]) => {
      const seen = await reads.client.hgetall(keysOf(to).seen);
      for (const [source, acknowledged] of sources) {
        const heard = Number(seen[source]?.split(':')[1] ?? 0);
        if (heard >= acknowledged) continue;
        const owned = held.get(source);
        if (owned) owned.partition.lanes.missed(to);
        else if (journal !== undefined) {
          const outs = await sentBehind(journal, source, to, heard, acknowledged);
          if (outs.length > 0) await deliverAgain(calls, source, to, outs);
        }
      }
    }),
  );
}
