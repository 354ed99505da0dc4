import { problemOf } from '#api/server/problem.ts';
import type { NativeCounts, Way } from '#engine/telemetry/native.ts';
import type { ServiceCounts } from '#engine/telemetry/service.ts';

interface Counts {
  native: Pick<NativeCounts, 'deposits'>;
  service: Pick<ServiceCounts, 'deposited'>;
}

/** Counts a deposit that was answered. */
export function countDone({ native, service }: Counts, way: Way, replayed: boolean): void {
  native.deposits.inc({ way, outcome: replayed ? 'replayed' : 'deposited' });
  if (!replayed) service.deposited(way);
}

/** Counts one that was refused, or met a fault. */
export const countRefused = ({ native }: Counts, way: Way, error: unknown): void =>
  native.deposits.inc({ way, outcome: problemOf(error)?.code ?? 'internal' });

/** Runs one deposit, from its form on, and counts what becomes of it. */
export async function counted<T extends { replayed: boolean }>(
  counts: Counts,
  way: Way,
  run: () => Promise<T>,
): Promise<T> {
  try {
    const done = await run();
    countDone(counts, way, done.replayed);
    return done;
  } catch (error) {
    countRefused(counts, way, error);
    throw error;
  }
}
