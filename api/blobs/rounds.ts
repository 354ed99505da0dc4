import type { Log } from '#api/server/deps.ts';
import type { Metrics } from '#engine/telemetry/metrics.ts';
import { SWEEP_MS, type Sweeper } from './sweep.ts';

/** A process that was just started, perhaps again and again, has better things to do. ms */
const FIRST_MS = 5 * 60_000;

/** Sweeps again and again until it is stopped. What fails is counted and tried at the next round. */
export function startRounds(
  sweeper: Pick<Sweeper, 'sweep'>,
  log: Log,
  metrics: Pick<Metrics, 'swept' | 'sweepFailures'>,
): { stop(): Promise<void> } {
  let [stopped, round]: [boolean, Promise<void>] = [false, Promise.resolve()];
  let timer: NodeJS.Timeout;
  const wait = (ms: number): void => {
    timer = setTimeout(() => {
      round = sweep();
    }, ms);
    timer.unref();
  };
  const sweep = async (): Promise<void> => {
    try {
      const { erased, unreadable } = await sweeper.sweep();
      metrics.swept.inc(erased);
      if (erased + unreadable > 0) log.info({ erased, unreadable }, 'blobs.swept');
    } catch (error) {
      metrics.sweepFailures.inc();
      log.warn({ error: error instanceof Error ? error.message : String(error) }, 'blobs.sweep-failed');
    }
    if (!stopped) wait(SWEEP_MS);
  };
  wait(FIRST_MS);
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      return round;
    },
  };
}
