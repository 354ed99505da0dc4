import { DomainError } from '#engine/domain/errors.ts';
import { HttpError, RETRY_AFTER_S } from './errors.ts';
import { LIMITS } from './limits.ts';
import { Problem, type ProblemCode, problemBody, type Told } from './problems.ts';
import type { ErrorForm, Reply, Request } from './types.ts';

/** Refusals in the form of the native API, whatever part of the hub they come from. */

export const PROBLEM_TYPE = 'application/problem+json';
const RETRY = { 'Retry-After': String(RETRY_AFTER_S) } as const;
const RETRIED: ReadonlySet<ProblemCode> = new Set([
  'too-many-requests',
  'busy',
  'idempotency-in-progress',
  'provider-unavailable',
  'access-unlogged',
]);

/** The codes of refusals that bear nothing but a status. */
const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'form-invalid',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'body-timeout',
  409: 'conflict',
  410: 'folder-gone',
  412: 'precondition-failed',
  413: 'too-large',
  414: 'uri-too-long',
  416: 'range-unsatisfiable',
  422: 'rules-not-met',
  429: 'too-many-requests',
  431: 'header-too-large',
  503: 'busy',
};
/** Contract §4: the code of a request without a token. */
const NO_TOKEN = 900902;

function codeOf({ status, code }: HttpError): ProblemCode {
  if (status === 401) return code === NO_TOKEN ? 'token-missing' : 'token-invalid';
  return BY_STATUS[status] ?? 'internal';
}

const MIB = 1024 * 1024;
const KIB = 1024;
const HEADER = / : header ([\w-]+)$/;

/** What the transport's refusals are about, where a problem says to look at its detail. */
function detailOf({ status, message }: HttpError): string | undefined {
  if (status === 413)
    return `Un corps, fichiers compris, a ${LIMITS.jsonBytes / MIB} Mio au plus ; un lot, autant de lignes que l’on veut.`;
  const header = status === 431 ? HEADER.exec(message)?.[1] : undefined;
  return header && `${header} : ${LIMITS.headerBytes / KIB} Kio au plus.`;
}

/** A thrown refusal as a problem; undefined when it is a fault, of which only the log may speak. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof HttpError) return new Problem(codeOf(error), detailOf(error));
  if (error instanceof DomainError) return new Problem(BY_STATUS[error.status] ?? 'internal');
  return undefined;
}

/** @param id the request's correlation id, also answered as `X-Request-Id` */
export function problemText(problem: Told, id: string, path?: string): string {
  return JSON.stringify({ ...problemBody(problem), ...(path && { instance: path }), correlationId: id });
}

function replyOf(problem: Problem, { id, path }: Request): Reply {
  const retry = RETRIED.has(problem.code) ? RETRY : undefined;
  const headers = problem.headers || retry ? { ...retry, ...problem.headers } : undefined;
  const text = problemText(problem, id, path);
  return { status: problem.status, text, type: PROBLEM_TYPE, ...(headers && { headers }) };
}

export const PROBLEM_FORM: ErrorForm = {
  refusal(error, request) {
    const problem = problemOf(error);
    return problem && replyOf(problem, request);
  },
  fault: (request) => replyOf(new Problem('internal'), request),
};
