import type { Partition } from '../partition/partition.ts';
import { keysOf } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';

/**
 * Compares what each destination has heard with what it acknowledged, and has the difference sent again: a failover of
 * the destination loses deliveries whose sender has long let go of them. A message that comes twice is skipped there.
 */
export async function missedDeliveries(
  reads: Reads,
  held: ReadonlyMap<number, { partition: Partition }>,
): Promise<void> {
  /** destination → source → acknowledged: as of before the reading, which may only find more */
  const wanted = new Map<number, Map<number, number>>();
  for (const [source, { partition }] of held) {
    for (const [to, sequence] of partition.lanes.acknowledged) {
      const sources = wanted.get(to) ?? new Map<number, number>();
      wanted.set(to, sources.set(source, sequence));
    }
  }
  await Promise.all(
    [...wanted].map(async ([to, sources]) => {
      const seen = await reads.client.hgetall(keysOf(to).seen);
      for (const [source, acknowledged] of sources) {
        const heard = Number(seen[source]?.split(':')[1] ?? 0);
        if (heard < acknowledged) held.get(source)?.partition.lanes.missed(to, heard);
      }
    }),
  );
}
