import { encodeForgotten, lastsBehind } from '#engine/journal/lasts.ts';
import type { CommitLog, Last, Vacancy } from '#engine/journal/log.ts';
import { encodeVoid, goBack, live, partitionOf, type TurnRecord } from '#engine/journal/record.ts';
import type { Owner } from './clockwork.ts';

interface Waiting {
  line: string;
  resolve: () => void;
  reject: (error: Error) => void;
}

/**
 * The journal of a simulated machine: real lines, on disk when the scheduler says so. What was not is lost with its
 * process; the next process that starts goes on with the first journal no living one uses.
 */
export class Disk implements CommitLog {
  owner: Owner;
  /** takes nothing more */
  full = false;
  readonly #all: readonly Disk[];
  readonly #onDurable: (lines: readonly string[]) => void;
  readonly #lines: string[] = [];
  #last = new Map<number, Last>();
  #waiting: Waiting[] = [];
  #kept: string[] = [];
  #idle: (() => void)[] = [];
  /** where the lines of the process under way begin, and what it began from: as the head of a segment says */
  #from = 0;
  #head = new Map<number, Last>();

  /** @param all journals of the machine, this one included later */
  constructor(owner: Owner, all: readonly Disk[], onDurable: (lines: readonly string[]) => void) {
    this.#all = all;
    this.owner = owner;
    this.#onDurable = onDurable;
  }

  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  /** Another process goes on with it. */
  inherit(owner: Owner): void {
    this.owner = owner;
    this.#waiting = [];
    this.#kept = [];
    this.#idle = [];
    const last = this.#lasts();
    this.#from = this.#lines.length;
    this.#head = new Map(last);
    this.#last = last;
  }

  /** All that waits is on disk. Called inside the process, or for one that has just died. */
  flush(): void {
    const group = this.#waiting;
    this.#waiting = [];
    const lines = [...this.#kept, ...group.flatMap(({ line }) => line.split('\n').filter((one) => one !== ''))];
    if (this.full) {
      this.#kept = lines;
      for (const { reject } of group) reject(new Error('ENOSPC: no space left on device'));
      for (const resolve of this.#idle.splice(0)) resolve();
      return;
    }
    this.#kept = [];
    this.#lines.push(...lines);
    this.#onDurable(lines);
    for (const { resolve } of group) resolve();
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  last(partition: number): Last | undefined {
    return this.#last.get(partition);
  }

  note(partition: number, last: Last): void {
    this.#last.set(partition, last);
  }

  write(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, resolve, reject });
    });
  }

  get behind(): boolean {
    return this.#kept.length > 0;
  }

  async catchUp(): Promise<void> {
    if (this.behind) await this.write('');
  }

  async void(partition: number, turn: number, epoch: number, before: Last): Promise<void> {
    this.#last.set(partition, before);
    await this.write(encodeVoid(partition, turn, epoch));
  }

  async forget(partition: number, lost: readonly TurnRecord[], last: Last): Promise<void> {
    this.#last.set(partition, last);
    await this.write(encodeForgotten(partition, lost, last));
  }

  async vacancies(): Promise<Vacancy[]> {
    const free = this.#all.filter(({ owner }) => !owner.alive);
    return free.map((disk) => ({
      place: String(this.#all.indexOf(disk)),
      version: String(disk.#lines.length),
      lasts: async () => disk.#lasts(),
      open: async () => disk.#borrow(this.owner),
    }));
  }

  #borrow(by: Owner): { journal: CommitLog; close(): Promise<void> } | undefined {
    if (this.owner.alive) return undefined;
    const before = this.owner;
    this.inherit(by);
    const close = async (): Promise<void> => {
      await this.#idleNow();
      this.owner = before;
    };
    return { journal: this, close };
  }

  /** What a process that opens it begins from. */
  #lasts(): Map<number, Last> {
    return lastsBehind(this.#head, this.#lines.slice(this.#from));
  }

  async walk(marks: Map<number, string>, visit: (record: TurnRecord) => void): Promise<void> {
    // A chain that goes from one journal to another and back takes several rounds.
    for (let visited = 1; visited > 0; ) {
      visited = 0;
      for (const disk of this.#all) {
        goBack(disk.#lines, marks, (record) => {
          visited += 1;
          visit(record);
        });
      }
    }
  }

  async search(partition: number, enough: (records: readonly TurnRecord[]) => boolean): Promise<void> {
    enough(await this.after(partition, 0));
  }

  async after(partition: number, turn: number): Promise<TurnRecord[]> {
    await this.#idleNow();
    return live(this.#lines.filter((line) => partitionOf(line) === partition)).filter((record) => record.turn > turn);
  }

  /** All that waits is on disk, or refused. */
  async #idleNow(): Promise<void> {
    if (!this.busy) return;
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve);
    });
  }
}
