import { problemOf } from '#api/server/problem.ts';
import type { NativeCounts, Way } from '#engine/telemetry/native.ts';

/** Runs one deposit, from its form on, and counts what becomes of it. */
export async function counted<T extends { replayed: boolean }>(
  counts: Pick<NativeCounts, 'deposits'>,
  way: Way,
  run: () => Promise<T>,
): Promise<T> {
  try {
    const done = await run();
    counts.deposits.inc({ way, outcome: done.replayed ? 'replayed' : 'deposited' });
    return done;
  } catch (error) {
    counts.deposits.inc({ way, outcome: problemOf(error)?.code ?? 'internal' });
    throw error;
  }
}
