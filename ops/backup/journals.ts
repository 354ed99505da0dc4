import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readLasts } from '#engine/journal/lasts.ts';
import { segmentsOf } from '#engine/journal/segment.ts';
import { NotDone } from '#ops/life.ts';
import type { Source, Tree } from './tree.ts';

/**
 * The journals of a data folder as they were at one moment, all of them: a commit is in its journal before anything of it
 * reaches another partition, so no partition then knows of what another one's journal lacks.
 */
const PLACE = /^\d+$/;
const SEGMENT = /^\d+\.log$/;
/** Two looks a few hundred microseconds apart are the same soon, also under load. */
const LOOKS = 100_000;
/** A commit that Redis has is in its journal after one write of the disk. ms */
const BEHIND_MS = 5_000;
const LOOK_MS = 50;

/** path under the folder → bytes */
type Sizes = ReadonlyMap<string, number>;

export const journalSource = (data: string): Source => ({
  part: 'journal',
  folder: join(data, 'journal'),
  wanted: () => false,
  grows: () => false,
});

function look(folder: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const place of readdirSync(folder)
    .filter((name) => PLACE.test(name))
    .sort())
    for (const name of readdirSync(join(folder, place))
      .filter((name) => SEGMENT.test(name))
      .sort())
      sizes.set(`${place}/${name}`, statSync(join(folder, place, name)).size);
  return sizes;
}

const same = (a: Sizes, b: Sizes): boolean =>
  a.size === b.size && [...a].every(([path, bytes]) => b.get(path) === bytes);

/** Sizes that all files had together at one moment: files only grow, and two looks found the same. */
function moment(folder: string): Sizes {
  let before = look(folder);
  for (let looks = 0; looks < LOOKS; looks += 1) {
    let now: Sizes;
    try {
      now = look(folder);
    } catch (error) {
      // A segment dropped between two calls.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw error;
    }
    if (same(before, now)) return now;
    before = new Map(now);
  }
  throw new NotDone(
    `the journals in ${folder} grow too fast to be looked at: take the backup when there is less to do`,
  );
}

/** Newest segment of each journal: place → name. */
export function newest(data: string): Map<string, string> {
  const found = new Map<string, string>();
  try {
    for (const path of look(join(data, 'journal')).keys()) {
      const [place, name] = path.split('/') as [string, string];
      found.set(place, name);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return found;
}

/**
 * Copies the journals from the segments on that were being written when the backup began.
 * @param from of `newest`, before Redis' snapshot
 * @param turns number of the last commit of each partition, as Redis has it now
 * @returns partitions some commit of which no journal here has: their engines write somewhere else
 */
export async function copyJournals(
  data: string,
  tree: Tree,
  to: string,
  from: ReadonlyMap<string, string>,
  turns: ReadonlyMap<number, number>,
): Promise<number[]> {
  const folder = join(data, 'journal');
  const until = performance.now() + BEHIND_MS;
  if (from.size === 0) return [...turns.keys()];
  for (;;) {
    for (const [path, bytes] of moment(folder)) {
      const [place, name] = path.split('/') as [string, string];
      if (name >= (from.get(place) ?? '')) await tree.upTo(path, bytes);
    }
    const lacking = await missing(join(to, 'journal'), turns);
    if (lacking.length === 0 || performance.now() > until) return lacking;
    await pause(LOOK_MS);
  }
}

async function missing(folder: string, turns: ReadonlyMap<number, number>): Promise<number[]> {
  const known = new Map<number, number>();
  for (const place of readdirSync(folder)) {
    const lasts = await readLasts(join(folder, place), await segmentsOf(join(folder, place)), () => undefined);
    for (const [partition, { turn }] of lasts) known.set(partition, Math.max(known.get(partition) ?? 0, turn));
  }
  return [...turns].filter(([partition, turn]) => (known.get(partition) ?? 0) < turn).map(([partition]) => partition);
}
