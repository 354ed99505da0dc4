/**
 * Whole numbers of 64 bits, which JSON can write and a double cannot hold: beyond 2^53 they are kept as their digits,
 * and written as they came.
 */
export type Int64 = number | string;

const DIGITS = /^-?(?:0|[1-9]\d*)$/;
const LOWEST = -(2n ** 63n);
const HIGHEST = 2n ** 63n - 1n;

/** What a parser of JSON text tells of a number beside its value; the library's types do not know it yet. */
type Reviver = (this: object, key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * A member of the object a text holds, exactly; undefined when it is no whole number of 64 bits, written without
 * fraction or exponent.
 */
export function exactInteger(text: string, member: string): Int64 | undefined {
  const sources = new Map<object, string>();
  const note: Reviver = function note(key, value, { source }) {
    if (key === member && source !== undefined) sources.set(this, source);
    return value;
  };
  const root = JSON.parse(text, note as never) as object;
  const source = sources.get(root);
  if (source === undefined || !DIGITS.test(source)) return undefined;
  const exact = BigInt(source);
  if (exact < LOWEST || exact > HIGHEST) return undefined;
  return Number.isSafeInteger(Number(source)) ? Number(source) : source;
}

/** The number, or for `JSON.stringify` the digits as a number. */
export const int64Answer = (value: Int64): number =>
  typeof value === 'number' ? value : (JSON as unknown as { rawJSON(text: string): number }).rawJSON(value);
