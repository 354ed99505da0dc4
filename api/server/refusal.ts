import { ApiError } from '#api/errors.ts';
import type { Answer } from '#engine/domain/decision.ts';

/** Refusals of the transport itself, and of the engine as the API passes them on. */

const single = (status: number, message: string) => new ApiError(status, [{ code: status, message }]);

/** No room for this request now. */
export const overloaded = (what: string) =>
  single(503, `The hub is busy (${what}): repeat the request after the delay given in Retry-After`);

export const bodyTimeout = (seconds: number) =>
  single(408, `Request Timeout : nothing of the request body came for ${seconds} s`);

export const headerTooLarge = (name: string, bytes: number) =>
  single(431, `Request Header Fields Too Large : header ${name} exceeds ${bytes} bytes`);

/** The refusal a partition answered, to be thrown by the handler that asked. */
export function refused(answer: Answer): ApiError {
  const body = answer.body as { message?: string } | undefined;
  return single(answer.status, body?.message ?? 'Refused');
}
