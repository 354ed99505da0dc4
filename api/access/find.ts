import { join } from 'node:path';
import { beginOf, type DayName, filesOf, oldestDay } from './days.ts';
import type { Entry } from './entry.ts';
import { scan } from './scan.ts';

/** A search ends with the day in which it has looked at that many bytes; the next one goes on before it. */
const MOST_BYTES = 512 * 1024 * 1024;

export interface Wish {
  /** UUID of a case */
  caseId: string;
  /** entries before this time, ISO 8601 */
  before: string;
  /** … and of this day or later: the case was not there before */
  since: string;
  limit: number;
  /** nobody waits for the answer any more */
  gone: () => boolean;
}

export interface Page {
  /** newest first */
  entries: Entry[];
  /** go on before this time; null: nothing older is kept */
  next: string | null;
}

/** Who read a case, by reading the files: days from the newest back, until there are enough entries. */
export async function find(folder: string, now: number, wish: Wish): Promise<Page> {
  const days = Map.groupBy(await filesOf(folder), ({ day }: DayName) => day);
  const oldest = [wish.since, oldestDay(now)].sort().at(-1) as string;
  const wanted = [...days.keys()].filter((day) => day >= oldest && beginOf(day) < wish.before).sort();
  const entries: Entry[] = [];
  let bytes = 0;
  for (let at = wanted.length - 1; at >= 0 && !wish.gone(); at -= 1) {
    const day = wanted[at] as string;
    const found: Entry[] = [];
    for (const { name } of days.get(day) ?? []) {
      // one more than asked for tells that there are more
      const part = await scan(join(folder, name), { ...wish, limit: wish.limit + 1 });
      found.push(...part.entries);
      bytes += part.bytes;
    }
    entries.push(...found.sort(newestFirst));
    if (entries.length > wish.limit) return cut(entries, wish.limit);
    if (bytes >= MOST_BYTES && at > 0) return { entries, next: beginOf(day) };
  }
  return { entries, next: null };
}

const newestFirst = (one: Entry, other: Entry): number => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0);

/** What bears the time of the last one stays with it: the next page is what is older. */
function cut(entries: Entry[], limit: number): Page {
  const last = entries[limit - 1] as Entry;
  const kept = entries.filter((entry, index) => index < limit || entry.at === last.at);
  return { entries: kept, next: kept.length < entries.length ? last.at : null };
}
