import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { goBack, type TurnRecord } from './record.ts';
import { type OnDamage, readSegment, segmentsOf } from './segment.ts';

/** Folders of the journals of one machine are numbered: place.ts. */
const PLACE = /^\d+$/;

interface Place {
  folder: string;
  name: string;
}

/** Folders of the journals of this machine, this one's included. */
export async function foldersBeside(folder: string): Promise<ReadonlySet<string>> {
  const beside = (await readdir(dirname(folder))).filter((name) => PLACE.test(name));
  return new Set([folder, ...beside.map((name) => join(dirname(folder), name))]);
}

/** Segments of this journal and of the others beside it, newest first: a partition's owners write each in their own. */
export async function allSegments(folder: string): Promise<Place[]> {
  const found: Place[] = [];
  for (const one of await foldersBeside(folder))
    for (const name of await segmentsOf(one)) found.push({ folder: one, name });
  return found.sort((a, b) => (a.name < b.name ? 1 : -1));
}

/**
 * Goes back through segments and the chains of partitions: CommitLog's `walk`. Each segment is read once, whatever the
 * number of partitions; where a chain went from one journal to another and back, once more.
 * @param reach bytes to read at most in one round
 */
export async function walkBack(
  segments: readonly Place[],
  reach: number,
  onDamage: OnDamage,
  marks: Map<number, string>,
  visit: (record: TurnRecord) => void,
): Promise<void> {
  const several = segments.some(({ folder }) => folder !== segments[0]?.folder);
  for (let [again, visited] = [true, 0]; again; again = several && visited > 0) {
    visited = 0;
    let left = reach;
    for (const { folder, name } of segments) {
      if (left <= 0 || marks.size === 0) break;
      left -= (await stat(join(folder, name))).size;
      goBack(await readSegment(folder, name, onDamage), marks, (record) => {
        visited += 1;
        visit(record);
      });
    }
  }
}
