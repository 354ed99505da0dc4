import { setTimeout as pause } from 'node:timers/promises';
import type { Supervision } from '#ops/supervision/supervision.ts';

/** What Prometheus had while nothing was wrong: alerts that rang, and those whose condition held for less than their `for`. */
const LOOK_MS = 5_000;
const S = 1_000;

export class Calm {
  /** by name and severity: ms it was pending in all, and when it rang first, ms from the beginning */
  readonly #seen = new Map<string, { pending: number; rang: number | undefined }>();
  #ms = 0;
  #up = 0;
  #looks = 0;

  /** `watch` makes one. */
  private constructor() {}

  /** @param ms how long @param over ends it before */
  static async watch(supervision: Supervision, ms: number, over?: AbortSignal): Promise<Calm> {
    const calm = new Calm();
    const from = performance.now();
    for (let last = from; performance.now() - from < ms && !over?.aborted; ) {
      await pause(LOOK_MS, undefined, over && { signal: over }).catch(() => undefined);
      const [rising, up] = await Promise.all([supervision.rising(), supervision.query('up{job="relais"} == 1')]);
      const now = performance.now();
      for (const name of new Set(rising.map(({ alert, severity }) => `${alert} ${severity}`))) {
        const seen = calm.#seen.get(name) ?? { pending: 0, rang: undefined };
        const rings = rising.some((one) => one.state === 'firing' && `${one.alert} ${one.severity}` === name);
        if (rings) seen.rang ??= now - from;
        else seen.pending += now - last;
        calm.#seen.set(name, seen);
      }
      calm.#looks += 1;
      calm.#up += up.length > 0 ? 1 : 0;
      calm.#ms = now - from;
      last = now;
    }
    return calm;
  }

  /** Nothing rang, and there was somebody to look at all the time but the first scrape. */
  get quiet(): boolean {
    return [...this.#seen.values()].every(({ rang }) => rang === undefined) && this.#up > this.#looks / 2;
  }

  get words(): string {
    const rows = Array.from(this.#seen, ([name, { pending, rang }]) =>
      rang === undefined
        ? `${name} pending for ${(pending / S).toFixed(0)} s, did not ring`
        : `${name} RANG after ${(rang / S).toFixed(0)} s`,
    );
    const list = rows.length === 0 ? 'nothing was even pending' : rows.join('; ');
    return `${(this.#ms / 60 / S).toFixed(1)} min, scraped in ${this.#up} of ${this.#looks} looks: ${list}`;
  }
}
