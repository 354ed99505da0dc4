import { type Id, parts } from '../domain/ids.ts';
import type { CaseState } from '../domain/records/case.ts';
import type { EventState } from '../domain/records/event.ts';
import type { EventChunkState } from '../domain/records/event-chunk.ts';
import { caseName, eventChunkName, type RecordName } from '../domain/records/names.ts';
import { missing } from '../domain/records/seal.ts';

/** Records of a partition, undefined where there is none. @throws CorruptRecord */
type Read = (partition: number, names: RecordName[]) => Promise<unknown[]>;

/**
 * All events of a case, oldest first. A chunk that is not there although the case counts it is damage, not silence.
 * @throws CorruptRecord
 */
export async function readEvents(read: Read, id: Id, state: CaseState): Promise<EventState[]> {
  if (state.eventChunks === 0) return state.events;
  const { home } = parts(id);
  const names = Array.from({ length: state.eventChunks }, (_, chunk) => eventChunkName(id, chunk));
  const chunks = (await read(home, names)) as (EventChunkState | undefined)[];
  const lost = names.find((_, chunk) => chunks[chunk] === undefined);
  // A case that was removed since its record was read took its chunks along.
  if (lost !== undefined && (await read(home, [caseName(id)]))[0] !== undefined) throw missing(lost);
  return [...chunks.flatMap((chunk) => chunk?.events ?? []), ...state.events];
}
