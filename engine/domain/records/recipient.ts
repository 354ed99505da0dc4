import type { CommandOf } from '../commands.ts';
import type { ReplyTo } from '../message.ts';
import type { OrgKey } from '../organization.ts';
import type { Doors } from './door.ts';
import type { FeedState } from './feed.ts';
import type { Migrations } from './migrations.ts';

/** An organisation's mailbox: one ordered list (box) per démarche, one sequence over all of them. */
export interface RecipientState {
  org: OrgKey;
  /** last sequence given, dense from 1 */
  sequence: number;
  /** démarche → box number, unique in the partition; read it with `boxOf` */
  boxes: Record<string, number>;
  /** a migration that waits for its target's word, or for cases of other partitions to take their new recipient; null: none */
  moving: MovingState | null;
  /** null: none yet, or written before feeds existed */
  feed: FeedState | null;
  /** whether the subscription of each box is Actif, and what is held there: read it with `doorOf` */
  doors: Doors;
  /** its migrations, oldest first; absent: none */
  forwardings?: Forwarding[];
  /** which are under way; absent: none */
  migrations?: Migrations;
}

/** Cases of this organisation whose deposit was not complete at that moment are for another one since. */
export interface Forwarding {
  /** null: all démarches */
  process: string | null;
  target: OrgKey;
  /** ms */
  at: number;
}

export interface MovingState {
  /** `case.recipient` sent and not yet confirmed by `mailbox.moved` */
  awaited: number;
  /** migrations that go on when the last one is confirmed, or the target's word has come */
  waiting: { command: CommandOf<'mailbox.migrate'>; replyTo: ReplyTo | null }[];
}

/** A démarche's code may be a name every object has: only own properties count. */
export const boxOf = (recipient: RecipientState, process: string): number | undefined =>
  Object.hasOwn(recipient.boxes, process) ? recipient.boxes[process] : undefined;
