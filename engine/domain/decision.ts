import { DomainError, type ErrorCode } from './errors.ts';
import type { Figure } from './figures.ts';
import type { Message, ReplyTo } from './message.ts';
import type { RecordName, States } from './records/names.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import type { Trace } from './trace.ts';

/**
 * What one message does: the only thing a decide function may touch. It reads records already in memory, and
 * collects effects; the partition commits them, with the message's acknowledgement, in one atomic turn. Nothing
 * here does I/O or knows a clock. A throw leaves no trace.
 */
export interface Job {
  /** `mail`: tell a recipient; `unlink`: delete blobs */
  kind: 'mail' | 'unlink';
  body: unknown;
}

/**
 * What is timed of the exchange itself: from a deposit's acceptance to its case in a mailbox; from there to its being taken;
 * from a status given by a recipient to its sender's mailbox.
 */
export type Timed = 'available' | 'taken' | 'returned';

export interface Answer {
  /** HTTP status the API gives */
  status: number;
  body?: unknown;
}

export interface Out {
  to: number;
  message: Message;
  /** the waiting request needs this delivery before its answer */
  wait: boolean;
  /** confirmations the destination gives for it: one for each command it stands for */
  parts: number;
}

/** Thrown by `get` for records not in memory: the partition loads them and decides this message again. */
export class Missing extends Error {
  readonly names: readonly string[];
  constructor(names: readonly string[]) {
    // No stack: it is caught a few lines above, for every record not yet in memory.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super('records to load');
    Error.stackTraceLimit = limit;
    this.name = 'Missing';
    this.names = names;
  }
}

/** Answers a record's state, `undefined` when there is none; throws Missing when it is not in memory. */
export type Lookup = (name: string) => unknown;

/** Most messages touch few kinds of effects: a collection is made when its first entry comes. */
const NO_ENTRIES: ReadonlyMap<string, never> = new Map<string, never>();
const NONE: readonly never[] = [];

export class Decision {
  /** Redis time of this turn, ms */
  readonly now: number;
  readonly partition: number;
  /** the request that waits for this message: what answers it elsewhere, or later, carries it */
  readonly replyTo: ReplyTo | undefined;
  readonly settings: Settings;
  /** of the request it comes from: what this sends on bears it */
  trace: Trace | undefined;
  readonly records = new Map<string, unknown>();
  /** sorted-set entries to add: set name → [score, member, …] */
  added: ReadonlyMap<string, (string | number)[]> = NO_ENTRIES;
  /** sorted-set members to remove */
  dropped: ReadonlyMap<string, string[]> = NO_ENTRIES;
  /** lists to append to: list name → entries */
  pushed: ReadonlyMap<string, string[]> = NO_ENTRIES;
  /** lists to take the oldest entries off: list name → lowest sequence that stays */
  shifted: ReadonlyMap<string, number> = NO_ENTRIES;
  outs: readonly Out[] = NONE;
  /** messages this partition sends itself, decided after all that waits already */
  again: readonly Message[] = NONE;
  /** timer name → due ms and message, or null to cancel it */
  timers: ReadonlyMap<string, { due: number; message: Message } | null> = NO_ENTRIES;
  jobs: readonly Job[] = NONE;
  counts: ReadonlyMap<string, number> = NO_ENTRIES;
  /** ms each */
  times: readonly (readonly [what: Timed, ms: number])[] = NONE;
  answer: Answer | undefined;
  /** what its records hold beside themselves, counted like effects: files of a case, that a small message may bring in numbers */
  weight = 0;
  /** the folders and cases it writes are not asked for again soon: memory keeps others */
  brief = false;
  readonly #lookup: Lookup;

  constructor(lookup: Lookup, now: number, partition: number, replyTo?: ReplyTo, settings = DEFAULT_SETTINGS) {
    this.settings = settings;
    this.#lookup = lookup;
    this.now = now;
    this.partition = partition;
    this.replyTo = replyTo;
  }

  get<N extends RecordName>(name: N): States[N] | undefined {
    const put = this.records.get(name);
    if (put !== undefined || this.records.has(name)) return put as States[N] | undefined;
    return this.#lookup(name) as States[N] | undefined;
  }

  /** Loads several at once: one round trip instead of one per record when some are not in memory. */
  need(names: readonly RecordName[]): void {
    const missing: string[] = [];
    for (const name of names) {
      try {
        this.get(name);
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        missing.push(name);
      }
    }
    if (missing.length > 0) throw new Missing(missing);
  }

  /** States are never changed in place: put a new object. */
  put<N extends RecordName>(name: N, state: States[N]): void {
    this.records.set(name, state);
  }

  remove(name: RecordName): void {
    this.records.set(name, undefined);
  }

  add(set: string, score: number, member: string): void {
    const entries = this.added.get(set);
    if (entries) entries.push(score, member);
    else this.#put('added', set, [score, member]);
  }

  drop(set: string, member: string): void {
    const members = this.dropped.get(set);
    if (members) members.push(member);
    else this.#put('dropped', set, [member]);
  }

  push(list: string, entry: string): void {
    const entries = this.pushed.get(list);
    if (entries) entries.push(entry);
    else this.#put('pushed', list, [entry]);
  }

  /** Takes off a list of feed entries all those before a sequence. */
  shift(list: string, sequence: number): void {
    this.#put('shifted', list, Math.max(this.shifted.get(list) ?? 0, sequence));
  }

  /** Sends to another partition's mailbox by the ordered lane; never to oneself (call the function instead). */
  out(to: number, message: Message, wait: boolean, parts = 1): void {
    if (to === this.partition) throw new Error('a lane never leads to its own partition');
    if (this.outs === NONE) this.outs = [];
    (this.outs as Out[]).push({ to, message, wait, parts });
  }

  continue(message: Message): void {
    if (this.again === NONE) this.again = [];
    (this.again as Message[]).push(message);
  }

  timer(name: string, due: number, message: Message): void {
    this.#put('timers', name, { due, message });
  }

  untimer(name: string): void {
    this.#put('timers', name, null);
  }

  job(job: Job): void {
    if (this.jobs === NONE) this.jobs = [];
    (this.jobs as Job[]).push(job);
  }

  count(name: Figure, by = 1): void {
    this.#put('counts', name, (this.counts.get(name) ?? 0) + by);
  }

  /** It has come this far, what began at `since`, ms. */
  time(what: Timed, since: number): void {
    if (this.times === NONE) this.times = [];
    (this.times as [Timed, number][]).push([what, Math.max(0, this.now - since)]);
  }

  /** The answer of the waiting request, given after the commit. */
  reply(status: number, body?: unknown): void {
    this.answer = body === undefined ? { status } : { status, body };
  }

  refuse(code: ErrorCode, detail?: string): never {
    throw new DomainError(code, detail);
  }

  #put<K extends 'added' | 'dropped' | 'pushed' | 'shifted' | 'timers' | 'counts'>(
    kind: K,
    key: string,
    value: Decision[K] extends ReadonlyMap<string, infer V> ? V : never,
  ): void {
    if (this[kind] === NO_ENTRIES) this[kind] = new Map() as never;
    (this[kind] as Map<string, unknown>).set(key, value);
  }
}
