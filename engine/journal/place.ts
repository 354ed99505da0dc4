import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';

/** Engines of one machine that share a data folder, at most. */
const PLACES = 64;
const OWNER = 'owner';
const START_TIME = 21;

/** A folder of the journals that no living process uses. */
export interface Place {
  folder: string;
  release(): Promise<void>;
}

/**
 * Takes the first free folder `0`, `1`, … : a process that comes after one that died goes on with its journal. A folder
 * is its owner's as long as that process lives.
 */
export async function claimPlace(journals: string): Promise<Place> {
  for (let number = 0; number < PLACES; number += 1) {
    const folder = join(journals, String(number));
    await mkdir(folder, { recursive: true });
    const owner = join(folder, OWNER);
    if (!(await take(owner))) continue;
    return { folder, release: () => rm(owner, { force: true }) };
  }
  throw new Error(`${PLACES} engines use ${journals} already`);
}

/** The owner's file is linked into place whole, and a dead owner's is moved away: whoever comes second sees it. */
async function take(owner: string): Promise<boolean> {
  const me = identity(process.pid);
  // Engines of one process are threads, and as little each other's as those of two processes.
  const mine = `${owner}.${process.pid}.${threadId}`;
  await writeFile(mine, me);
  try {
    for (;;) {
      try {
        await link(mine, owner);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const text = await readFile(owner, 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const pid = Number.parseInt(text, 10);
      if (Number.isInteger(pid) && identity(pid) === text) return false;
      const moved = `${mine}.gone`;
      await rename(owner, moved).catch(() => undefined);
      const gone = await readFile(moved, 'utf8').catch(() => text);
      // Another process was quicker, and what was moved is its own name: it goes back.
      if (gone !== text) await link(moved, owner).catch(() => undefined);
      await rm(moved, { force: true });
      if (gone !== text) return false;
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** A process, told from another that got its number later: number and start time; '' when there is none. */
function identity(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_TIME - 2]}`;
  } catch {
    return '';
  }
}
