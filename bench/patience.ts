import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Wire } from './wire.ts';

/** What partners do who are told to come again: they wait as long as they are asked to, and repeat. */

/** Refusals that are only for now. */
const LATER: ReadonlySet<number> = new Set([429, 503]);
/** Requests of one question: with the hub's second in between, what is refused that long is refused. */
export const TRIES = 30;
/** Where an answer does not say how long, as a line of a batch, ms. */
export const WAIT_MS = 1_000;
const MS = 1_000;
const RETRY_AFTER = /^retry-after: *(\d+)/im;

export const isLater = (status: number): boolean => LATER.has(status);

/** Repeats requests that are refused for now, and counts them. */
export class Patience {
  repeated = 0;

  /** The answer, or the last refusal of TRIES. `again`: it is of a repeated request, of which an earlier one may have had its effect */
  async send(wire: Wire, ...request: Parameters<Wire['send']>): Promise<Answer & { again: boolean }> {
    for (let tries = 1; ; tries += 1) {
      const answer = await wire.send(...request);
      if (!isLater(answer.status) || tries === TRIES) return { ...answer, again: tries > 1 };
      this.repeated += 1;
      const after = RETRY_AFTER.exec(answer.head)?.[1];
      await pause(after === undefined ? WAIT_MS : Number(after) * MS);
    }
  }
}
