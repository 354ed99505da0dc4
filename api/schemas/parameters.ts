import { formError } from '#api/server/errors.ts';
import type { Request } from '#api/server/types.ts';
import { fromUuid, type Id } from '#engine/domain/ids.ts';
import { noMatch, notListed, notUuid, tooLong, tooLow, unexpectedQuery, wrongType } from './faults.ts';

/** Typed readers of path and query parameters: a wrong one is a 400 in the words of contract §4. */

const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** Id of a path parameter; 400 when it is no UUID (contract §2). */
export function pathId(request: Request, name: string): Id {
  const text = request.param(name);
  const id = fromUuid(text);
  if (id === undefined) throw formError(request, `path.${name}`, notUuid(text));
  return id;
}

/** Text of a path parameter that follows a pattern, else 400. */
export function pathText(request: Request, name: string, pattern: RegExp): string {
  const text = request.param(name);
  if (!pattern.test(text)) throw formError(request, `path.${name}`, noMatch(text, pattern.source));
  return text;
}

export interface NumberRule {
  fallback: number;
  minimum: number;
  /** whole numbers only */
  integer?: boolean;
}

/** Number of a query parameter. Not a number, or below the minimum: 400; however high, it is taken (contract §6). */
export function queryNumber(request: Request, name: string, rule: NumberRule): number {
  const text = request.query.one(name);
  if (text === undefined || text === '') return rule.fallback;
  const value = NUMBER.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : Number.NaN;
  if (Number.isNaN(value) || (rule.integer === true && !Number.isInteger(value))) {
    const types = rule.integer === true ? ['integer'] : ['number'];
    throw formError(request, `query.${name}`, wrongType(Number.isNaN(value) ? text : value, types));
  }
  if (value < rule.minimum) throw formError(request, `query.${name}`, tooLow(value, rule.minimum));
  return value;
}

/** Text of a query parameter, undefined when absent or empty; longer than `max`: 400. */
export function queryText(request: Request, name: string, max: number): string | undefined {
  const text = request.query.one(name);
  if (text === undefined || text === '') return undefined;
  if (text.length > max) throw formError(request, `query.${name}`, tooLong(text, max));
  return text;
}

/** Id of a query parameter, undefined when absent or empty; 400 when it is no UUID. */
export function queryId(request: Request, name: string): Id | undefined {
  const text = request.query.one(name);
  if (text === undefined || text === '') return undefined;
  const id = fromUuid(text);
  if (id === undefined) throw formError(request, `query.${name}`, notUuid(text));
  return id;
}

/** Text of a query parameter that is one of a list, else 400. */
export function queryOneOf<T extends string>(request: Request, name: string, values: readonly T[]): T | undefined {
  const text = request.query.one(name);
  if (text === undefined || text === '') return undefined;
  if (!values.includes(text as T)) throw formError(request, `query.${name}`, notListed(text, values));
  return text as T;
}

/** 400 for any query parameter not named; `path` is as the message shows it, like `/subscriptions`. */
export function onlyQuery(request: Request, names: readonly string[], path: string): void {
  for (const name of request.query.names()) {
    if (!names.includes(name)) throw formError(request, `query.${name}`, unexpectedQuery(name, path));
  }
}
