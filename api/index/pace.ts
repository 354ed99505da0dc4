import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

/** Above this share of its time, the thread that serves requests has none for what can wait. */
const BUSY = 0.8;
/** How often that is looked at, ms. */
const LOOK_MS = 250;
/** What can wait rests so long between two reads, ms: with eight feeds at once, some 80 reads a second, 2 % of a thread. */
const REST_MS = 100;

/** Keeps the index from taking the time of deposits: at a peak it falls behind, says so in its lists, and catches up later. */
export class Pace {
  #seen = performance.eventLoopUtilization();
  #at = performance.now();
  #busy = false;

  /** Resolves at once while the thread has time to spare. Never rejects. */
  async rest(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    if (now - this.#at >= LOOK_MS) {
      const seen = performance.eventLoopUtilization();
      this.#busy = performance.eventLoopUtilization(seen, this.#seen).utilization > BUSY;
      this.#seen = seen;
      this.#at = now;
    }
    if (this.#busy) await delay(REST_MS, undefined, { signal }).catch(() => undefined);
  }
}
