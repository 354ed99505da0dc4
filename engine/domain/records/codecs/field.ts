import { type OrganizationId, type OrgKey, orgKey, orgOf } from '../../organization.ts';
import type { Person } from '../subscription.ts';

/** A record as stored: values by position, trailing nulls dropped. */
export type Row = unknown[];

/** Drops what a reader restores by itself: the nulls at the end. */
export function trim(row: Row): Row {
  let length = row.length;
  while (length > 0 && (row[length - 1] === null || row[length - 1] === undefined)) length -= 1;
  row.length = length;
  return row;
}

export const orNull = <T>(value: unknown): T | null => (value ?? null) as T | null;

/** An empty list is left out. */
export const list = (values: readonly unknown[]): Row | null => (values.length === 0 ? null : (values as Row));
export const rows = (value: unknown): Row[] => (value ?? []) as Row[];

export const flag = (value: boolean): 1 | null => (value ? 1 : null);

/** A value of a closed list as its place in it; any other text as it is. Lists only ever grow at their end. */
export function code(table: ReadonlyMap<string, number>, value: string): number | string {
  return table.get(value) ?? value;
}
export const uncode = <T extends string>(values: readonly string[], value: unknown): T =>
  (typeof value === 'number' ? values[value] : value) as T;
export const tableOf = (values: readonly string[]): ReadonlyMap<string, number> =>
  new Map(values.map((value, index) => [value, index]));

const LETTERS: Record<string, string> = { OSL: 'O', SI: 'S', Admin: 'A', EDT: 'E' };
const TYPES = new Map(Object.entries(LETTERS).map(([type, letter]) => [letter, type]));
const SIRET = /^[0-9]{14}$/;
const RADIX = 36;
/** 36^9 > 10^14 */
const SIRET_CHARS = 9;
const NO_BRANCH = '00000';
/** marks a key kept as it is */
const PLAIN = '=';
/** Organisations remembered in each direction: more than there are recipients in the country. */
const KEPT = 32_768;

const packed = new Map<OrgKey, string>();
const unpacked = new Map<string, OrgKey>();

function pack(key: OrgKey): string {
  const { type, companyRegister, branchCode } = orgOf(key);
  const letter = Object.hasOwn(LETTERS, type) ? LETTERS[type] : undefined;
  if (letter === undefined || !SIRET.test(companyRegister)) return PLAIN + key;
  const number = Number(companyRegister).toString(RADIX).padStart(SIRET_CHARS, '0');
  return letter + number + (branchCode === NO_BRANCH ? '' : branchCode);
}

function unpack(text: string): OrgKey {
  if (text.startsWith(PLAIN)) return text.slice(1);
  const companyRegister = String(Number.parseInt(text.slice(1, 1 + SIRET_CHARS), RADIX)).padStart(14, '0');
  const branchCode = text.slice(1 + SIRET_CHARS) || NO_BRANCH;
  return orgKey({ type: TYPES.get(text[0] as string) as string, companyRegister, branchCode });
}

function remember<T extends string, U extends string>(known: Map<T, U>, from: T, to: U): U {
  if (known.size >= KEPT) known.clear();
  known.set(from, to);
  return to;
}

/** An organisation in about ten characters instead of twenty-four. */
export const packOrg = (key: OrgKey): string => packed.get(key) ?? remember(packed, key, pack(key));
export const unpackOrg = (text: unknown): OrgKey =>
  unpacked.get(text as string) ?? remember(unpacked, text as string, unpack(text as string));

/** Sorted distinct numbers as `[first, length, …]`. */
export function runs(numbers: readonly number[]): number[] {
  const out: number[] = [];
  for (const number of numbers) {
    const last = out.length - 1;
    if (last > 0 && number === (out[last - 1] as number) + (out[last] as number)) out[last] = (out[last] as number) + 1;
    else out.push(number, 1);
  }
  return out;
}

export function unruns(value: unknown): number[] {
  const flat = (value ?? []) as number[];
  const out: number[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    for (let n = 0; n < (flat[i + 1] as number); n += 1) out.push((flat[i] as number) + n);
  }
  return out;
}

export const identityRow = (org: OrganizationId): Row => [org.type, org.companyRegister, org.branchCode];
export const identityOf = (row: Row): OrganizationId => ({
  type: row[0] as string,
  companyRegister: row[1] as string,
  branchCode: row[2] as string,
});

export const personRow = (person: Person): Row =>
  trim([person.email, person.firstName, person.lastName, person.function, person.phoneNumber, person.mobileNumber]);
export const personOf = (row: Row): Person => ({
  email: row[0] as string,
  firstName: orNull(row[1]),
  lastName: orNull(row[2]),
  function: orNull(row[3]),
  phoneNumber: orNull(row[4]),
  mobileNumber: orNull(row[5]),
});
