import type { Job } from '../domain/decision.ts';
import type { JobRecord } from './batch.ts';

/** Does one external effect; throws to have it repeated later. Must bear being repeated. */
export type JobRunner = (job: Job) => Promise<void>;

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 3_600_000;
/** With doubling delays, about a day. */
const MAX_TRIES = 30;
/** Effects of one partition under way at once. */
const AT_ONCE = 8;

/**
 * External effects of a partition (mail, blobs to delete). A job stays in Redis until it is done, so a crash repeats
 * it; a failure is repeated with growing, jittered delays, and given up with an error in the log in the end.
 */
export class Jobs {
  readonly #run: JobRunner;
  readonly #onFailure: (kind: string, tries: number, gaveUp: boolean, error: unknown) => void;
  readonly #queue: { record: JobRecord; tries: number }[] = [];
  #done: number[] = [];
  #running = 0;
  #stopped = false;

  constructor(run: JobRunner, onFailure: (kind: string, tries: number, gaveUp: boolean, error: unknown) => void) {
    this.#run = run;
    this.#onFailure = onFailure;
  }

  restore(records: readonly JobRecord[]): void {
    for (const record of records) this.start(record);
  }

  start(record: JobRecord): void {
    this.#queue.push({ record, tries: 0 });
    this.#next();
  }

  /** Jobs done whose record is still in Redis. */
  get fresh(): number {
    return this.#done.length;
  }

  takeDone(): number[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  stop(): void {
    this.#stopped = true;
  }

  #next(): void {
    if (this.#running >= AT_ONCE || this.#stopped) return;
    const item = this.#queue.shift();
    if (item === undefined) return;
    this.#running += 1;
    this.#run(item.record.job)
      .then(
        () => {
          this.#done.push(item.record.number);
        },
        (error: unknown) => this.#failed(item, error),
      )
      .finally(() => {
        this.#running -= 1;
        this.#next();
      });
  }

  #failed(item: { record: JobRecord; tries: number }, error: unknown): void {
    const tries = item.tries + 1;
    const gaveUp = tries >= MAX_TRIES;
    this.#onFailure(item.record.job.kind, tries, gaveUp, error);
    if (gaveUp) {
      this.#done.push(item.record.number);
      return;
    }
    const delay = Math.min(FIRST_RETRY_MS * 2 ** item.tries, LAST_RETRY_MS) * (0.5 + Math.random());
    setTimeout(() => {
      this.#queue.push({ record: item.record, tries });
      this.#next();
    }, delay).unref();
  }
}
