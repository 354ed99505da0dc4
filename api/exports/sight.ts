import type { Reach } from '#api/index/question.ts';
import { reachesOf } from '#api/index/reach.ts';
import type { Request } from '#api/server/types.ts';
import type { ExportRecord } from './store.ts';

type Asker = Pick<Request, 'caller' | 'query' | 'agent' | 'client'>;

/** Who asks, as an export remembers it. */
export const askerOf = ({ agent, client }: Pick<Request, 'agent' | 'client'>): string => agent?.state.id ?? client;

/** Whose team a new export is for: that of the chosen organisation, or nobody but the agent who has chosen none. */
export const ownerOf = ({ caller, agent }: Pick<Request, 'caller' | 'agent'>): string =>
  agent?.membership === null ? agent.state.id : caller.org;

/** Owners whose exports the caller may look through. @throws DomainError 403 */
export function ownersOf(request: Asker): string[] {
  const orgs = reachesOf(request).map(({ org }) => org);
  return request.agent === undefined ? orgs : [...orgs, request.agent.state.id];
}

/**
 * Whether the caller may see an export now: all organisations and démarches of its cases are the caller's at this moment,
 * whoever asked for it. One that is not made, or holds no case, is of who asked.
 */
export function sees(record: ExportRecord, reaches: readonly Reach[], asker: string): boolean {
  if (record.state !== 'done' || record.holds.length === 0) return record.by === asker;
  return record.holds.every(({ org, processes }) =>
    reaches.some((reach) => reach.org === org && processes.every((code) => reach.processes?.includes(code) ?? true)),
  );
}
