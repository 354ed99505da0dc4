import { setTimeout as delay } from 'node:timers/promises';
import { loadCase, loadCases } from '#api/answers/load.ts';
import type { BoxPlace } from '#engine/client/boxes.ts';
import type { Hub } from '#engine/client/hub.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import { CorruptRecord } from '#engine/domain/records/seal.ts';
import type { Link } from './link.ts';
import { rowOf } from './row.ts';
import type { Position } from './search.ts';
import type { Batch, BoxPart, Writing } from './writing.ts';

/** A part of a box to be compared: sequences above `after`, `limit` notifications, none above `to`. */
export interface BoxRange {
  place: BoxPlace;
  after: number;
  limit: number;
  to: number;
}

/** What is to be read and written; with it, how far its feed is read then. */
export interface Task {
  cases: readonly Id[];
  boxes?: readonly BoxRange[];
  position?: Position;
  anew?: boolean;
}

interface Queued extends Task {
  resolve: (ends: number[]) => void;
  reject: (error: Error) => void;
}

/** Cases of one transaction, about. */
const BATCH = 500;
/** Cases that may wait: past this, whoever brings more is refused. Feeds wait for what they brought. */
const MOST_WAITING = 50_000;
/** Between two tries where Redis does not answer, ms. */
const AGAIN_MS = 500;

type Source = Pick<Hub, 'read' | 'box' | 'now' | 'damaged'> & { referential: Pick<Hub['referential'], 'process'> };

/**
 * Reads records and writes what they say, one batch after the other: what is read later is written later, so that nothing
 * older ever replaces it.
 */
export class Pen {
  readonly #hub: Source;
  readonly #link: Link<Writing>;
  readonly #onWritten: (batch: Batch) => void;
  #queue: Queued[] = [];
  #waiting = 0;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(hub: Source, link: Link<Writing>, onWritten: (batch: Batch) => void) {
    this.#hub = hub;
    this.#link = link;
    this.#onWritten = onWritten;
  }

  /** @returns once written: for each box, up to which sequence it was compared. @throws Error when it is closed, or busy */
  put(task: Task): Promise<number[]> {
    if (this.#closed) return Promise.reject(new Error('the index is closed'));
    if (this.#waiting >= MOST_WAITING) return Promise.reject(new DomainError('busy'));
    this.#waiting += task.cases.length;
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...task, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** What waits is forgotten: its feeds are read again from where they were. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#queue.splice(0)) reject(new Error('the index is closed'));
    await this.#running;
  }

  async #run(): Promise<void> {
    // Whatever comes in this turn of the event loop goes together.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const tasks = this.#take();
      try {
        const ends = await this.#write(tasks);
        for (const [index, { resolve }] of tasks.entries()) resolve(ends[index] as number[]);
      } catch (error) {
        for (const { reject } of tasks) reject(error as Error);
      }
    }
    this.#running = undefined;
  }

  #take(): Queued[] {
    let cases = 0;
    let count = 0;
    while (count < this.#queue.length && cases < BATCH) {
      cases += (this.#queue[count] as Queued).cases.length;
      count += 1;
    }
    this.#waiting -= cases;
    return this.#queue.splice(0, count);
  }

  async #write(tasks: readonly Queued[]): Promise<number[][]> {
    const [batch, ends] = await this.#read(tasks);
    await this.#link.call('apply', batch);
    this.#onWritten(batch);
    return ends;
  }

  /** Again until Redis answers. */
  async #read(tasks: readonly Queued[]): Promise<[Batch, number[][]]> {
    for (;;) {
      try {
        return await this.#readOnce(tasks);
      } catch (error) {
        if (this.#closed || !(error instanceof DomainError && error.code === 'busy')) throw error;
        await delay(AGAIN_MS);
      }
    }
  }

  async #readOnce(tasks: readonly Queued[]): Promise<[Batch, number[][]]> {
    const seen = this.#hub.now();
    const ids = [...new Set(tasks.flatMap(({ cases }) => cases))];
    const boxes = tasks.map(({ boxes: ranges = [] }) => Promise.all(ranges.map((range) => this.#box(range))));
    const [states, parts] = await Promise.all([this.#cases(ids), Promise.all(boxes)]);
    const batch: Batch = {
      rows: [],
      gone: [],
      boxes: parts.flat(),
      positions: tasks.flatMap(({ position }) => position ?? []),
      seen,
      anew: tasks.some(({ anew }) => anew),
    };
    for (const [id, state] of states) {
      if (!state?.visible) batch.gone.push(id);
      else batch.rows.push(rowOf(id, state, this.#hub.referential.process(state.process), seen));
    }
    return [batch, parts.map((some) => some.map(({ to }) => to))];
  }

  /** Those that cannot be read stay as they are. */
  async #cases(ids: readonly Id[]): Promise<Map<Id, CaseState | undefined>> {
    const hub = this.#hub as Hub;
    try {
      const states = await loadCases(hub, ids);
      return new Map(ids.map((id, index) => [id, states[index]]));
    } catch (error) {
      if (!(error instanceof CorruptRecord)) throw error;
    }
    const found = new Map<Id, CaseState | undefined>();
    for (const id of ids) {
      try {
        found.set(id, await loadCase(hub, id));
      } catch (error) {
        if (!(error instanceof CorruptRecord)) throw error;
        hub.damaged(error);
      }
    }
    return found;
  }

  async #box({ place, after, limit, to }: BoxRange): Promise<BoxPart> {
    const entries = await this.#hub.box(place, after, limit);
    const last = entries.at(-1)?.sequence ?? to;
    const notices = entries.map(({ sequence, notification }) => ({ sequence, id: notification.case }));
    const end = entries.length < limit ? to : Math.min(last, to);
    const { recipient: org, box } = place;
    return { org, box, after, to: end, notices: notices.filter(({ sequence }) => sequence <= end) };
  }
}
