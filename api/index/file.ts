import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database, type Held, hold, isDamaged } from '#engine/sqlite.ts';
import { TABLES, VERSION } from './tables.ts';

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

export const indexFolder = (data: string): string => join(data, 'index');
/**
 * Their names bear the version of the tables: two versions of the product on one data folder write one each, and whichever
 * goes on finds its own as it was (docs/upgrade.md).
 */
export const fileOf = (folder: string, version = VERSION): string => join(folder, `cases-${version}.sqlite`);
const lockOf = (folder: string, version = VERSION): string => join(folder, `lock-${version}.sqlite`);
/** Of any version; those before names bore one too. */
const FILE = /^cases(?:-\d+)?\.sqlite$/;
/** A file of another version that nobody has written for so long is not gone back to any more, ms. */
const KEPT_MS = 7 * 86_400_000;
/** Its being there asks whoever writes the index to rebuild it. */
export const wishOf = (folder: string): string => join(folder, 'rebuild');

function removeFile(folder: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(fileOf(folder) + end, { force: true });
}

/**
 * Takes the folder for one writer: a lock of the operating system, which ends with its process.
 * @returns undefined when another one has it
 */
export function lock(folder: string, version = VERSION): Held | undefined {
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  return hold(lockOf(folder, version));
}

/** The file as it is; undefined: there is none, or of another version. */
export function openToRead(folder: string): Database | undefined {
  if (!existsSync(fileOf(folder))) return undefined;
  const db = new Database(fileOf(folder), { readOnly: true });
  if (db.get('PRAGMA user_version')?.['user_version'] === VERSION) return db;
  db.close();
  return undefined;
}

/** The file, made anew when it is of another version or cannot be read. The caller has the lock. */
export function openToWrite(folder: string): Database {
  forgetOthers(folder);
  try {
    const db = existsSync(fileOf(folder)) ? new Database(fileOf(folder)) : undefined;
    if (db?.get('PRAGMA user_version')?.['user_version'] === VERSION) return journaled(db);
    db?.close();
  } catch (error) {
    if (!isDamaged(error)) throw error;
  }
  removeFile(folder);
  // Before SQLite makes it, so that it is nobody else's for a moment; its journals take the same mode.
  writeFileSync(fileOf(folder), '', { mode: PRIVATE_FILE });
  const db = new Database(fileOf(folder));
  journaled(db).exec(`BEGIN; ${TABLES} COMMIT`);
  return db;
}

/** What a crash takes of it is read from the hub again: it need not be synced at each commit. What is deleted is wiped. */
function journaled(db: Database): Database {
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864',
  );
  return db;
}

/** Removes what versions that are gone left. @param now ms */
export function forgetOthers(folder: string, now = Date.now()): void {
  for (const name of readdirSync(folder)) {
    if (!FILE.test(name) || join(folder, name) === fileOf(folder)) continue;
    const files = ['', '-wal', '-shm'].map((end) => join(folder, name + end)).filter((path) => existsSync(path));
    if (files.some((path) => now - statSync(path).mtimeMs < KEPT_MS)) continue;
    for (const path of files) rmSync(path, { force: true });
  }
}

/** Throws the file away while nobody writes it. @returns false when somebody does */
export function discard(folder: string): boolean {
  const held = lock(folder);
  if (held === undefined) return false;
  removeFile(folder);
  held.close();
  return true;
}
