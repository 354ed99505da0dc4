import { fromUuid, type Id } from '#engine/domain/ids.ts';
import { notListed, notUuid, tooHigh, tooLong, tooLow, unexpectedQuery, wrongType } from './faults.ts';
import { formError, type Where } from './validate.ts';

/** What these helpers need of a request: satisfied by the transport's `Request`. */
export interface Asked extends Where {
  params: Readonly<Record<string, string>>;
  query: { get(name: string): string | null; getAll(name: string): string[]; keys(): Iterable<string> };
}

const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/** Id of a path parameter; 400 when it is no UUID (contract §2). */
export function pathId(request: Asked, name: string): Id {
  const text = request.params[name] ?? '';
  const id = fromUuid(text);
  if (id === undefined) throw formError(request, `path.${name}`, notUuid(text));
  return id;
}

/** Text of a path parameter that follows a pattern, else 400. */
export function pathText(request: Asked, name: string, pattern: RegExp): string {
  const text = request.params[name] ?? '';
  if (!pattern.test(text)) {
    throw formError(
      request,
      `path.${name}`,
      `ECMA 262 regex ${JSON.stringify(pattern.source)} does not match input string ${JSON.stringify(text)}`,
    );
  }
  return text;
}

export interface NumberRule {
  fallback: number;
  minimum: number;
  /** whole numbers only */
  integer?: boolean;
}

/** Number of a query parameter. Not a number, or below the minimum: 400; never too high (contract §6: clients send 100000). */
export function queryNumber(request: Asked, name: string, rule: NumberRule): number {
  const text = request.query.get(name);
  if (text === null || text === '') return rule.fallback;
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || (rule.integer === true && !Number.isInteger(value))) {
    const types = rule.integer === true ? ['integer'] : ['number'];
    throw formError(request, `query.${name}`, wrongType(Number.isNaN(value) ? text : value, types));
  }
  if (value < rule.minimum) throw formError(request, `query.${name}`, tooLow(value, rule.minimum));
  if (value > MAX_SAFE) throw formError(request, `query.${name}`, tooHigh(value, MAX_SAFE));
  return value;
}

/** Text of a query parameter, undefined when absent or empty; longer than `max`: 400. */
export function queryText(request: Asked, name: string, max: number): string | undefined {
  const text = request.query.get(name);
  if (text === null || text === '') return undefined;
  if (text.length > max) throw formError(request, `query.${name}`, tooLong(text, max));
  return text;
}

/** Text of a query parameter that is one of a list, else 400. */
export function queryOneOf<T extends string>(request: Asked, name: string, values: readonly T[]): T | undefined {
  const text = request.query.get(name);
  if (text === null || text === '') return undefined;
  if (!values.includes(text as T)) throw formError(request, `query.${name}`, notListed(text, values));
  return text as T;
}

/** Array of a query parameter: repeated, or one value with commas (contract §2). Empty when absent. */
export function queryList(request: Asked, name: string): string[] {
  return request.query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '');
}

/** 400 for any query parameter not named; `path` is the template as the message shows it, like `/subscriptions`. */
export function onlyQuery(request: Asked, names: readonly string[], path: string): void {
  for (const name of request.query.keys()) {
    if (!names.includes(name)) throw formError(request, `query.${name}`, unexpectedQuery(name, path));
  }
}
