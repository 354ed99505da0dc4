import type { Arrived } from '../domain/envelope.ts';

/**
 * What happens to a message whose decision throws (a fault of ours, not a refusal). Its neighbours never wait:
 * first its records are read again and it is decided alone, in place; then it becomes a dead letter. After a
 * delivery that failed, its actor is parked: what follows for it waits in order, everything else flows. After a
 * request that failed, its actor goes on: the caller was told 500 and nothing depends on it.
 */
export type Directive = 'retry' | 'dead' | 'park';

export function directive(failures: number, message: Arrived): Directive {
  if (failures === 1) return 'retry';
  return message.confirm || message.replyTo === undefined ? 'park' : 'dead';
}

/** Name of an error and the place it arose, without its text, which may quote a message. */
export function errorTrace(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const place = (error.stack ?? '').split('\n').find((line) => line.includes('    at ')) ?? '';
  return `${error.name} ${place.trim().replace(/\(?file:\/\/.*\/(?=[^/]+\/[^/]+$)/, '')}`.slice(0, 200);
}
