import type { Job } from '../domain/decision.ts';
import { seal, unseal } from '../domain/records/seal.ts';
import type { JobRecord } from './batch.ts';
import { PACE, type Pace } from './limits.ts';
import { errorTrace } from './supervisor.ts';

/** Does one external effect; throws to have it repeated later. Must bear being repeated. */
export type JobRunner = (job: Job) => Promise<void>;

/** A job no longer tried: it becomes a dead letter, which an administrator may replay. */
export interface LostJob {
  number: number;
  /** as stored */
  text: string;
  /** kind of the job, name of the last error and where it arose */
  error: string;
}

/** A job as stored: a checksum, then JSON. */
export const encodeJob = (job: Job): string => seal(JSON.stringify(job));

/** @throws CorruptRecord */
export const decodeJob = (text: string): Job => JSON.parse(unseal('job', text)) as Job;

const LAST_RETRY_MS = 3_600_000;
/** Effects of one partition under way at once. */
const AT_ONCE = 8;

/**
 * External effects of a partition (mail, blobs to delete). A job stays in Redis until it is done, so a crash repeats
 * it; a failure is repeated with growing, jittered delays, and given up to the dead letters in the end.
 */
export class Jobs {
  readonly #run: JobRunner;
  readonly #onFailure: (kind: string, tries: number, gaveUp: boolean, error: unknown) => void;
  readonly #pace: Pick<Pace, 'jobRetryMs' | 'jobTries'>;
  readonly #queue: { record: JobRecord; tries: number }[] = [];
  #done: number[] = [];
  #lost: LostJob[] = [];
  #running = 0;
  #stopped = false;

  constructor(
    run: JobRunner,
    onFailure: (kind: string, tries: number, gaveUp: boolean, error: unknown) => void,
    pace: Pick<Pace, 'jobRetryMs' | 'jobTries'> = PACE,
  ) {
    this.#run = run;
    this.#onFailure = onFailure;
    this.#pace = pace;
  }

  /** Jobs as stored, by number; one that cannot be read is given up, and stops none of the others. */
  restore(texts: ReadonlyMap<number, string>): void {
    for (const [number, text] of texts) {
      let job: Job;
      try {
        job = decodeJob(text);
      } catch (error) {
        this.#lost.push({ number, text, error: errorTrace(error) });
        continue;
      }
      this.start({ number, job });
    }
  }

  start(record: JobRecord): void {
    this.#queue.push({ record, tries: 0 });
    this.#next();
  }

  /** Jobs done or given up whose record is still in Redis. */
  get fresh(): number {
    return this.#done.length + this.#lost.length;
  }

  takeDone(): number[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  takeLost(): LostJob[] {
    const lost = this.#lost;
    this.#lost = [];
    return lost;
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
    const { record } = item;
    const tries = item.tries + 1;
    const gaveUp = tries >= this.#pace.jobTries;
    this.#onFailure(record.job.kind, tries, gaveUp, error);
    if (gaveUp) {
      this.#lost.push({
        number: record.number,
        text: encodeJob(record.job),
        error: `${record.job.kind}: ${errorTrace(error)}`,
      });
      return;
    }
    const delay = Math.min(this.#pace.jobRetryMs * 2 ** item.tries, LAST_RETRY_MS) * (0.5 + Math.random());
    setTimeout(() => {
      this.#queue.push({ record, tries });
      this.#next();
    }, delay).unref();
  }
}
