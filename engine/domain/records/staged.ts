import type { Id } from '../ids.ts';

/** Cases of one folder of many recipients, created in this partition and not yet shown: shown all at once. */
export interface StagedState {
  cases: Id[];
  /** e-mail address of each, in the same order; null: none */
  mails: (string | null)[];
}
