import { setTimeout as sleep } from 'node:timers/promises';

/** Something that reads its notifications; true when there may be more. */
export interface Reader {
  poll(): Promise<boolean>;
}

/** A group of readers, each of which reads once every so many seconds. */
export interface Tier<R extends Reader = Reader> {
  readers: readonly R[];
  everySeconds: number;
}

/** Full pages read in a row before the next reader has its turn. */
const pagesInARow = 4;

interface Turn {
  tier: Tier;
  next: number;
  /** When the next reader of the tier should read. Milliseconds. */
  at: number;
}

/**
 * Makes every reader of every tier read at its pace until the signal, at most `width` at a time. When that is too much,
 * all tiers slow down together. A failing reader is told to `onError` and has its next turn as usual.
 */
export async function makeRounds(
  tiers: readonly Tier[],
  width: number,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  const turns: Turn[] = tiers
    .filter((tier) => tier.readers.length > 0)
    .map((tier) => ({ tier, next: 0, at: Date.now() }));
  const busy = new Set<Reader>();
  const worker = async () => {
    while (!signal.aborted) {
      const turn = turns.reduce((first, other) => (other.at < first.at ? other : first));
      const reader = turn.tier.readers[turn.next] as Reader;
      turn.next = (turn.next + 1) % turn.tier.readers.length;
      const early = turn.at - Date.now();
      turn.at = Math.max(turn.at, Date.now() - 1000) + (turn.tier.everySeconds * 1000) / turn.tier.readers.length;
      if (early > 0) await sleep(early, undefined, { signal }).catch(() => {});
      if (signal.aborted || busy.has(reader)) continue;
      busy.add(reader);
      try {
        for (let page = 0; page < pagesInARow && (await reader.poll()) && !signal.aborted; page++);
      } catch (error) {
        if (!signal.aborted) onError(error);
      } finally {
        busy.delete(reader);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}
