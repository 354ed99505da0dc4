import type { HoldTerms } from '../commands/contents.ts';
import type { Id } from '../ids.ts';
import type { DoorWord } from './door.ts';

/** Cases of one folder of many recipients, created in this partition and not yet shown: shown all at once. */
export interface StagedState {
  cases: Id[];
  /** e-mail address of each, in the same order; null: none */
  mails: (string | null)[];
  /** a native deposit's: word on each one's recipient, in the same order */
  holding: { terms: HoldTerms; doors: DoorWord[] } | null;
}
