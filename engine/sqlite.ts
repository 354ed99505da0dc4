import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** The only file that knows node:sqlite. */

export type Value = string | number | null;
export type Found = Record<string, Value>;

/** Statements kept prepared: filters come in a few hundred shapes at most. */
const KEPT = 256;
/** How long a connection waits for another one, ms. */
const BUSY_MS = 5_000;

let loaded: typeof DatabaseSync | undefined;

/** Node 22 calls the module experimental on stderr: that one sentence is left out, here and now only. */
function load(): typeof DatabaseSync {
  if (loaded !== undefined) return loaded;
  const warn = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) warn.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    ({ DatabaseSync: loaded } = createRequire(import.meta.url)('node:sqlite') as typeof import('node:sqlite'));
  } finally {
    process.emitWarning = warn;
  }
  return loaded;
}

/** Whether the file is held by another process. */
export const isBusy = (error: unknown): boolean => codeOf(error) === 5;
const CORRUPT = 11;
const NO_DATABASE = 26;
/** Whether the file cannot be what was written. */
export const isDamaged = (error: unknown): boolean => [CORRUPT, NO_DATABASE].includes(codeOf(error) ?? 0);
const codeOf = (error: unknown): number | undefined => (error as { errcode?: number } | undefined)?.errcode;

/** A SQLite file: synchronous, so for a thread of its own. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(path: string, options: { readOnly?: boolean; busyMs?: number } = {}) {
    const { readOnly = false, busyMs = BUSY_MS } = options;
    this.#db = new (load())(path, { readOnly });
    this.#db.exec(`PRAGMA busy_timeout = ${busyMs}`);
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  all(sql: string, ...values: Value[]): Found[] {
    return this.#statement(sql).all(...values) as Found[];
  }

  get(sql: string, ...values: Value[]): Found | undefined {
    return this.#statement(sql).get(...values) as Found | undefined;
  }

  /** @returns rowid of the last row inserted */
  run(sql: string, ...values: Value[]): number {
    return Number(this.#statement(sql).run(...values).lastInsertRowid);
  }

  /** All or nothing. */
  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#prepared.clear();
    this.#db.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    if (this.#prepared.size >= KEPT) this.#prepared.clear();
    const made = this.#db.prepare(sql);
    this.#prepared.set(sql, made);
    return made;
  }
}

/** Something held until it is let go, or its process is gone. */
export interface Held {
  close(): void;
}

const PRIVATE_FILE = 0o600;

/**
 * Holds a file against every process that sees it, those of other containers and of other namespaces too: a lock of the
 * kernel's (fcntl, which Node does not offer and SQLite takes), so that it ends with its process, however that ends.
 * On a file system that keeps no locks it holds nothing.
 * @returns undefined: somebody holds it
 */
export function hold(path: string): Held | undefined {
  const file = new Database(path, { busyMs: 0 });
  try {
    chmodSync(path, PRIVATE_FILE);
    file.exec('BEGIN EXCLUSIVE');
    return file;
  } catch (error) {
    file.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}
