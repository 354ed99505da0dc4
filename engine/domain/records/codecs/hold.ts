import type { Holding, HoldTerms, PurgeSettings } from '../../commands.ts';
import type { Door } from '../door.ts';
import { type CaseHolding, type Fallback, type HeldState, HOLDINGS } from '../held.ts';
import { code, list, orNull, packOrg, type Row, tableOf, trim, uncode, unpackOrg } from './field.ts';

const holdings = tableOf(HOLDINGS);

const fallbackRow = (fallback: Fallback | null): Row | null =>
  fallback && trim([packOrg(fallback.org), fallback.door, fallback.mail]);

function fallbackOf(value: unknown): Fallback | null {
  if (value === null || value === undefined) return null;
  const row = value as Row;
  return { org: unpackOrg(row[0]), door: row[1] as number, mail: orNull(row[2]) };
}

export const encodeHeld = (state: HeldState): Row =>
  trim([
    packOrg(state.org),
    state.process,
    packOrg(state.sender),
    state.place,
    state.since,
    state.due - state.since,
    fallbackRow(state.fallback),
  ]);

export const decodeHeld = (row: Row): HeldState => ({
  org: unpackOrg(row[0]),
  process: row[1] as string,
  sender: unpackOrg(row[2]),
  place: row[3] as number,
  since: row[4] as number,
  due: (row[4] as number) + (row[5] as number),
  fallback: fallbackOf(row[6]),
});

export const encodeCaseHolding = (held: CaseHolding | null): Row | null =>
  held && [
    code(holdings, held.state),
    held.since,
    held.until - held.since,
    held.purge.status,
    held.purge.fileDays,
    held.purge.archiveDays,
    held.purge.deleteDays,
  ];

export function decodeCaseHolding(value: unknown): CaseHolding | null {
  if (value === null || value === undefined) return null;
  const [state, since, lasts, status, fileDays, archiveDays, deleteDays] = value as [
    ...[unknown, number, number],
    ...[PurgeSettings['status'], number, number, number],
  ];
  const purge = { status, fileDays, archiveDays, deleteDays };
  return { state: uncode(HOLDINGS, state), since, until: since + lasts, purge };
}

/** Two rows: box and word of each, then box, number and last place of those where cases are held. */
export function encodeDoors(doors: Readonly<Record<number, Door>>): [Row | null, Row | null] {
  const words: number[] = [];
  const queues: number[] = [];
  for (const box in doors) {
    const { word, held, last } = doors[box] as Door;
    words.push(Number(box), word);
    if (held > 0) queues.push(Number(box), held, last);
  }
  return [list(words), list(queues)];
}

export function decodeDoors(words: unknown, queues: unknown): Record<number, Door> {
  const doors: Record<number, Door> = {};
  const flat = (words ?? []) as number[];
  for (let i = 0; i < flat.length; i += 2) doors[flat[i] as number] = { word: flat[i + 1] as number, held: 0, last: 0 };
  const waiting = (queues ?? []) as number[];
  for (let i = 0; i < waiting.length; i += 3) {
    const box = waiting[i] as number;
    doors[box] = { ...(doors[box] as Door), held: waiting[i + 1] as number, last: waiting[i + 2] as number };
  }
  return doors;
}

/** What a staged deposit of a native client bears; nothing for the contract's. */
export const encodeHolding = (holding: Holding | null): Row =>
  holding === null
    ? []
    : [trim([holding.terms.ms, fallbackRow(holding.terms.fallback), holding.terms.owner]), holding.doors];

export function decodeHolding(terms: unknown, doors: unknown): Holding | null {
  if (terms === null || terms === undefined) return null;
  const [ms, fallback, owner] = terms as Row;
  const read: HoldTerms = { ms: ms as number, fallback: fallbackOf(fallback), owner: orNull(owner) };
  return { terms: read, doors: doors as number[] };
}
