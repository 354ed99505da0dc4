import { readFileSync } from 'node:fs';

/**
 * Which commune is competent today, or on a day, for a place written with an INSEE code that may be older: merged
 * communes, communes that changed their code with their département, communes that became independent again. The table
 * is INSEE's (Code officiel géographique), made by ops/competence/communes.ts, which its head names with its versions.
 */
export interface Succession {
  /** ISO date from which it counts */
  date: string;
  /** the code itself: the commune is of full right again */
  successor: string;
}

export interface Communes {
  /** changes of a code, oldest first */
  changes: ReadonlyMap<string, readonly Succession[]>;
  /** municipal arrondissement → its commune: Paris, Lyon, Marseille */
  arrondissements: ReadonlyMap<string, string>;
}

export interface Followed {
  from: string;
  to: string;
  /** ISO date of the change */
  date: string;
}

/** @param text the table's */
export function readCommunes(text: string): Communes {
  const changes = new Map<string, Succession[]>();
  const arrondissements = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line === '') continue;
    const [first, ...rest] = line.split(' ') as [string, ...string[]];
    if (first === 'parts') {
      const [commune = '', ...codes] = rest;
      for (const code of codes) arrondissements.set(code, commune.slice(0, -1));
      continue;
    }
    for (const change of rest) {
      const [code, successor] = change.split('>') as [string, string];
      const known = changes.get(code);
      if (known) known.push({ date: first, successor });
      else changes.set(code, [{ date: first, successor }]);
    }
  }
  return { changes, arrondissements };
}

/** The table of this version of the hub. */
export const communes: Communes = readCommunes(readFileSync(new URL('communes.txt', import.meta.url), 'utf8'));

/** No commune changed its code as often: a table that goes round is told, not followed for ever. */
const MOST = 20;

/**
 * The commune a code stands for on a day, with the changes that led there.
 *
 * @param date ISO date: changes up to that day count
 */
export function follow({ changes }: Communes, code: string, date: string): { code: string; followed: Followed[] } {
  const followed: Followed[] = [];
  let current = code;
  while (followed.length < MOST) {
    const last = changes.get(current)?.findLast((change) => change.date <= date);
    if (last === undefined || last.successor === current) return { code: current, followed };
    followed.push({ from: current, to: last.successor, date: last.date });
    current = last.successor;
  }
  throw new Error(`the table of communes goes round at ${code}`);
}
