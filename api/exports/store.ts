import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { FORMATS, type Format } from './writer.ts';

/** An export is kept so long after it was asked for, ms. */
export const KEPT_MS = 72 * 3_600_000;
/** Of one organisation: beyond, the oldest goes. Files. */
const MOST_KEPT = 50;
/** Ids named in one entry of the access log. */
const NAMED = 1_000;
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
const NAME_LENGTH = 32;

export const EXPORT_STATES = ['waiting', 'running', 'done', 'failed'] as const;
export type ExportState = (typeof EXPORT_STATES)[number];

/** An export, as it is kept beside its file. */
export interface ExportRecord {
  id: Id;
  /** whose team sees it: an organisation's key, or an agent's id when it was asked for all of the agent's */
  owner: string;
  /** id of the agent who asked, or client id of software */
  by: string;
  format: Format;
  /** query of the list it is made of */
  filter: string;
  /** ms, as all others */
  asked: number;
  state: ExportState;
  /** last sign of life of who makes it */
  touched: number;
  /** of when what it says is; null: not begun, or the index had read nothing */
  asOf: number | null;
  late: boolean;
  rows: number;
  /** of the file; 0: not done */
  bytes: number;
  /** organisations and démarches whose cases are in it: who reads it needs all of them */
  holds: { org: OrgKey; processes: string[] }[];
}

/** A folder of exports: for each a description, a file, and the ids of its cases, one a line. No index: there are few. */
export class ExportStore {
  readonly #folder: string;
  /** One save after the other, each of what the record says by then. */
  #saving: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  fileOf({ owner, id, format }: Pick<ExportRecord, 'owner' | 'id' | 'format'>): string {
    return join(this.#of(owner), `${id}.${format}`);
  }

  idsOf({ owner, id }: Pick<ExportRecord, 'owner' | 'id'>): string {
    return join(this.#of(owner), `${id}.ids`);
  }

  /** All or nothing: who reads it meanwhile finds the one before. */
  save(record: ExportRecord): Promise<void> {
    const saved = this.#saving.then(() => this.#save(record));
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  async #save(record: ExportRecord): Promise<void> {
    const folder = this.#of(record.owner);
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    const path = join(folder, `${record.id}.json`);
    await writeFile(`${path}.new`, JSON.stringify(record), { mode: PRIVATE_FILE });
    await rename(`${path}.new`, path);
  }

  async load(owner: string, id: Id, now: number): Promise<ExportRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(join(this.#of(owner), `${id}.json`), 'utf8')) as ExportRecord;
      return record.asked + KEPT_MS > now ? record : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Newest first. */
  async list(owner: string, now: number): Promise<ExportRecord[]> {
    const names = await readdir(this.#of(owner)).catch(() => []);
    const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length) as Id);
    const found = await Promise.all(ids.map((id) => this.load(owner, id, now)));
    return found.filter((one) => one !== undefined).sort((a, b) => b.asked - a.asked);
  }

  /** Bytes of its file; undefined: it is not there. */
  async size(record: ExportRecord): Promise<number | undefined> {
    const found = await stat(this.fileOf(record)).catch(() => undefined);
    return found?.size;
  }

  /** UUIDs of its cases, as they are in it. */
  async *cases(record: ExportRecord): AsyncGenerator<string[]> {
    let some: string[] = [];
    for await (const line of createInterface({ input: createReadStream(this.idsOf(record)) })) {
      some.push(line);
      if (some.length < NAMED) continue;
      yield some;
      some = [];
    }
    if (some.length > 0) yield some;
  }

  /** What is written and not described any more goes with it. */
  async remove(owner: string, id: Id): Promise<void> {
    const endings = ['json', 'json.new', 'ids', ...FORMATS];
    await Promise.all(endings.map((ending) => rm(join(this.#of(owner), `${id}.${ending}`), { force: true })));
  }

  /** Makes room for one more of that owner. */
  async makeRoom(owner: string, now: number): Promise<void> {
    const over = (await this.list(owner, now)).slice(MOST_KEPT - 1);
    for (const { id, state } of over) if (state === 'done' || state === 'failed') await this.remove(owner, id);
  }

  /** Removes what is over: by the age of files, so that no leftover of a crash stays. */
  async sweep(now: number): Promise<void> {
    for (const owner of await readdir(this.#folder).catch(() => [])) {
      const folder = join(this.#folder, owner);
      for (const name of await readdir(folder).catch(() => [])) {
        const found = await stat(join(folder, name)).catch(() => undefined);
        if (found !== undefined && found.mtimeMs + KEPT_MS <= now) await rm(join(folder, name), { force: true });
      }
    }
  }

  #of(owner: string): string {
    return join(this.#folder, createHash('sha256').update(owner).digest('hex').slice(0, NAME_LENGTH));
  }
}
