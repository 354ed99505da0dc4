import type { Id } from '../ids.ts';
import type { Trace } from '../trace.ts';
import type { CaseStatus } from './case.ts';

/** What an entry of a feed tells; each is a type of CloudEvents (api/answers/cloudevent.ts). */
export const FEED_TYPES = {
  /** a case was deposited for this organisation */
  deposited: 'd',
  /** the other side sent an event: a message, a status */
  event: 'e',
  /** … with files, which can be fetched from now on */
  files: 'f',
  /** the other side changed the status of the case */
  status: 's',
  /** the other side acknowledged an event */
  acknowledged: 'a',
  /** the recipient has no active subscription: the case waits for it (to its sender) */
  held: 'h',
  /** the time a case is held ends soon (to its sender) */
  deadline: 't',
  /** a held case was delivered (to its sender) */
  released: 'r',
  /** a held case was delivered to the fallback of its démarche (to its sender) */
  redirected: 'p',
  /** a held case comes back, undelivered (to its sender) */
  returned: 'b',
} as const;
export type FeedType = keyof typeof FEED_TYPES;

/**
 * One line of an organisation's feed: references only, the case and the event are read where they are. Its sequence is
 * that of the organisation's mailbox: a notification of the contract and its entry here bear the same.
 */
export interface FeedEntry {
  sequence: number;
  /** Redis time of the turn that wrote it, ms */
  ms: number;
  type: FeedType;
  /** box of the démarche, which the recipient's record names */
  box: number;
  case: Id;
  event: Id | null;
  /** status the case took, when that is what happened */
  status: CaseStatus | null;
  /** of the request it comes from, where that bore one */
  trace?: Trace;
}

/** What a mailbox knows of its feed. The list holds the sequences from `kept` on, without a hole. */
export interface FeedState {
  /** lowest sequence still in the list; one above the last when it is empty */
  kept: number;
  /** when the last entry was written, ms */
  at: number;
  /** some moments of the feed's life, oldest first: what came before the second one is older than that */
  marks: (readonly [ms: number, sequence: number])[];
}

/** A reader of the feed by name, and how far it has acknowledged. */
export interface ConsumersState {
  consumers: Record<string, Cursor>;
}

export interface Cursor {
  /** last sequence acknowledged; 0: none */
  acknowledged: number;
  /** when, ms */
  at: number;
  /** API process that pushes to this reader (engine/client/holders.ts); absent: none */
  holder?: string;
}

/** A name every object has is no consumer's. */
export const cursorOf = (state: ConsumersState | undefined, name: string): Cursor | undefined =>
  state !== undefined && Object.hasOwn(state.consumers, name) ? state.consumers[name] : undefined;
