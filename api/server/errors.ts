import type { Answer } from '#engine/domain/decision.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { ErrorForm, Reply, Request } from './types.ts';

/** Seconds a refused client is asked to wait: about what a burst takes to be worked off. */
export const RETRY_AFTER_S = 1;

const RETRY_HEADERS = { 'Retry-After': String(RETRY_AFTER_S) } as const;
const RETRY: ReadonlySet<number> = new Set([429, 503]);

/** A refusal of the API itself. `code` is what the envelope says, the HTTP status unless given (contract §4). */
export class HttpError extends Error {
  readonly status: number;
  readonly code: number;
  readonly headers: Readonly<Record<string, string>> | undefined;
  constructor(status: number, message: string, code = status, headers?: Readonly<Record<string, string>>) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.headers = headers ?? (RETRY.has(status) ? RETRY_HEADERS : undefined);
  }
}

/** The one shape of every error body (contract §4). */
export const envelope = (code: number, message: string): string =>
  `{"errors":[{"code":${code},"message":${JSON.stringify(message)}}]}`;

/** Where a form error lies. */
export type Place = 'body' | `query.${string}` | `path.${string}` | `header.${string}`;

/** A form error in the words of the contract §4: the faults of one place, one line each. */
export function formError(
  request: Pick<Request, 'calledMethod' | 'path'>,
  place: Place,
  ...details: readonly string[]
): HttpError {
  const where = `[ERROR][REQUEST][${request.calledMethod} ${request.path} @${place}]`;
  const lines = details.map((detail) => `${where} ${detail}`);
  return new HttpError(400, `Bad Request : Validation failed.\n${lines.join('\n')}`);
}

/** No room for this request now; `what` names what is full. */
export const overloaded = (what: string): HttpError =>
  new HttpError(503, `The hub is busy (${what}): repeat the request after the delay given in Retry-After`);

/** The refusal a partition answered, to be thrown by the handler that asked. */
export function refused(answer: Answer): HttpError {
  const body = answer.body as { message?: string } | undefined;
  return new HttpError(answer.status, body?.message ?? 'Refused');
}

/** The answer to a refusal; undefined when the error is a fault, of which only the log may speak. */
export function refusal(error: unknown): Reply | undefined {
  if (error instanceof HttpError) {
    const { status, code, message, headers } = error;
    return headers ? { status, text: envelope(code, message), headers } : { status, text: envelope(code, message) };
  }
  if (error instanceof DomainError) {
    const { status, message } = error;
    const text = envelope(status, message);
    return RETRY.has(status) ? { status, text, headers: RETRY_HEADERS } : { status, text };
  }
  return undefined;
}

const FAULT: Reply = { status: 500, text: envelope(500, 'Internal Server Error') };

/** Contract §4. */
export const ENVELOPE_FORM: ErrorForm = { refusal, fault: () => FAULT };
