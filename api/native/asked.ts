import type { Static, TSchema } from 'typebox';
import { HttpError } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Request } from '#api/server/types.ts';
import { fromUuid, type Id } from '#engine/domain/ids.ts';
import { formed } from './form.ts';

/** Readers of what a request of the native API asks for, in French where the contract's (api/schemas) are the gateway's. */

const WHOLE = /^\d{1,16}$/;

const wrong = (name: string, expected: string): Problem =>
  new Problem('form-invalid', `Paramètre ${name} : ${expected}.`);

/** Whole number of the query, not below `minimum`; absent: `fallback`. @throws Problem */
export function wholeOf(request: Pick<Request, 'query'>, name: string, fallback: number, minimum = 0): number {
  const text = request.query.one(name);
  if (text === undefined || text === '') return fallback;
  const value = WHOLE.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : -1;
  if (value < minimum) throw wrong(name, `un nombre entier est attendu, ${minimum} au moins`);
  return value;
}

/** Text of the query, undefined when absent or empty. @throws Problem */
export function textOf(request: Pick<Request, 'query'>, name: string, max: number): string | undefined {
  const text = request.query.one(name) || undefined;
  if (text !== undefined && text.length > max) throw wrong(name, `${max} caractères au plus`);
  return text;
}

/** Text of the query that follows a pattern. @param expected in French @throws Problem */
export function matchOf(request: Pick<Request, 'query'>, name: string, pattern: RegExp, expected: string): string {
  const text = request.query.one(name) ?? '';
  if (!pattern.test(text)) throw wrong(name, `${expected} est attendu`);
  return text;
}

/** Only these parameters are known here: a word misspelt is not passed over. @throws Problem */
export function onlyAsked(request: Pick<Request, 'query'>, names: readonly string[]): void {
  const other = request.query.names().find((name) => !names.includes(name));
  if (other !== undefined) throw wrong(other.slice(0, 64), `inconnu ici ; il y a ${names.join(', ')}`);
}

/** Id of the path. @throws Problem */
export function idOf(request: Pick<Request, 'param'>, name: string): Id {
  const id = fromUuid(request.param(name));
  if (id === undefined) throw wrong(name, 'un UUID est attendu');
  return id;
}

/** Body in JSON, of that form. @param empty what no body stands for; absent: one is required @throws Problem */
export async function bodyOf<S extends TSchema>(schema: S, request: Request, empty?: Static<S>): Promise<Static<S>> {
  let value: unknown;
  try {
    value = await request.json();
  } catch (error) {
    if (!(error instanceof HttpError) || error.status !== 400) throw error;
    throw new Problem('form-invalid', 'Le corps n’est pas du JSON acceptable.');
  }
  if (value === undefined && empty !== undefined) return empty;
  return formed(schema, value, 0);
}
