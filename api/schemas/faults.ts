import type { TLocalizedValidationError } from 'typebox/error';

/**
 * The sentences of contract §4 for faults of form. Four are fixed by the contract; the others follow the style of
 * the same gateway, and are free.
 */

/** Longest piece of a request's own text repeated in an answer, characters: an error is not an echo. */
const MAX_ECHO = 120;

export const echo = (text: string): string => (text.length <= MAX_ECHO ? text : `${text.slice(0, MAX_ECHO)}…`);

export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** `number` admits integers, and the gateway says so. */
const allowedNames = (types: readonly string[]): string[] =>
  [...new Set(types.flatMap((type) => (type === 'number' ? ['integer', 'number'] : [type])))].sort();

export const missing = (names: readonly string[]): string =>
  `Object has missing required properties (${JSON.stringify([...names].sort())})`;

export const wrongType = (value: unknown, types: readonly string[]): string =>
  `Instance type (${typeName(value)}) does not match any allowed primitive type (allowed: ${JSON.stringify(allowedNames(types))})`;

export const notUuid = (text: string): string => `Input string "${echo(text)}" is not a valid UUID`;

/** Characters, not UTF-16 units; without an array of them, for the text may be as long as a body. */
function lengthOf(text: string): number {
  let length = text.length;
  for (let i = 1; i < text.length; i += 1) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) length -= 1;
  }
  return length;
}

export const tooLong = (text: string, limit: number): string =>
  `String "${echo(text)}" is too long (length: ${lengthOf(text)}, maximum allowed: ${limit})`;

export const notListed = (value: unknown, values: readonly unknown[]): string =>
  `Instance value (${echo(JSON.stringify(value))}) not found in enum (possible values: ${JSON.stringify(values)})`;

export const noMatch = (text: string, pattern: string): string =>
  `ECMA 262 regex ${JSON.stringify(pattern)} does not match input string ${echo(JSON.stringify(text))}`;

export const tooLow = (value: unknown, limit: number | bigint): string =>
  `Numeric instance is lower than the required minimum (minimum: ${limit}, found: ${value})`;

export const tooHigh = (value: unknown, limit: number | bigint): string =>
  `Numeric instance is greater than the required maximum (maximum: ${limit}, found: ${value})`;

export const unexpectedQuery = (name: string, path: string): string =>
  `Query parameter '${echo(name)}' is unexpected on path "${path}"`;

function formatDetail(format: string, text: string): string {
  if (format === 'uuid') return notUuid(text);
  if (format === 'date-time')
    return `String "${echo(text)}" is invalid against requested date format(s) RFC 3339 date-time`;
  return `String "${echo(text)}" is not a valid ${format}`;
}

/** The detail of one fault TypeBox found; undefined for the branches of a choice, which its own fault sums up. */
export function detailOf(error: TLocalizedValidationError, value: unknown): string | undefined {
  if (error.schemaPath.includes('/anyOf/')) return undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  switch (error.keyword) {
    case 'required':
      return missing(error.params.requiredProperties);
    case 'type':
      return wrongType(value, [error.params.type].flat());
    case 'enum':
      return notListed(value, error.params.allowedValues);
    case 'const':
      return notListed(value, [error.params.allowedValue]);
    case 'pattern':
      return noMatch(text, String(error.params.pattern));
    case 'format':
      return formatDetail(error.params.format, text);
    case 'maxLength':
      return tooLong(text, error.params.limit);
    case 'minLength':
      return `String "${echo(text)}" is too short (length: ${lengthOf(text)}, required minimum: ${error.params.limit})`;
    case 'minItems':
      return `Array is too short: must have at least ${error.params.limit} elements but instance has ${(value as unknown[]).length} elements`;
    case 'maxItems':
      return `Array is too long: must have at most ${error.params.limit} elements but instance has ${(value as unknown[]).length} elements`;
    case 'minimum':
      return tooLow(value, error.params.limit);
    case 'maximum':
      return tooHigh(value, error.params.limit);
    case 'anyOf':
      return 'Instance failed to match at least one of the schemas it may follow';
    default:
      return `Instance ${error.message}`;
  }
}
