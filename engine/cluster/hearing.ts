import { ALL_PARTITIONS } from '../domain/placement.ts';
import type { CommitLog } from '../journal/log.ts';
import { deliverAgain } from '../journal/rewind.ts';
import { follows, sentBehind } from '../journal/sent.ts';
import { acknowledgedOf, type Heard, lacks } from '../partition/heard.ts';
import type { Partition } from '../partition/partition.ts';
import type { Calls } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';

const ALL: readonly number[] = Array.from({ length: ALL_PARTITIONS }, (_, partition) => partition);

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
  const wanted = new Map<number, Map<number, Heard>>();
  const want = (source: number, acknowledged: ReadonlyMap<number, Heard>): void => {
    for (const [to, last] of acknowledged) {
      const sources = wanted.get(to) ?? new Map<number, Heard>();
      wanted.set(to, sources.set(source, last));
    }
  };
  for (const [source, { partition }] of held) want(source, partition.lanes.acknowledged);
  await Promise.all(
    others.map(async (source) => {
      if (journal?.last(source) === undefined) return;
      want(source, acknowledgedOf(await reads.client.hgetall(keysOf(source).lane)));
    }),
  );
  await Promise.all(
    [...wanted].map(async ([to, sources]) => {
      const seen = await reads.client.hgetall(keysOf(to).seen);
      for (const [source, acknowledged] of sources) {
        const heard = heardOf(seen[source]);
        if (!lacks(heard, acknowledged)) continue;
        const owned = held.get(source);
        if (owned) owned.partition.lanes.missed(to);
        else if (journal !== undefined) {
          const sent = await sentBehind(journal, source, to, heard, acknowledged);
          if (follows(sent, heard)) await deliverAgain(calls, source, to, sent);
        }
      }
    }),
  );
}

/** @param seen field of `{p}:seen` */
function heardOf(seen: string | null | undefined): Heard {
  const [epoch = 0, sequence = 0] = (seen ?? '').split(':').map(Number);
  return { epoch, sequence };
}

/**
 * The latest epoch any destination has heard of a partition. A failover that lost the last take, to a server whose clock
 * is behind, would give an earlier one; whatever is sent under it would be skipped as long sent.
 */
export async function latestEpochHeard({ client }: Reads, source: number): Promise<number> {
  const seen = await Promise.all(ALL.map((to) => client.hget(keysOf(to).seen, String(source))));
  return Math.max(...seen.map((one) => heardOf(one).epoch));
}
