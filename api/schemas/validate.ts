import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { IsEmail, Set as setFormat } from 'typebox/format';
import { Settings } from 'typebox/system';
import { formError, type Place } from '#api/server/errors.ts';
import type { Request } from '#api/server/types.ts';
import { fromUuid } from '#engine/domain/ids.ts';
import { readDate } from './dates.ts';
import { detailOf } from './faults.ts';
import { EMAIL_LENGTH } from './fields.ts';

/**
 * Form of requests (contract §4): one 400 that carries every fault, in the words clients in the field search for.
 * Schemas are compiled once, when first used; a good body costs the compiled check and nothing else.
 */

/** What a message names: the method as called, and the path without host or query. */
export type Where = Pick<Request, 'calledMethod' | 'path'>;

/** Faults told about one request: enough for any honest one, and a bound on what a hostile one makes us write. */
const MAX_FAULTS = 100;

Settings.Set({ maxErrors: MAX_FAULTS });
// a body may hold a text of megabytes: what is too long is not even looked at
setFormat('email', (text) => text.length <= EMAIL_LENGTH && IsEmail(text));
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

/** The value an error of TypeBox speaks of, by its JSON pointer (RFC 6901). */
function at(value: unknown, pointer: string): unknown {
  let found = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = (found as Record<string, unknown> | null | undefined)?.[name];
  }
  return found;
}

/** Members and items of a body whose faults are looked for: a folder of 5,000 cases and 100,000 links has 150,000. */
const MAX_NODES = 250_000;

/** Whether a value has more members and items than that. Telling the faults of millions would take seconds. */
function isVast(value: unknown): boolean {
  const waiting: unknown[] = [value];
  let count = 0;
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inner = Array.isArray(next) ? next : Object.values(next);
    count += inner.length;
    if (count > MAX_NODES) return true;
    for (const one of inner) waiting.push(one);
  }
  return false;
}

/** Details of all faults of a value that failed its check. */
export function faultsOf(schema: TSchema, value: unknown): string[] {
  if (value === undefined) return ['A request body is required but none found.'];
  if (isVast(value)) return [`Instance has more than ${MAX_NODES} members and items, and is not of the form expected`];
  const details: string[] = [];
  let mistyped: string | undefined;
  for (const error of compile(schema).Errors(value)) {
    // a value of another type is in no list either: one fault says it
    if (error.keyword === 'type') mistyped = error.instancePath;
    if (error.keyword === 'enum' && error.instancePath === mistyped) continue;
    const detail = detailOf(error, at(value, error.instancePath));
    if (detail === undefined) continue;
    details.push(error.instancePath === '' ? detail : `[Path '${error.instancePath}'] ${detail}`);
  }
  return details;
}

/**
 * The value itself, once it has the schema's form; unknown members stay where they are, and nobody reads them.
 * @throws HttpError 400 with all faults, one line each
 */
export function validate<S extends TSchema>(schema: S, value: unknown, where: Where, place: Place = 'body'): Static<S> {
  if (value !== undefined && compile(schema).Check(value)) return value as Static<S>;
  throw formError(where, place, ...faultsOf(schema, value));
}
