import type { Decision } from '../../decision.ts';
import { type Id, toUuid } from '../../ids.ts';
import type { CaseState } from '../../records/case.ts';
import type { EventState } from '../../records/event.ts';
import { eventChunkName } from '../../records/names.ts';
import { missing } from '../../records/seal.ts';

/**
 * Events of a case: the newest in its record, the older ones in chunks, so that the record every status change
 * rewrites stays small. Lengths are counted in characters: a bound of size needs no more.
 */
export const EVENT_CHARS = 16 * 1024;
/** About a million characters of events: far beyond any exchange, short of what one case may cost the others. */
export const MAX_EVENT_CHUNKS = 64;
/** Chunks looked through at once. */
const CHUNKS_READ = 16;
/** What an event, or a file of it, takes beside its texts. */
const FIXED_CHARS = 140;

const length = (text: string | null): number => text?.length ?? 0;

function charsOf(event: EventState): number {
  let sum = FIXED_CHARS + length(event.message) + length(event.comment) + length(event.author);
  sum += length(event.partnerAttributes);
  for (const file of event.attachments) {
    sum += FIXED_CHARS + file.fileName.length + file.type.length + file.mimeType.length + length(file.blob);
  }
  return sum;
}

function fits(state: CaseState, event: EventState): boolean {
  const held = state.events.reduce((sum, one) => sum + charsOf(one), 0);
  return state.events.length === 0 || held + charsOf(event) <= EVENT_CHARS;
}

/** Whether `addEvent` would take it. */
export const hasRoom = (state: CaseState, event: EventState): boolean =>
  fits(state, event) || state.eventChunks < MAX_EVENT_CHUNKS;

/** Events of a chunk that the case counts. @throws CorruptRecord when it is not there */
function chunkEvents(decision: Decision, name: ReturnType<typeof eventChunkName>): EventState[] {
  const chunk = decision.get(name);
  if (chunk === undefined) throw missing(name);
  return chunk.events;
}

/** All older events of a case, a chunk after the other. @throws CorruptRecord when one is not there */
export function olderEvents(decision: Decision, id: Id, state: CaseState): EventState[][] {
  const names = Array.from({ length: state.eventChunks }, (_, chunk) => eventChunkName(id, chunk));
  if (names.length > 0) decision.need(names);
  return names.map((name) => chunkEvents(decision, name));
}

/** The case with one more event, its newest. @throws DomainError tooLarge */
export function addEvent(decision: Decision, id: Id, state: CaseState, event: EventState): CaseState {
  if (fits(state, event)) {
    return { ...state, events: [...state.events, event] };
  }
  if (state.eventChunks >= MAX_EVENT_CHUNKS) {
    decision.refuse('tooLarge', `Case ${toUuid(id)} holds as many events as it may`);
  }
  decision.put(eventChunkName(id, state.eventChunks), { events: state.events });
  return { ...state, events: [event], eventChunks: state.eventChunks + 1 };
}

export interface Found {
  event: EventState;
  /** number of its chunk; null: in the case's own record */
  chunk: number | null;
}

/** Newest first: what is acknowledged is nearly always recent. */
export function findEvent(decision: Decision, id: Id, state: CaseState, event: Id): Found | undefined {
  const recent = state.events.find((one) => one.id === event);
  if (recent) return { event: recent, chunk: null };
  for (let chunk = state.eventChunks - 1, known = state.eventChunks; chunk >= 0; chunk -= 1) {
    if (chunk < known) {
      known = Math.max(known - CHUNKS_READ, 0);
      decision.need(Array.from({ length: chunk + 1 - known }, (_, n) => eventChunkName(id, known + n)));
    }
    const older = chunkEvents(decision, eventChunkName(id, chunk)).find((one) => one.id === event);
    if (older) return { event: older, chunk };
  }
  return undefined;
}

/** The case with an event changed, or taken out (null); writes the event's chunk, not the case. */
export function replaceEvent(
  decision: Decision,
  id: Id,
  state: CaseState,
  found: Found,
  next: EventState | null,
): CaseState {
  const put = (events: readonly EventState[]): EventState[] =>
    events.flatMap((one) => (one.id !== found.event.id ? [one] : next === null ? [] : [next]));
  if (found.chunk === null) return { ...state, events: put(state.events) };
  const name = eventChunkName(id, found.chunk);
  decision.put(name, { events: put(chunkEvents(decision, name)) });
  return state;
}

/** Changes every event by `change`, chunks included; answers the case with its own events changed. */
export function mapEvents(
  decision: Decision,
  id: Id,
  state: CaseState,
  change: (event: EventState) => EventState,
): CaseState {
  for (const [chunk, before] of olderEvents(decision, id, state).entries()) {
    const after = before.map(change);
    if (after.some((event, index) => event !== before[index]))
      decision.put(eventChunkName(id, chunk), { events: after });
  }
  return { ...state, events: state.events.map(change) };
}
