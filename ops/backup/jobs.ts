import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '#engine/sqlite.ts';
import { digestOf } from './digest.ts';
import type { Entry } from './manifest.ts';

/** What agents decided on many cases at once, and is under way. Lists of cases are not saved: the hub makes them anew. */
export const JOBS = 'bulk.sqlite';
const PRIVATE_FOLDER = 0o700;
const PRIVATE = 0o600;
/** A job is written between two of its decisions. ms */
const BUSY_MS = 5_000;

/** @param index folder of the hub's lists, where its jobs are too */
export async function saveJobs(index: string, to: string): Promise<Entry[]> {
  const source = join(index, JOBS);
  if (!existsSync(source)) return [];
  mkdirSync(join(to, 'jobs'), { mode: PRIVATE_FOLDER });
  const path = join(to, 'jobs', JOBS);
  const db = new Database(source, { readOnly: true, busyMs: BUSY_MS });
  try {
    // SQLite copies the state of one moment, whoever writes meanwhile.
    db.exec(`VACUUM INTO '${path.replaceAll("'", "''")}'`);
  } finally {
    db.close();
  }
  chmodSync(path, PRIVATE);
  return [{ part: 'jobs', path: JOBS, bytes: (await stat(path)).size, sha256: await digestOf(path), changed: '' }];
}
