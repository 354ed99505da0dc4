import { ALL_PARTITIONS } from '../domain/placement.ts';
import type { CommitLog, Last, Vacancy } from '../journal/log.ts';
import { type Known, lacksSome } from '../journal/repair.ts';
import type { Calls } from '../redis/calls.ts';
import type { Reads } from '../redis/reads.ts';
import { knownOf, Mender, type MenderWatch } from './mender.ts';

/** Journals without an owner are looked after at most as often, ms: one reading a partition each time. */
const CARE_MS = 5_000;
/**
 * … and only once nobody has used them for as long, ms: a process that is started again takes its own back within
 * seconds. Those who wait for its commits must still be waiting then: mender.ts.
 */
const FREE_MS = 10_000;
/** Time a process that ends takes to look once more, ms: what it does not reach, others look after. */
const LAST_LOOK_MS = 2_000;

const ALL: readonly number[] = Array.from({ length: ALL_PARTITIONS }, (_, partition) => partition);

/** A journal without an owner, as it was seen last. */
interface Seen {
  /** ms of this process's clock */
  since: number;
  /** '' when this process wrote there itself */
  version: string;
  lasts: ReadonlyMap<number, Last> | undefined;
  /** partition → since when commits of another process are awaited, ms */
  waiting: Map<number, number>;
}

/**
 * Looks after journals that no process uses: of one that ended, or that nobody started again. What Redis loses later is
 * done again from them, or named, as if their processes lived.
 */
export class Caretaker {
  readonly #journal: CommitLog;
  readonly #mender: Mender;
  readonly #calls: Calls;
  readonly #reads: Reads;
  readonly #watch: MenderWatch;
  readonly #seen = new Map<string, Seen>();
  #looking: Promise<void> | undefined;
  #nextAt = 0;
  #leaving = false;

  /** @param mender of the process's own journal */
  constructor(journal: CommitLog, mender: Mender, calls: Calls, reads: Reads, watch: MenderWatch) {
    this.#journal = journal;
    this.#mender = mender;
    this.#calls = calls;
    this.#reads = reads;
    this.#watch = watch;
  }

  /** When it is time. Never rejects, and must delay no beat. @param onMended told when something was done again */
  async look(onMended: () => void): Promise<void> {
    const now = performance.now();
    if (this.#leaving || this.#looking !== undefined || now < this.#nextAt) return;
    this.#nextAt = now + CARE_MS;
    this.#looking = this.#apart(() => this.#look(now, onMended));
    await this.#looking;
    this.#looking = undefined;
  }

  /** Looks once more for what Redis may have lost of this process's own commits while it ended. */
  async leave(): Promise<void> {
    this.#leaving = true;
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        late = true;
        resolve();
      }, LAST_LOOK_MS);
    });
    const look = async (): Promise<void> => {
      await this.#looking;
      for (const partition of ALL) if (!late) await this.#mender.look([partition]);
    };
    await Promise.race([look(), over]);
    clearTimeout(timer);
  }

  async #look(now: number, onMended: () => void): Promise<void> {
    const vacancies = await this.#journal.vacancies();
    const places = new Set(vacancies.map(({ place }) => place));
    for (const place of this.#seen.keys()) if (!places.has(place)) this.#seen.delete(place);
    const ripe: { vacancy: Vacancy; seen: Seen; lasts: ReadonlyMap<number, Last> }[] = [];
    for (const vacancy of vacancies) {
      const seen = this.#see(vacancy, now);
      if (now - seen.since < FREE_MS) continue;
      await this.#apart(async () => {
        seen.lasts ??= await vacancy.lasts();
        ripe.push({ vacancy, seen, lasts: seen.lasts });
      });
    }
    const partitions = new Set(ripe.flatMap(({ lasts }) => [...lasts.keys()]));
    const known = new Map(
      await Promise.all([...partitions].map(async (one) => [one, await knownOf(this.#reads, one)] as const)),
    );
    for (const { vacancy, seen, lasts } of ripe) {
      const lacks = [...lasts].some(([partition, last]) => lacksSome(last, known.get(partition) as Known));
      if (!lacks || this.#leaving) continue;
      await this.#apart(async () => {
        if (await this.#mend(vacancy, seen)) onMended();
      });
    }
  }

  /** One that cannot be read, or whose disk is full, keeps none of the others waiting. */
  #apart(act: () => Promise<void>): Promise<void> {
    return act().catch((error: unknown) => this.#watch.trouble(error));
  }

  #see({ place, version }: Vacancy, now: number): Seen {
    const before = this.#seen.get(place);
    if (before?.version === version) return before;
    // Somebody used it meanwhile, unless it was this process.
    const since = before?.version === '' ? before.since : now;
    const seen = { since, version, lasts: undefined, waiting: before?.waiting ?? new Map() };
    this.#seen.set(place, seen);
    return seen;
  }

  async #mend(vacancy: Vacancy, seen: Seen): Promise<boolean> {
    const opened = await vacancy.open();
    if (opened === undefined) return false;
    seen.version = '';
    try {
      const mender = new Mender(opened.journal, this.#calls, this.#reads, this.#watch, seen.waiting);
      return await mender.look(ALL);
    } finally {
      await opened.close();
    }
  }
}
