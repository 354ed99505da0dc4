import type { Static, TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { compile } from '#api/schemas/validate.ts';
import { HttpError } from '#api/server/errors.ts';
import { parseJson } from '#api/server/json.ts';
import { LIMITS } from '#api/server/limits.ts';
import { type FaultAt, Problem } from '#api/server/problems.ts';
import type { Request } from '#api/server/types.ts';

/** Faults of form, in French, each at its JSON Pointer. */

/** Faults told about one body: enough for any honest one, and a bound on what a hostile one makes us write. */
export const MAX_TOLD = 100;
/** Bytes of a body whose faults are looked for one by one: telling those of megabytes would take seconds. */
const TOLD_BYTES = 256 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  string: 'un texte',
  number: 'un nombre',
  integer: 'un nombre entier',
  boolean: 'un booléen',
  object: 'un objet',
  array: 'une liste',
  null: 'null',
};
const FORMATS: Readonly<Record<string, string>> = {
  uuid: 'un UUID',
  email: 'une adresse électronique',
  'date-time': 'une date et une heure, comme 2026-03-01T08:00:00Z (RFC 3339)',
};

const typesOf = (type: string | string[]): string =>
  [type]
    .flat()
    .map((one) => TYPES[one] ?? one)
    .join(' ou ');

/** What is wrong, without quoting the value; undefined for what another fault sums up. */
function detailOf(error: TLocalizedValidationError): string | undefined {
  if (error.schemaPath.includes('/anyOf/')) return undefined;
  switch (error.keyword) {
    case 'required':
      return `manque : ${[...error.params.requiredProperties].sort().join(', ')}`;
    case 'type':
      return `doit être ${typesOf(error.params.type)}`;
    case 'enum':
      return `doit être l’une des valeurs ${error.params.allowedValues.map(String).join(', ')}`;
    case 'pattern':
      return `doit suivre le motif ${error.params.pattern}`;
    case 'format':
      return `doit être ${FORMATS[error.params.format] ?? error.params.format}`;
    case 'maxLength':
      return `${error.params.limit} caractères au plus`;
    case 'minLength':
      return `${error.params.limit} caractères au moins`;
    case 'minItems':
      return `${error.params.limit} éléments au moins`;
    case 'maxItems':
      return `${error.params.limit} éléments au plus`;
    case 'minimum':
      return `${error.params.limit} au moins`;
    case 'maximum':
      return `${error.params.limit} au plus`;
    default:
      return 'n’a pas la forme attendue';
  }
}

function faultsOf(schema: TSchema, value: unknown): FaultAt[] {
  const faults: FaultAt[] = [];
  for (const error of compile(schema).Errors(value)) {
    const detail = detailOf(error);
    if (detail !== undefined) faults.push({ pointer: error.instancePath, detail });
    if (faults.length >= MAX_TOLD) break;
  }
  return faults;
}

/** The value itself, once it has the schema's form. @param bytes it was read from @throws Problem form-invalid */
export function formed<S extends TSchema>(schema: S, value: unknown, bytes: number): Static<S> {
  if (compile(schema).Check(value)) return value as Static<S>;
  if (value === undefined) throw new Problem('form-invalid', 'Un corps en JSON est attendu.');
  if (bytes > TOLD_BYTES) throw new Problem('form-invalid', 'Le corps n’a pas la forme attendue.');
  throw new Problem('form-invalid', undefined, { errors: faultsOf(schema, value) });
}

const POSITION = /at position (\d+)/;

/** @throws Problem form-invalid */
export function readJson(request: Pick<Request, 'calledMethod' | 'path'>, text: string): unknown {
  try {
    return parseJson(request, text, LIMITS.jsonDepth);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const position = POSITION.exec(error.message)?.[1];
    const where = position === undefined ? '' : ` (position ${position})`;
    throw new Problem('form-invalid', `Le corps n’est pas du JSON acceptable${where}.`);
  }
}
