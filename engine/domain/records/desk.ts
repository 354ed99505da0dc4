import type { PurgeSettings } from '../commands/contents.ts';
import type { Id } from '../ids.ts';
import type { CaseState } from './case.ts';
import { CASE_STATUSES } from './case.ts';
import type { EventState } from './event.ts';

/** Who treats a case among its recipient's agents, and who said so. */
export interface Assignment {
  /** null: it was given back to all */
  agent: Id | null;
  /** who took, gave or released it */
  by: Id;
  /** ms */
  at: number;
}

/** A decision that has not left yet: it may still be undone. */
export interface Pending {
  /** what will be sent, in order; the first one's id is the decision's */
  events: EventState[];
  /** whose it is; null: a software's */
  agent: Id | null;
  /** when it leaves, ms */
  due: number;
  /** the case as it was then: it is sent on no other */
  version: string;
  purge: PurgeSettings;
}

/** Changes with each change of status, and with nothing else: what a decision is made on. */
export const versionOf = ({ status, updated }: Pick<CaseState, 'status' | 'updated'>): string =>
  `${CASE_STATUSES.indexOf(status)}.${(updated ?? 0).toString(36)}`;
