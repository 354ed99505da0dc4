import { keysOf } from '../redis/keys.ts';
import type { Numbers } from './batch.ts';
import type { Jobs, LostJob } from './jobs.ts';
import type { Lanes } from './lanes.ts';
import type { OperationList } from './operations.ts';
import { JOB_LETTER } from './park.ts';
import type { Tally } from './tally.ts';

/**
 * What a turn writes besides its decisions: deliveries acknowledged by their destinations, jobs done, jobs given up.
 * Taken from lanes and jobs when a turn leaves, and written again by the next one when that turn wrote nothing.
 */
export class Errands {
  readonly #lanes: Lanes;
  readonly #jobs: Jobs;
  readonly #tally: Tally;
  #acks: (string | number)[] = [];
  #done: number[] = [];
  #lost: LostJob[] = [];

  constructor(lanes: Lanes, jobs: Jobs, tally: Tally) {
    this.#tally = tally;
    this.#lanes = lanes;
    this.#jobs = jobs;
  }

  /** @param now Redis time, ms */
  write(list: OperationList, numbers: Numbers, now: number): void {
    const keys = keysOf(numbers.partition);
    this.#acks.push(...this.#lanes.takeAcks());
    this.#done.push(...this.#jobs.takeDone());
    this.#lost.push(...this.#jobs.takeLost());
    list.push('H', keys.lane, this.#acks);
    list.push('J', keys.jobs, this.#done);
    for (const { number, text, error } of this.#lost) {
      const fields = ['a', '', 'k', JOB_LETTER, 'e', error, 'm', text, 'i', '', 't', now];
      list.push('L', keys.dead, [numbers.nextLetter(), ...fields]);
      list.push('J', keys.jobs, [number]);
      list.push('H', keys.counters, this.#tally.add([['dead', 1]]));
    }
  }

  committed(): void {
    this.#acks = [];
    this.#done = [];
    this.#lost = [];
  }
}
