import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { type Held, hold } from '../sqlite.ts';

/** Engines of one machine that share a data folder, at most. */
const PLACES = 64;
/** Commits are what partners and agents wrote. */
export const PRIVATE = 0o700;
const OWNER = 'owner';
/** Held as long as the place is used. The owner's name is for who looks, and for versions that know no lock. */
const LOCK = 'lock';
const START_TIME = 21;
/** Behind the owner's name: it has the place for a moment only. */
const BORROWED = ' borrowed';
/** How long a process that starts waits for a borrowed place, ms; then it takes the next one, and who borrowed looks after its. */
const PATIENCE_MS = 5_000;
/** … and for one whose lock is held, by somebody that nothing here shows: who only looks lets it go at once, ms. */
const GLANCE_MS = 200;
/** … and how often it looks, ms. */
const LOOK_MS = 20;

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
  const from = performance.now();
  for (let number = 0; number < PLACES; number += 1) {
    const folder = join(journals, String(number));
    await mkdir(folder, { recursive: true, mode: PRIVATE });
    let place = await take(folder);
    while (place === undefined && performance.now() - from < (await patienceFor(folder))) {
      await setTimeout(LOOK_MS);
      place = await take(folder);
    }
    if (place !== undefined) return place;
  }
  throw new Error(`${PLACES} engines use ${journals} already`);
}

/** For a moment, to look after what its owner left there. @returns undefined when somebody uses it */
export const borrowPlace = (folder: string): Promise<Place | undefined> => take(folder, BORROWED);

/** Whether no living process uses a place. */
export async function isFree(folder: string): Promise<boolean> {
  const name = await nameOn(join(folder, OWNER));
  if (name !== undefined && isAlive(name)) return false;
  const held = hold(join(folder, LOCK));
  held?.close();
  return held !== undefined;
}

/** How long a place that is taken is worth waiting for, ms: one that is borrowed, or has just been given back. */
async function patienceFor(folder: string): Promise<number> {
  const name = await nameOn(join(folder, OWNER));
  if (name === undefined || name.endsWith(BORROWED)) return PATIENCE_MS;
  return isAlive(name) ? 0 : GLANCE_MS;
}

/** The lock first: a name of another container's process says nothing here. */
async function take(folder: string, how = ''): Promise<Place | undefined> {
  const held = hold(join(folder, LOCK));
  if (held === undefined) return undefined;
  try {
    if (await name(join(folder, OWNER), how)) return placeOf(folder, held);
  } catch (error) {
    held.close();
    throw error;
  }
  held.close();
  return undefined;
}

const placeOf = (folder: string, held: Held): Place => ({
  folder,
  release: async () => {
    await rm(join(folder, OWNER), { force: true });
    held.close();
  },
});

const nameOn = (owner: string): Promise<string | undefined> => readFile(owner, 'utf8').catch(() => undefined);

function isAlive(name: string): boolean {
  const pid = Number.parseInt(name, 10);
  return Number.isInteger(pid) && identityOf(pid) === name.replace(BORROWED, '');
}

/** The owner's file is linked into place whole, and a dead owner's is moved away: whoever comes second sees it. */
async function name(owner: string, how: string): Promise<boolean> {
  const me = identityOf(process.pid) + how;
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
      const text = await nameOn(owner);
      if (text === undefined) continue;
      if (isAlive(text)) return false;
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
export function identityOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_TIME - 2]}`;
  } catch {
    return '';
  }
}
