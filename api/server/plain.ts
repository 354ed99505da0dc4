import type { HttpResponse } from 'uWebSockets.js';
import { STATUS_CODES } from 'node:http';
import { DEFENCES, INERT } from './defences.ts';
import { envelope } from './errors.ts';
import { PROBLEM_TYPE, problemText } from './problem.ts';
import type { ProblemCode } from './problems.ts';

/** Answers given before there is an exchange: no route, or no room. Each with the JSON body clients parse (contract §2). */
export interface Plain {
  status: number;
  /** contract §4 */
  text: string;
  /** what the native API says instead */
  code: ProblemCode;
  headers: Readonly<Record<string, string>>;
}

const NONE = {} as const;

export const plain = (
  status: number,
  code: ProblemCode,
  message: string,
  headers: Readonly<Record<string, string>> = NONE,
): Plain => ({
  status,
  text: envelope(status, message),
  code,
  headers,
});

/** What is known of a request that has no exchange. */
export interface Called {
  id: string;
  /** in lower case, as uWebSockets gives it */
  method: string;
  /** it is for `/relais/…`, whose errors are problems */
  native: boolean;
}

/**
 * Writes it within the uWebSockets handler. HEAD: the same without the body (RFC 9110 §9.3.2), and without its length:
 * given one, uWebSockets waits for the body and ends the process when the handler returns.
 */
export function sendPlain(res: HttpResponse, answer: Plain, { id, method, native }: Called, close = false): void {
  res.writeStatus(`${answer.status} ${STATUS_CODES[answer.status]}`);
  res.writeHeader('Content-Type', native ? PROBLEM_TYPE : 'application/json');
  res.writeHeader('X-Request-Id', id);
  for (const [name, value] of DEFENCES) res.writeHeader(name, value);
  for (const [name, value] of INERT) res.writeHeader(name, value);
  for (const name in answer.headers) res.writeHeader(name, answer.headers[name] as string);
  if (method === 'head' && !close) res.endWithoutBody();
  else
    res.end(native ? problemText({ code: answer.code, detail: undefined, errors: undefined }, id) : answer.text, close);
}
