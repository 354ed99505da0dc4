import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readLasts } from './lasts.ts';
import type { CommitLog, Vacancy } from './log.ts';
import { borrowPlace, isFree } from './place.ts';
import { type OnDamage, segmentsOf } from './segment.ts';
import { foldersBeside } from './walk.ts';

/**
 * Journals beside this one that no living process uses.
 * @param open opens the journal of a folder
 */
export async function vacanciesBeside(
  folder: string,
  onDamage: OnDamage,
  open: (folder: string) => Promise<CommitLog & { close(): Promise<void> }>,
): Promise<Vacancy[]> {
  const found: Vacancy[] = [];
  for (const place of await foldersBeside(folder)) {
    if (place === folder || !(await isFree(place))) continue;
    const names = await segmentsOf(place);
    const newest = names.at(-1);
    if (newest === undefined) continue;
    const { size } = await stat(join(place, newest));
    found.push({
      place,
      version: `${newest} ${size}`,
      lasts: () => readLasts(place, names, onDamage),
      async open() {
        const borrowed = await borrowPlace(place);
        if (borrowed === undefined) return undefined;
        try {
          const journal = await open(place);
          return { journal, close: () => journal.close().finally(borrowed.release) };
        } catch (error) {
          await borrowed.release();
          throw error;
        }
      },
    });
  }
  return found;
}
