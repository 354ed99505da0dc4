import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeForgotten, encodeHead, readLasts } from './lasts.ts';
import type { CommitLog, Last, Vacancy } from './log.ts';
import { PRIVATE } from './place.ts';
import { encodeVoid, headOf, live, type TurnRecord } from './record.ts';
import { byPartition, nextName, type OnDamage, readSegment, Segment, segmentsOf } from './segment.ts';
import { vacanciesBeside } from './vacant.ts';
import { allSegments, walkBack } from './walk.ts';

const MB = 1024 * 1024;
/** A segment is dropped as a whole: the smaller, the closer the journal keeps to its limit. */
const SEGMENT_BYTES = 64 * MB;

interface Waiting {
  line: string;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export interface JournalOptions {
  folder: string;
  /** bytes kept, the open segment not counted */
  keepBytes: number;
  onDamage: OnDamage;
  /** bytes of commits that the server's files may hold outside their own checksums; absent: as far as it goes */
  reach?: () => Promise<number>;
}

/**
 * The journal of one engine process: every commit of its partitions, on disk before its requests are answered, and
 * outside the Redis that may be rolled back. All lines that come while one write is under way share the next.
 */
export class Journal implements CommitLog {
  readonly #options: JournalOptions;
  readonly #last: Map<number, Last>;
  #segment: Segment;
  /** what its last group left there is unknown: nothing may be written behind it */
  #broken = false;
  #waiting: Waiting[] = [];
  /** lines the disk did not take: of commits that Redis may have all the same, and that were answered to nobody */
  #kept = '';
  #pumping: Promise<void> | undefined;
  #reading: Promise<unknown> = Promise.resolve();
  #readers = 0;
  readonly #read = new Map<string, { size: number; lines: ReadonlyMap<number, string[]> }>();

  private constructor(options: JournalOptions, segment: Segment, last: Map<number, Last>) {
    this.#options = options;
    this.#segment = segment;
    this.#last = last;
  }

  static async open(options: JournalOptions): Promise<Journal> {
    const { folder, onDamage } = options;
    await mkdir(folder, { recursive: true, mode: PRIVATE });
    await syncFolder(dirname(folder));
    const names = await segmentsOf(folder);
    const last = await readLasts(folder, names, onDamage);
    const journal = new Journal(options, await begin(folder, names.at(-1), last), last);
    await journal.#prune();
    return journal;
  }

  last(partition: number): Last | undefined {
    return this.#last.get(partition);
  }

