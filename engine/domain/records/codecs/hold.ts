import type { Holding, HoldTerms, PurgeSettings } from '../../commands/contents.ts';
import { type Doors, NO_DOORS } from '../door.ts';
import { type CaseHolding, type Fallback, type HeldState, HOLDINGS } from '../held.ts';
import { code, flag, list, orNull, packOrg, type Row, tableOf, trim, uncode, unpackOrg } from './field.ts';

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
    flag(state.told === true),
  ]);

export const decodeHeld = (row: Row): HeldState => ({
  org: unpackOrg(row[0]),
  process: row[1] as string,
  sender: unpackOrg(row[2]),
  place: row[3] as number,
  since: row[4] as number,
  due: (row[4] as number) + (row[5] as number),
  fallback: fallbackOf(row[6]),
  ...(row[7] ? { told: true } : {}),
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

export const encodeDoors = ({ words, queues }: Doors): [Row | null, Row | null] => [list(words), list(queues)];

export const decodeDoors = (words: unknown, queues: unknown): Doors =>
  words === null || words === undefined
    ? NO_DOORS
    : { words: words as number[], queues: (queues as number[] | null | undefined) ?? [] };

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
