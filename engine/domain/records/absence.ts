import type { Id } from '../ids.ts';

/** An agent away from one of its organisations: a colleague has its cases meanwhile (decision 032). */
export interface Absence {
  /** ms, the first moment */
  from: number;
  /** ms, the first moment after */
  to: number;
  /** who has its cases */
  substitute: Id;
  /** who said so */
  by: Id;
}

/** Longest absence, ms: a year's leave, with a day more. */
export const LONGEST_ABSENCE_MS = 367 * 86_400_000;

export const isAway = (absence: Absence | null, now: number): absence is Absence =>
  absence !== null && absence.from <= now && now < absence.to;
