import type { OrgKey } from '#engine/domain/organization.ts';
import type { Sort } from './tables.ts';
import { wordsIn } from './terms.ts';

/** What one organisation's reader may see of it. */
export interface Reach {
  org: OrgKey;
  /** null: all démarches */
  processes: readonly string[] | null;
  /** whose cases the assignee that is asked for has too, while they are away; absent: nobody's */
  absent?: readonly string[];
}

/** What a list is asked for: passes to the index's thread as it is. */
export interface Question {
  reaches: readonly Reach[];
  /** places in CASE_STATUSES; null: all */
  statuses: readonly number[] | null;
  /** on the recipient's desk, or done with; null: both */
  open: boolean | null;
  /** received from this moment on, and before that one, ms */
  from: number | null;
  to: number | null;
  /** its deadline lies before, ms */
  overdue: number | null;
  /** its deadline lies at this moment or after, ms */
  soon: number | null;
  unread: boolean;
  /** who treats it; '': nobody; null: whoever it is */
  assignee: string | null;
  /** each begins a word of the number, the name or a file */
  words: readonly string[];
  sort: Sort;
  descending: boolean;
}

/** A place in an order. */
export interface Mark {
  key: string | number;
  id: string;
}

/** Longest search, words: each costs a look of its own. */
const MOST_WORDS = 8;

/** Words of a search, as the index takes texts apart. */
export const wordsOf = (text: string): string[] => wordsIn(text).slice(0, MOST_WORDS);
