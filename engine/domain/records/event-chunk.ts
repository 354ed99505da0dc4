import type { EventState } from './event.ts';

/** Older events of a case, oldest first. */
export interface EventChunkState {
  events: EventState[];
}
