import { setTimeout as pause } from 'node:timers/promises';
import type { Supervision } from '#ops/supervision/supervision.ts';

/** What Alertmanager had, looked at all the time: when each alert came, and when it went. Times are of `performance.now()`. */
export interface Seen {
  came: number;
  /** undefined: it is there */
  went: number | undefined;
  /** another alert told its cause, each time it was looked at */
  suppressed: boolean;
}

const LOOK_MS = 200;

export class Watcher {
  /** by name and severity, as `DeadLetters page` */
  readonly seen = new Map<string, Seen>();
  readonly #supervision: Supervision;
  readonly #over = new AbortController();
  readonly #looking: Promise<void>;

  constructor(supervision: Supervision) {
    this.#supervision = supervision;
    this.#looking = this.#look();
  }

  /** @returns ms until it holds; undefined: it did not in that time */
  async until(holds: () => boolean, ms: number): Promise<number | undefined> {
    const from = performance.now();
    for (; performance.now() - from < ms; await pause(LOOK_MS)) if (holds()) return performance.now() - from;
    return undefined;
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.#looking;
  }

  async #look(): Promise<void> {
    while (!this.#over.signal.aborted) {
      // A machine that is busy answers late: the next look says the same.
      const alerts = await this.#supervision.alerts().catch(() => undefined);
      if (alerts !== undefined) {
        const now = performance.now();
        const here = Map.groupBy(alerts, ({ alert, severity }) => `${alert} ${severity}`);
        for (const [name, list] of here) {
          const before = this.seen.get(name) ?? { came: now, went: undefined, suppressed: true };
          const suppressed = before.suppressed && list.every(({ state }) => state === 'suppressed');
          this.seen.set(name, { ...before, went: undefined, suppressed });
        }
        for (const [name, seen] of this.seen)
          if (!here.has(name) && seen.went === undefined) this.seen.set(name, { ...seen, went: now });
      }
      await pause(LOOK_MS, undefined, { signal: this.#over.signal }).catch(() => undefined);
    }
  }
}
