import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './http.ts';

/** Tries of one call before its last answer or error is taken for final: with the waits below, some minutes. */
const tries = 30;

/** Wait after a 503 or 429 that names none, and after a broken connection. Milliseconds. */
const usualWaitMs = 500;

/** A server that asks for more is asked again sooner: the demo's user is waiting. Milliseconds. */
const longestWaitMs = 15_000;

export interface Waiting {
  signal?: AbortSignal;
  /** Replaced by tests. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** Told of each wait. */
  onWait?: (why: string, ms: number) => void;
}

/**
 * Makes a call again while the server says 503 or 429, waiting what its Retry-After says (RFC 9110, 10.2.3), or while the
 * connection breaks. Other answers are returned as they are; the last error is thrown. An abort throws its reason.
 */
export async function patiently(call: () => Promise<Answer>, waiting: Waiting = {}): Promise<Answer> {
  const { signal, onWait } = waiting;
  const pause = waiting.sleep ?? ((ms, abort) => sleep(ms, undefined, abort ? { signal: abort } : {}));
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    let wait = usualWaitMs;
    let why: string;
    try {
      const answer = await call();
      if ((answer.status !== 503 && answer.status !== 429) || attempt === tries) return answer;
      wait = retryAfterMs(answer.headers['retry-after'], Date.now()) ?? usualWaitMs;
      why = String(answer.status);
    } catch (error) {
      if (attempt === tries || !isConnectionError(error)) throw error;
      why = error.code;
    }
    wait = Math.min(wait, longestWaitMs);
    onWait?.(why, wait);
    await pause(wait, signal);
  }
}

/** Milliseconds asked by a Retry-After header: seconds or an HTTP date; undefined when absent or unreadable. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const connectionErrors = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED']);

function isConnectionError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && connectionErrors.has(String(error.code));
}
