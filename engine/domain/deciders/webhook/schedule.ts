import type { Failing } from '../../records/webhook.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Delays after each failure, ms, the last one again and again. Dense first, for a restart or a short cut; then wide, so
 * that a receiver that is down for days is not called a thousand times.
 */
export const DELAYS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  6 * HOUR,
] as const;
/** A webhook whose calls fail for as long is paused: a weekend is not enough to lose one. */
export const GIVE_UP_MS = 72 * HOUR;
/** Each delay is up to this part of itself shorter or longer: those that failed together do not come back together. */
export const JITTER = 0.2;
/** What a receiver may ask us to wait at most. */
export const MAX_RETRY_AFTER_MS = 24 * HOUR;

/**
 * After one more failure. Null: given up.
 * @param jitter 0 ≤ jitter < 1
 * @param retryAfterMs the receiver's wish
 */
export function failedAgain(
  before: Failing | null,
  now: number,
  jitter: number,
  retryAfterMs: number | null,
): Failing | null {
  const since = before?.since ?? now;
  if (now - since >= GIVE_UP_MS) return null;
  const failures = (before?.failures ?? 0) + 1;
  const delay = DELAYS[Math.min(failures, DELAYS.length) - 1] as number;
  const jittered = delay * (1 - JITTER + 2 * JITTER * jitter);
  const wanted = Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  return { since, failures, next: Math.round(now + Math.max(jittered, wanted)) };
}
