/** Notes of the processes of a hub in its data folder: where commands find them. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role } from '#engine/config.ts';
import { identityOf } from '#engine/journal/place.ts';

/** A process of a hub on this machine. */
export interface HubProcess {
  pid: number;
  role: Role;
  /** where it serves `/health` and `/metrics`, reached from this machine; '' in one that serves neither */
  url: string;
  /** ISO 8601 */
  since: string;
}

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

const folderOf = (data: string): string => join(data, 'processes');

/** Says that this process runs on a data folder. @returns what takes it back */
export function noteProcess(data: string, role: Role, url: string): () => void {
  const file = join(folderOf(data), `${process.pid}.json`);
  mkdirSync(folderOf(data), { recursive: true, mode: PRIVATE_FOLDER });
  const note = { pid: process.pid, role, url, since: new Date().toISOString(), identity: identityOf(process.pid) };
  writeFileSync(file, `${JSON.stringify(note)}\n`, { mode: PRIVATE_FILE });
  return () => rmSync(file, { force: true });
}

/** Those that live, the oldest first: a killed one leaves its note behind. */
export function processesOf(data: string): HubProcess[] {
  let names: string[];
  try {
    names = readdirSync(folderOf(data));
  } catch {
    return [];
  }
  const found = names.flatMap((name) => {
    try {
      const { identity, ...note } = JSON.parse(readFileSync(join(folderOf(data), name), 'utf8'));
      return identity !== '' && identityOf(note.pid) === identity ? [note as HubProcess] : [];
    } catch {
      // being written, or taken back, at this moment
      return [];
    }
  });
  return found.sort((a, b) => (a.since < b.since ? -1 : 1));
}
