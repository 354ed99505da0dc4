/** Limits of a turn and of a partition's life, each with its reason. */

/** Entries of one turn: the function stays under about 2 ms of Redis' time. */
export const TURN_ENTRIES = 256;
/** Bytes of one turn's entries, same reason; a larger single entry still goes, alone. */
export const TURN_BYTES = 512 * 1024;
/** Time others wait before they may take a silent owner's partitions, ms (pause after kill -9). */
export const LEASE_MS = 10_000;
/** An idle partition looks anyway after this time, ms: a lost wake-up costs this much. */
export const IDLE_LOOK_MS = 500;
/** Takes of the same entries before they are handed out one by one: one of them may kill its owner. */
export const TRIES_BEFORE_ALONE = 3;
/** Takes of a lone entry before it becomes a dead letter without being decided. */
export const TRIES_BEFORE_DEAD = 5;
/** Rounds of loading one message may ask for: a decider that never has enough is a fault. */
export const LOAD_ROUNDS = 16;
/** A decision longer than this is worth a warning, ms. */
export const SLOW_DECISION_MS = 20;
/** Parked deliveries replayed in one turn. */
export const PARKED_PER_TURN = 128;
