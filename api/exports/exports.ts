import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Link } from '#api/index/link.ts';
import type { Lists } from '#api/index/lists.ts';
import type { Mark, Question } from '#api/index/question.ts';
import type { Listed, Search } from '#api/index/search.ts';
import type { Log } from '#api/server/deps.ts';
import type { Hub } from '#engine/client/hub.ts';
import { localTime } from '#engine/domain/calendar.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { toUuid } from '#engine/domain/ids.ts';
import { type Cell, columnsOf, type Names } from './columns.ts';
import { type ExportRecord, ExportStore } from './store.ts';
import { write } from './writer.ts';

/** Rows read at once: the API's thread gives them their texts in some milliseconds, and serves others in between. */
const ROWS = 500;
/** How long an export waits for the index, which has always caught up but on a machine that is busy. ms */
const PATIENCE_MS = 20_000;
/** Exports of one caller that are not over. */
export const MOST_LIVE = 3;
/** Who makes an export says so as often. ms */
const TOUCH_MS = 5_000;
/** Without a sign of life, nobody makes it any more: a process that ended. ms */
const SILENT_MS = 30_000;
const SWEEP_MS = 3_600_000;
const PRIVATE_FILE = 0o600;

interface Parts {
  hub: Pick<Hub, 'now' | 'referential'>;
  lists: Pick<Lists, 'caught'>;
  /** of the index */
  folder: string;
  log: Log;
}

interface Job {
  record: ExportRecord;
  question: Question;
  author: string;
  names: Names;
  done: () => void;
}

/** Lists as files: written in the background, one at a time, each of one moment of the index, and kept KEPT_MS. */
export class Exports {
  readonly store: ExportStore;
  readonly #parts: Parts;
  /** those of this process that are not over, in their order; the first one is being made */
  readonly #jobs: Job[] = [];
  #running: Promise<void> | undefined;
  #stopped = false;
  #reader: Link<Search> | undefined;
  #sweeping: NodeJS.Timeout | undefined;
  #touching: NodeJS.Timeout | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.store = new ExportStore(join(parts.folder, 'exports'));
  }

  async start(): Promise<void> {
    this.#sweeping = setInterval(() => void this.#sweep(), SWEEP_MS).unref();
    this.#touching = setInterval(() => void this.#touch(), TOUCH_MS).unref();
    await this.#sweep();
  }

  /** What is being made is left, and told to have failed: it can be asked for again. */
  async stop(): Promise<void> {
    clearInterval(this.#sweeping);
    clearInterval(this.#touching);
    this.#stopped = true;
    await this.#reader?.close();
    await this.#running;
  }

  /** Begins. The promise inside resolves when it is over; undefined: the caller has MOST_LIVE already. */
  async ask(job: Omit<Job, 'done'>): Promise<{ over: Promise<void> } | undefined> {
    const { record } = job;
    const live = this.#jobs.filter((one) => one.record.by === record.by).length;
    if (live >= MOST_LIVE) return undefined;
    await this.store.makeRoom(record.owner, record.asked);
    await this.store.save(record);
    const over = new Promise<void>((done) => this.#jobs.push({ ...job, done }));
    this.#running ??= this.#run();
    return { over };
  }

  /** As it is now: one that nobody makes any more has failed. */
  current(record: ExportRecord): ExportRecord {
    const own = this.#jobs.find((job) => job.record.id === record.id);
    if (own !== undefined) return own.record;
    const waits = record.state === 'waiting' || record.state === 'running';
    return waits && record.touched + SILENT_MS < this.#parts.hub.now() ? { ...record, state: 'failed' } : record;
  }

  async #run(): Promise<void> {
    for (let job = this.#jobs[0]; job !== undefined; job = this.#jobs[0]) {
      const { record } = job;
      try {
        await this.#make(job);
        record.state = 'done';
      } catch (error) {
        record.state = 'failed';
        this.#parts.log.warn({ error: (error as Error).message }, 'export');
        await rm(this.store.fileOf(record), { force: true }).catch(() => undefined);
      }
      record.touched = this.#parts.hub.now();
      await this.store.save(record).catch((error) => this.#parts.log.warn({ error: error.message }, 'export'));
      this.#jobs.shift();
      job.done();
    }
    this.#running = undefined;
  }

  async #make(job: Job): Promise<void> {
    if (this.#stopped) throw new Error('the process ends');
    const { record, question, author } = job;
    const { folder } = this.#parts;
    record.state = 'running';
    await this.#catchUp(job);
    this.#reader = await Link.reader(folder);
    if (this.#reader === undefined) throw new DomainError('busy');
    let ids: FileHandle | undefined;
    try {
      ids = await open(this.store.idsOf(record), 'wx', PRIVATE_FILE);
      await this.#reader.call('hold');
      const moment = localTime(record.asked);
      const columns = columnsOf(question.reaches.length > 1);
      const rows = this.#rows(job, this.#reader, ids);
      await write(this.store.fileOf(record), record.format, { columns, rows, title: 'Dossiers', author, moment });
      record.bytes = (await this.store.size(record)) ?? 0;
    } finally {
      await ids?.close();
      await this.#reader.close();
      this.#reader = undefined;
    }
  }

  /** A page is shown late rather than not at once; a file can wait for what the index has not read yet. */
  async #catchUp({ record, question }: Job): Promise<void> {
    const orgs = question.reaches.map(({ org }) => org);
    for (const end = performance.now() + PATIENCE_MS; ; ) {
      Object.assign(record, await this.#parts.lists.caught(orgs));
      if (!record.late || this.#stopped || performance.now() > end) return;
    }
  }

  /** Cells of all rows, in order; notes on the way which cases they are, and what is needed to see them. */
  async *#rows({ record, question, names }: Job, reader: Link<Search>, ids: FileHandle): AsyncGenerator<Cell[][]> {
    const columns = columnsOf(question.reaches.length > 1);
    const holds = new Map<string, Set<string>>();
    for (let after: Mark | null = null; ; ) {
      const found: Listed[] = await reader.call('page', question, after, ROWS);
      const last = found.at(-1);
      if (last === undefined) break;
      for (const { org, process } of found) {
        const known = holds.get(org) ?? new Set();
        holds.set(org, known.add(process));
      }
      await ids.appendFile(found.map(({ id }) => `${toUuid(id)}\n`).join(''));
      yield found.map((row) => columns.map(({ cell }) => cell(row, names)));
      record.rows += found.length;
      if (found.length < ROWS) break;
      after = { key: last.key, id: last.id };
    }
    record.holds = Array.from(holds, ([org, processes]) => ({ org, processes: [...processes].sort() }));
  }

  async #touch(): Promise<void> {
    for (const { record } of this.#jobs) {
      record.touched = this.#parts.hub.now();
      await this.store.save(record).catch(() => undefined);
    }
  }

  async #sweep(): Promise<void> {
    await this.store.sweep(Date.now()).catch((error) => this.#parts.log.warn({ error: error.message }, 'export'));
  }
}
