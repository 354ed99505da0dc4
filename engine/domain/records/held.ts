import type { PurgeSettings } from '../commands/contents.ts';
import type { OrgKey } from '../organization.ts';
import type { DoorWord } from './door.ts';

/** Where a held case goes when its time is over and the organisation still has no active subscription. */
export interface Fallback {
  org: OrgKey;
  /** what the referential said of its subscription at the deposit */
  door: DoorWord;
  /** address to tell (contract §10), null: none */
  mail: string | null;
}

/** A case that waits in a mailbox, in its partition: as long as this record is there, nobody else decides of the case. */
export interface HeldState {
  org: OrgKey;
  process: string;
  sender: OrgKey;
  /** its place in the queue of the box: the order of release */
  place: number;
  /** ms */
  since: number;
  /** ms: then it goes to the fallback or back to its sender */
  due: number;
  fallback: Fallback | null;
  /** its sender was told that the end is near: it is told once, wherever the case waits, whatever the clock says there */
  told?: true;
}

/** What became of a case that was not delivered; a released case bears nothing of it any more. */
export const HOLDINGS = ['held', 'returned', 'withdrawn'] as const;

/** The same as the case's own record knows it, wherever its home is. */
export interface CaseHolding {
  state: (typeof HOLDINGS)[number];
  /** ms */
  since: number;
  /** when it ends, or ended, ms */
  until: number;
  /** settings of the démarche at the deposit: the release needs them */
  purge: PurgeSettings;
}
