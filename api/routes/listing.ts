import { noMatch, notListed } from '#api/schemas/faults.ts';
import { queryNumber, queryText } from '#api/schemas/parameters.ts';
import { formError } from '#api/server/errors.ts';
import type { Reply, Request } from '#api/server/types.ts';
import { compareText } from '#engine/client/referential-table.ts';
import type { Order, Page } from '#engine/client/referential-view.ts';

/** Lists of the referential: what of them is asked for, in which order, and their answer (contract §7). */

/** Rows of a list when its request does not say (contract §7). */
const DEFAULT_ROWS = 25;

/** Rows serialised at a time: some 400 kB of JSON. */
const BATCH_ROWS = 500;

/** Longest value of `orderBy`, characters (schema of the contract). */
const MAX_ORDER = 40;

const ORDER = /^(?:(asc|desc)\((\w+)\)|(\w+))$/;
const SIRET = /^[0-9]{14}$/;

type Value = string | number | boolean | null;

/** Column name of `orderBy` → what it orders by. */
export type Columns<T> = Readonly<Record<string, (item: T) => Value>>;

/** `asc(column)`, `desc(column)` or `column`, else 400; `fallback` when absent. */
export function orderOf<T>(request: Request, columns: Columns<T>, fallback: Order<T>): Order<T> {
  const asked = queryText(request, 'orderBy', MAX_ORDER);
  if (asked === undefined) return fallback;
  const match = ORDER.exec(asked);
  if (match === null) throw formError(request, 'query.orderBy', noMatch(asked, ORDER.source));
  const column = match[2] ?? (match[3] as string);
  const value = Object.hasOwn(columns, column) ? columns[column] : undefined;
  if (value === undefined) throw formError(request, 'query.orderBy', notListed(column, Object.keys(columns)));
  const sign = match[1] === 'desc' ? -1 : 1;
  return {
    name: `${sign > 0 ? 'asc' : 'desc'}(${column})`,
    compare: (a, b) => sign * compareValues(value(a), value(b)),
  };
}

/** Null last in ascending order, as the databases of the field have it. */
function compareValues(a: Value, b: Value): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return Number(a) - Number(b);
}

export interface Rows {
  offset: number;
  limit: number;
}

export const rowsOf = (request: Request): Rows => ({
  offset: queryNumber(request, 'offSet', { fallback: 0, minimum: 0, integer: true }),
  limit: queryNumber(request, 'maxResult', { fallback: DEFAULT_ROWS, minimum: 1, integer: true }),
});

/** A SIRET of a query parameter, else 400; undefined when absent. */
export function querySiret(request: Request, name: string): string | undefined {
  const siret = queryText(request, name, 14);
  if (siret !== undefined && !SIRET.test(siret))
    throw formError(request, `query.${name}`, noMatch(siret, SIRET.source));
  return siret;
}

/** `<unit> <first>-<last>/<total>`, or `<unit> *\/<total>` for a page without rows (contract §7). */
export function contentRange(unit: string, offset: number, { items, total }: Page<unknown>): string {
  const span = items.length > 0 ? `${offset}-${offset + items.length - 1}` : '*';
  return `${unit} ${span}/${total}`;
}

/** A JSON array; a long one is serialised as the client reads it. */
export function listReply<T>(items: readonly T[], answer: (item: T) => unknown, headers?: Reply['headers']): Reply {
  const reply: Reply =
    items.length > BATCH_ROWS
      ? { status: 200, items: batches(items, answer) }
      : { status: 200, json: items.map(answer) };
  return headers ? { ...reply, headers } : reply;
}

async function* batches<T>(items: readonly T[], answer: (item: T) => unknown): AsyncGenerator<readonly string[]> {
  for (let at = 0; at < items.length; at += BATCH_ROWS) {
    yield items.slice(at, at + BATCH_ROWS).map((item) => JSON.stringify(answer(item)));
  }
}
