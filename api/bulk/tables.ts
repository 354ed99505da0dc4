import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '#engine/sqlite.ts';

const VERSION = 1;
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/**
 * `job`: what was asked, on how many lines; `line`: one case each, with the status it had, its decision's id once it is
 * begun, and what became of it. This file is no projection: it is kept when the index is made anew.
 */
const TABLES = `
CREATE TABLE job(
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, org TEXT NOT NULL, agent TEXT NOT NULL, act TEXT NOT NULL,
  at INTEGER NOT NULL, total INTEGER NOT NULL, state INTEGER NOT NULL, until INTEGER NOT NULL, ended INTEGER);
CREATE INDEX job_live ON job(state) WHERE state IN (0, 2);
CREATE TABLE line(
  job INTEGER, n INTEGER, id TEXT NOT NULL, org TEXT NOT NULL, process TEXT NOT NULL, number TEXT NOT NULL,
  applicant TEXT NOT NULL, status INTEGER NOT NULL, updated INTEGER NOT NULL, decision TEXT, result INTEGER NOT NULL,
  PRIMARY KEY(job, n)) WITHOUT ROWID;
CREATE INDEX line_result ON line(job, result, n);
PRAGMA user_version = ${VERSION};
`;

/** The file of jobs, made if it is not there. Its transactions are synced: what was accepted is not forgotten. */
export function openJobs(folder: string): Database {
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const path = join(folder, 'bulk.sqlite');
  if (!existsSync(path)) writeFileSync(path, '', { mode: PRIVATE_FILE });
  chmodSync(path, PRIVATE_FILE);
  const db = new Database(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864');
  return withTables(db);
}

/** The tables of jobs, made if they are not there. */
export function withTables(db: Database): Database {
  db.transaction(() => {
    if (db.get('PRAGMA user_version')?.['user_version'] !== VERSION) db.exec(TABLES);
  });
  return db;
}
