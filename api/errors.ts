import { DomainError } from '#engine/domain/errors.ts';

/** One entry of the envelope of contract §4. `code` is the HTTP status, except the two token codes. */
export interface ErrorEntry {
  code: number;
  message: string;
}

/** Seconds a client waits after a 503 or a 429: a turn and its deliveries take well under one. */
export const RETRY_AFTER_SECONDS = 1;

/** Contract §4: the gateway's own codes for tokens. */
const INVALID_TOKEN: ErrorEntry = {
  code: 900901,
  message: 'Invalid Credentials : Invalid Credentials. Make sure you have given the correct access token',
};
const MISSING_TOKEN: ErrorEntry = {
  code: 900902,
  message:
    "Missing Credentials : Invalid Credentials. Make sure your API invocation call has a header: 'Authorization : Bearer ACCESS_TOKEN'",
};

/** A refusal with its answer: thrown by any handler, turned into the envelope by `answerOf`. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly ErrorEntry[];
  constructor(status: number, errors: readonly ErrorEntry[]) {
    super(errors[0]?.message ?? `status ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.errors = errors;
  }
}

const single = (status: number, message: string) => new ApiError(status, [{ code: status, message }]);

export const badRequest = (message: string) => single(400, message);
/** All faults of one request, one entry each (contract §4). */
export const badRequests = (messages: readonly string[]) =>
  new ApiError(
    400,
    messages.map((message) => ({ code: 400, message })),
  );
export const invalidToken = () => new ApiError(401, [INVALID_TOKEN]);
export const missingToken = () => new ApiError(401, [MISSING_TOKEN]);
export const forbidden = () => single(403, 'Unauthorized user');
export const notFound = (message: string) => single(404, message);
export const methodNotAllowed = () => single(405, 'Method not allowed');
export const tooLarge = (message: string) => single(413, message);

export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  /** the envelope, as JSON text */
  body: string;
}

/** What a refused or an engine's negative answer becomes on the wire. */
export function envelope(status: number, errors: readonly ErrorEntry[]): ErrorAnswer {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (status === 503 || status === 429) headers['Retry-After'] = String(RETRY_AFTER_SECONDS);
  return { status, headers, body: JSON.stringify({ errors }) };
}

/** The answer to anything a handler threw. What is neither ApiError nor DomainError is a bug: 500, text kept inside. */
export function answerOf(error: unknown): ErrorAnswer {
  if (error instanceof ApiError) return envelope(error.status, error.errors);
  if (error instanceof DomainError) return envelope(error.status, [{ code: error.status, message: error.message }]);
  return envelope(500, [{ code: 500, message: 'Internal Server Error' }]);
}

/** True for errors that are answers; the others are logged as bugs by the transport. */
export const isRefusal = (error: unknown) => error instanceof ApiError || error instanceof DomainError;