  /** Resolves when the line is on disk. */
  write(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, resolve, reject });
      this.#pumping ??= this.#pump();
    });
  }

  get behind(): boolean {
    return this.#kept !== '';
  }

  async catchUp(): Promise<void> {
    if (this.behind) await this.write('');
  }

  /** The partition's last turn is this one, from now on. */
  note(partition: number, last: Last): void {
    this.#last.set(partition, last);
  }

  /** A turn Redis refused: it never happened. */
  async void(partition: number, turn: number, epoch: number, before: Last): Promise<void> {
    this.#last.set(partition, before);
    await this.write(encodeVoid(partition, turn, epoch));
  }

  /** Turns told as lost: they count as never made, and the partition goes on from `last`. */
  async forget(partition: number, lost: readonly TurnRecord[], last: Last): Promise<void> {
    this.#last.set(partition, last);
    await this.write(encodeForgotten(partition, lost, last));
  }

  async after(partition: number, turn: number): Promise<TurnRecord[]> {
    let lines: readonly string[] = [];
    await this.#back(partition, (all, segment) => {
      lines = all;
      return segment.some((line) => (headOf(line)?.turn ?? turn + 1) <= turn);
    });
    return live(lines).filter((record) => record.turn > turn);
  }

  search(partition: number, enough: (records: readonly TurnRecord[]) => boolean): Promise<void> {
    return this.#back(partition, (all) => enough(live(all)));
  }

  vacancies(): Promise<Vacancy[]> {
    const { folder, onDamage } = this.#options;
    return vacanciesBeside(folder, onDamage, (other) => Journal.open({ ...this.#options, folder: other }));
  }

  async walk(marks: Map<number, string>, visit: (record: TurnRecord) => void): Promise<void> {
    await this.#pumping;
    const { folder, onDamage, reach } = this.#options;
    await walkBack(await allSegments(folder), (await reach?.()) ?? Number.POSITIVE_INFINITY, onDamage, marks, visit);
  }

  /**
   * One reading at a time, each segment read once for all that ask together: after a roll-back all partitions do.
   * @param enough given the lines so far, and those of the segment that were read last
   */
  #back(partition: number, enough: (all: readonly string[], segment: readonly string[]) => boolean): Promise<void> {
    this.#readers += 1;
    const found = this.#reading.then(() => this.#backwards(partition, enough));
    this.#reading = found
      .catch(() => undefined)
      .then(() => {
        this.#readers -= 1;
        if (this.#readers === 0) this.#read.clear();
      });
    return found;
  }

  async #backwards(
    partition: number,
    enough: (all: readonly string[], segment: readonly string[]) => boolean,
  ): Promise<void> {
    await this.#pumping;
    const names = await segmentsOf(this.#options.folder);
    let lines: string[] = [];
    for (const name of names.reverse()) {
      const found = (await this.#segmentOf(name)).get(partition) ?? [];
      lines = [...found, ...lines];
      if (enough(lines, found)) return;
    }
  }

  /** Lines of a segment by partition; the open one grows and is read again. */
  async #segmentOf(name: string): Promise<ReadonlyMap<number, string[]>> {
    const { folder, onDamage } = this.#options;
    const size = name === this.#segment.name ? this.#segment.bytes : 0;
    const known = this.#read.get(name);
    if (known?.size === size) return known.lines;
    const lines = byPartition(await readSegment(folder, name, onDamage));
    // Two at most, the one being read and the open one: a segment may be 64 MB.
    for (const other of this.#read.keys()) if (other !== this.#segment.name) this.#read.delete(other);
    this.#read.set(name, { size, lines });
    return lines;
  }

  async close(): Promise<void> {
    await this.#pumping;
    await this.#segment.close();
  }

  async #pump(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#broken || this.#segment.bytes >= SEGMENT_BYTES) await this.#roll();
        await this.#segment.append(this.#kept + group.map(({ line }) => line).join(''));
        this.#kept = '';
        for (const { resolve } of group) resolve();
      } catch (error) {
        this.#broken = true;
        this.#kept += group.map(({ line }) => line).join('');
        for (const { reject } of group) reject(error);
      }
    }
    this.#pumping = undefined;
  }

  async #roll(): Promise<void> {
    const next = await begin(this.#options.folder, this.#segment.name, this.#last);
    const old = this.#segment;
    this.#segment = next;
    this.#broken = false;
    await old.close();
    await this.#prune();
  }

  /** Oldest segments go first, once the others hold enough. */
  async #prune(): Promise<void> {
    const { folder, keepBytes } = this.#options;
    const names = (await segmentsOf(folder)).filter((name) => name !== this.#segment.name);
    let kept = 0;
    for (const name of names.reverse()) {
      const { size } = await stat(join(folder, name));
      kept += size;
      if (kept > keepBytes) await rm(join(folder, name));
    }
  }
}

/** A segment begins with the last turn known of each partition, so that the newest one is enough to start from. */
async function begin(folder: string, before: string | undefined, last: ReadonlyMap<number, Last>): Promise<Segment> {
  const segment = await Segment.create(folder, nextName(before, Date.now()));
  try {
    await syncFolder(folder);
    await segment.append(encodeHead(last));
  } catch (error) {
    await segment.close();
    await rm(join(folder, segment.name), { force: true });
    throw error;
  }
  return segment;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
