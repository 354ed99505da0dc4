/** Limits of a turn and of a partition's life, each with its reason. */

/** Times and tries of an engine; tests drive them faster. */
export interface Pace {
  /** Time others wait before they may take a silent owner's partitions, ms (pause after kill -9). */
  leaseMs: number;
  /** An idle partition looks anyway after this time, ms: a lost wake-up costs this much. */
  idleLookMs: number;
  /** How often timers and idle partitions are looked at, ms. */
  tickMs: number;
  /** How often the members' view and the plan are compared with what is held, ms. */
  reconcileMs: number;
  /** A member silent this long no longer counts; its leases run out by themselves. ms */
  silenceMs: number;
  /** A view of the members must hold this long before partitions are given away: no storm at a rolling restart. ms */
  settleMs: number;
  /** How often what destinations have heard is compared with what they acknowledged, ms. */
  compareMs: number;
  /** Before a failed job is tried again, ms; doubled each time. */
  jobRetryMs: number;
  /** Tries of a job before it becomes a dead letter: with doubling delays, about a day. */
  jobTries: number;
}

export const PACE: Pace = {
  leaseMs: 10_000,
  idleLookMs: 500,
  tickMs: 250,
  reconcileMs: 1_000,
  silenceMs: 10_000,
  settleMs: 5_000,
  compareMs: 10_000,
  jobRetryMs: 1_000,
  jobTries: 30,
};

/** Entries of one turn: the function stays under about 2 ms of Redis' time. */
export const TURN_ENTRIES = 256;
/** Bytes of one turn's entries, same reason; a larger single entry still goes, alone. */
export const TURN_BYTES = 512 * 1024;
/**
 * Records, lists and outgoing messages written by one turn, the last message's own excepted: same reason, and more
 * arguments than a call can bear would never be committed. What is left goes with the next turn.
 */
export const EFFECTS_PER_TURN = 4_096;
/** Takes of the same entries before they are handed out one by one: one of them may kill its owner. */
export const TRIES_BEFORE_ALONE = 3;
/** Takes of a lone entry before it becomes a dead letter without being decided. */
export const TRIES_BEFORE_DEAD = 5;
/** Rounds of loading one message may ask for: a decider that never has enough is a fault. */
export const LOAD_ROUNDS = 16;
/** Parked deliveries decided in one turn: more than one turn can add, so that they come to an end under any load. */
export const PARKED_PER_TURN = TURN_ENTRIES;

/** Requests of this process that wait for the next turn of a partition; more go by the mailbox, which has its limit. */
export const REQUESTS_WAITING = 4 * TURN_ENTRIES;
/** A Redis that refused requests for lack of memory is asked by the mailbox only, for as long, ms. */
export const FULL_MS = 1_000;
