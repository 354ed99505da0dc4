import type { Database, Found } from '#engine/sqlite.ts';
import type { Reach } from './question.ts';
import type { Words } from './words.ts';

export interface Tally {
  process: string;
  status: number;
  cases: number;
  unread: number;
}

export interface Counters {
  tallies: Tally[];
  overdue: { process: string; cases: number }[];
  /** open cases whose deadline is less than SOON_MS away */
  soon: number;
}

/** What is due soon: two days are still enough to treat a case. */
const SOON_MS = 48 * 3_600_000;

/** How many cases there are by démarche and status, and how many are late, or soon will be. */
export function countersOf(db: Database, words: Words, reaches: readonly Reach[], now: number): Counters {
  const tallies: Tally[] = [];
  const overdue: Counters['overdue'] = [];
  let soon = 0;
  for (const reach of reaches) {
    const org = words.number(reach.org);
    const seen = (row: Found): string | undefined => {
      const process = words.text(row['process'] as number);
      return reach.processes === null || reach.processes.includes(process) ? process : undefined;
    };
    const own = db.all('SELECT process, status, cases, unread FROM tally WHERE org = ? AND cases > 0', org);
    for (const row of own) {
      const process = seen(row);
      if (process !== undefined) tallies.push({ ...(row as unknown as Tally), process });
    }
    const between = (from: number, to: number): { process: string; cases: number }[] =>
      db
        .all(
          'SELECT process, count(*) AS cases FROM cases INDEXED BY cases_deadline WHERE org = ? AND open = 1 AND deadline_key >= ? AND deadline_key < ? GROUP BY process',
          org,
          from,
          to,
        )
        .flatMap((row) => {
          const process = seen(row);
          return process === undefined ? [] : [{ process, cases: row['cases'] as number }];
        });
    overdue.push(...between(0, now));
    for (const { cases } of between(now, now + SOON_MS)) soon += cases;
  }
  return { tallies, overdue, soon };
}
