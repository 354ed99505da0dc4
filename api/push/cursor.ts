import type { Hub } from '#engine/client/hub.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';

/** Acknowledged events that are written at once; fewer wait for company. */
const EVENTS = 200;
/** The first acknowledgement after a pause is written so soon, ms: those that come with it are in it. */
const FIRST_MS = 50;
/** Entries of other démarches passed over before the cursor is written for them alone. */
const PASSED = 2_000;
const REFUSED = 400;

interface CursorWatch {
  /** the cursor is on disk at this position */
  saved(position: number): void;
  /** another process has the reader, or it was forgotten: nothing can be acknowledged from here */
  lost(): void;
}

/**
 * How far one reader has acknowledged. Written rarely: one command under way at a time, and a moment between two, however
 * many frames come. What a crash forgets is delivered again.
 */
export class Cursor {
  readonly #hub: Pick<Hub, 'ask' | 'holders'>;
  readonly #org: OrgKey;
  readonly #consumer: string;
  readonly #waitMs: number;
  readonly #watch: CursorWatch;
  #position = 0;
  #read = 0;
  #saved = 0;
  /** events acknowledged since the cursor was last written */
  #events = 0;
  #savedAt = Number.NEGATIVE_INFINITY;
  #saving: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param waitMs between two commands, where no more than a few events come */
  constructor(hub: Pick<Hub, 'ask' | 'holders'>, org: OrgKey, consumer: string, waitMs: number, watch: CursorWatch) {
    this.#hub = hub;
    this.#org = org;
    this.#consumer = consumer;
    this.#waitMs = waitMs;
    this.#watch = watch;
  }

  /** up to here all is acknowledged, or was passed over */
  get position(): number {
    return this.#position;
  }

  begin(position: number): void {
    this.#position = this.#read = this.#saved = position;
  }

  /** All up to here was read. */
  read(position: number): void {
    this.#read = position;
  }

  /** @param first event nobody has acknowledged; undefined: none @param events that were acknowledged just now */
  reach(first: number | undefined, events: number): void {
    this.#position = first === undefined ? this.#read : first - 1;
    this.#plan(events);
  }

  #plan(events: number): void {
    this.#events += events;
    if (this.#saving !== undefined || this.#position === this.#saved) return;
    if (this.#events >= EVENTS) void this.#save();
    else if (this.#events > 0) this.#timer ??= setTimeout(() => void this.#save(), this.#pause()).unref();
  }

  /** What was passed over is written now and then, lest retention overtake a cursor nobody moves. */
  tend(): void {
    if (this.#saving === undefined && this.#position - this.#saved >= PASSED) void this.#save();
  }

  /** Writes what is not written yet, with one try. */
  async end(): Promise<void> {
    await this.#saving;
    if (this.#position > this.#saved) await this.#save();
    clearTimeout(this.#timer);
  }

  /** ms until a command for few events may go */
  #pause(): number {
    return Math.max(Math.min(FIRST_MS, this.#waitMs), this.#savedAt + this.#waitMs - performance.now());
  }

  #save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#events = 0;
    this.#savedAt = performance.now();
    const upTo = this.#position;
    if (upTo === this.#saved) return Promise.resolve();
    this.#saving = this.#write(upTo).then((events) => {
      this.#saving = undefined;
      this.#plan(events);
    });
    return this.#saving;
  }

  /** @returns events to count again: 1 when it must be tried again */
  async #write(upTo: number): Promise<number> {
    const command = { kind: 'feed.acknowledge', org: this.#org, consumer: this.#consumer, upTo, seek: false } as const;
    try {
      const { status } = await this.#hub.ask(partitionOf(this.#org), { ...command, holder: this.#hub.holders.id });
      if (status >= REFUSED) {
        this.#watch.lost();
        return 0;
      }
      this.#saved = Math.max(this.#saved, upTo);
      this.#watch.saved(upTo);
      return 0;
    } catch {
      return 1;
    }
  }
}
