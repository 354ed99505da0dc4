import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { Set as setFormat } from 'typebox/format';
import { Settings } from 'typebox/system';
import { badRequests } from '#api/errors.ts';
import { fromUuid } from '#engine/domain/ids.ts';
import { readDate } from './dates.ts';
import { detailOf } from './faults.ts';

/**
 * Form of requests (contract §4): one 400 that carries every fault, in the words clients in the field search for.
 * Schemas are compiled once, when first used; a good body costs the compiled check and nothing else.
 */

/** What a message names: the method, and the path as called without host or query. */
export interface Where {
  method: string;
  path: string;
}

/** `body`, `query.<name>`, `path.<name>`, `header.<name>` */
export type Place = 'body' | `query.${string}` | `path.${string}` | `header.${string}`;

/** Faults told about one request: enough for any honest one, and a bound on what a hostile one makes us write. */
const MAX_FAULTS = 100;

Settings.Set({ maxErrors: MAX_FAULTS });
setFormat('date-time', (text) => readDate(text) !== undefined);
setFormat('uuid', (text) => fromUuid(text) !== undefined);

const compiled = new WeakMap<TSchema, Validator>();

/** The compiled form of a schema; call it at module load for the hot ones. */
export function compile(schema: TSchema): Validator {
  let validator = compiled.get(schema);
  if (validator === undefined) {
    validator = Compile(schema);
    compiled.set(schema, validator);
  }
  return validator;
}

export const faultText = (where: Where, place: Place, detail: string): string =>
  `Bad Request : Validation failed.\n[ERROR][REQUEST][${where.method} ${where.path} @${place}] ${detail}`;

/** The 400 of a single fault found outside a schema. */
export const formError = (where: Where, place: Place, ...details: string[]) =>
  badRequests(details.map((detail) => faultText(where, place, detail)));

/** The value an error of TypeBox speaks of, by its JSON pointer (RFC 6901). */
function at(value: unknown, pointer: string): unknown {
  let found = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = (found as Record<string, unknown> | null | undefined)?.[name];
  }
  return found;
}

/** Texts of all faults of a value that failed its check. */
export function faultsOf(schema: TSchema, value: unknown, where: Where, place: Place): string[] {
  if (value === undefined) return [faultText(where, place, 'A request body is required but none found.')];
  const texts: string[] = [];
  for (const error of compile(schema).Errors(value)) {
    const detail = detailOf(error, at(value, error.instancePath));
    if (detail === undefined) continue;
    const path = error.instancePath === '' ? '' : `[Path '${error.instancePath}'] `;
    texts.push(faultText(where, place, path + detail));
  }
  return texts;
}

/**
 * The value itself, once it has the schema's form; unknown members stay where they are, and nobody reads them.
 * @throws ApiError 400 with all faults
 */
export function validate<S extends TSchema>(schema: S, value: unknown, where: Where, place: Place = 'body'): Static<S> {
  if (value !== undefined && compile(schema).Check(value)) return value as Static<S>;
  throw badRequests(faultsOf(schema, value, where, place));
}
