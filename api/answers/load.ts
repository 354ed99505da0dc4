import { readEvents } from '#engine/client/events.ts';
import type { Hub } from '#engine/client/hub.ts';
import { type Id, isKind, KIND, parts } from '#engine/domain/ids.ts';
import { PARTITIONS } from '#engine/domain/placement.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import type { EventState } from '#engine/domain/records/event.ts';
import { CASES_INLINE, CASES_PER_CHUNK, type FolderCase, type FolderState } from '#engine/domain/records/folder.ts';
import { caseChunkName, caseName, folderName } from '#engine/domain/records/names.ts';

/** Case records asked for at once: bounds what a folder of many recipients holds in flight. */
const CASES_AT_ONCE = 512;

/** Undefined for an id this hub cannot have given, and for a folder that is not there. */
export async function loadFolder(hub: Hub, id: Id): Promise<FolderState | undefined> {
  if (!isKind(id, KIND.folder, PARTITIONS)) return undefined;
  const [folder] = await hub.read(parts(id).home, [folderName(id)]);
  return folder;
}

/** The record of a case; undefined also when its folder is not completed and nothing opened it. */
export async function loadCase(hub: Hub, id: Id): Promise<CaseState | undefined> {
  if (!isKind(id, KIND.case, PARTITIONS)) return undefined;
  const [state] = await hub.read(parts(id).home, [caseName(id)]);
  return state;
}

const chunksOf = (folder: FolderState): number =>
  Math.max(0, Math.ceil((folder.caseCount - CASES_INLINE) / CASES_PER_CHUNK));

/** All cases of a folder in the sender's order. */
export async function loadFolderCases(hub: Hub, id: Id, folder: FolderState): Promise<FolderCase[]> {
  if (folder.caseCount <= CASES_INLINE) return folder.cases;
  const names = Array.from({ length: chunksOf(folder) }, (_, chunk) => caseChunkName(id, chunk));
  const chunks = await hub.read(parts(id).home, names);
  const cases = [...folder.cases];
  for (const chunk of chunks) {
    if (chunk === undefined) throw new Error('a folder misses a chunk of its cases');
    cases.push(...chunk.cases);
  }
  return cases;
}

/** Case number `index` of a folder, undefined past the last. */
export async function loadFolderCase(
  hub: Hub,
  id: Id,
  folder: FolderState,
  index: number,
): Promise<FolderCase | undefined> {
  if (index < CASES_INLINE) return folder.cases[index];
  if (index >= folder.caseCount) return undefined;
  const chunk = Math.floor((index - CASES_INLINE) / CASES_PER_CHUNK);
  const [found] = await hub.read(parts(id).home, [caseChunkName(id, chunk)]);
  return found?.cases[(index - CASES_INLINE) % CASES_PER_CHUNK];
}

/** Records of many cases, wherever they live; same order, undefined where there is none. */
export async function loadCases(hub: Hub, ids: readonly Id[]): Promise<(CaseState | undefined)[]> {
  const states: (CaseState | undefined)[] = Array.from({ length: ids.length });
  for (let from = 0; from < ids.length; from += CASES_AT_ONCE) {
    const homes = new Map<number, number[]>();
    for (let index = from; index < Math.min(from + CASES_AT_ONCE, ids.length); index += 1) {
      const { home } = parts(ids[index] as Id);
      const indexes = homes.get(home);
      if (indexes) indexes.push(index);
      else homes.set(home, [index]);
    }
    await Promise.all(
      Array.from(homes, async ([home, indexes]) => {
        const names = indexes.map((index) => caseName(ids[index] as Id));
        const found = await hub.read(home, names);
        for (const [at, index] of indexes.entries()) states[index] = found[at];
      }),
    );
  }
  return states;
}

/** All events of a case, oldest first. @throws CorruptRecord */
export function loadEvents(hub: Hub, id: Id, state: CaseState): Promise<EventState[]> {
  return readEvents(hub.read, id, state);
}

/** One event of a case; undefined when the case has none of that id. */
export async function loadEvent(hub: Hub, id: Id, state: CaseState, event: Id): Promise<EventState | undefined> {
  const newest = state.events.find((candidate) => candidate.id === event);
  if (newest !== undefined || state.eventChunks === 0) return newest;
  return (await loadEvents(hub, id, state)).find((candidate) => candidate.id === event);
}
