import type { Caller } from '../commands/contents.ts';
import type { Decision } from '../decision.ts';
import type { Id } from '../ids.ts';
import type { CaseState } from '../records/case.ts';
import type { EventState } from '../records/event.ts';
import type { FolderState } from '../records/folder.ts';
import { caseName, folderName } from '../records/names.ts';

/** Whether the caller's credentials are for this démarche: one of an SI, some of a PARTNER, else any. */
export const covers = (caller: Caller, process: string): boolean =>
  caller.processes === undefined
    ? caller.scope !== 'SI' || caller.process === process
    : caller.processes.includes(process);

/** Right on each instance (contract §1), in the order of its checks: existence, right, then business rules. */
const mayFolder = (caller: Caller, folder: FolderState): boolean =>
  caller.scope === 'ADMIN' ||
  (caller.scope === 'OSL' && caller.org === folder.sender && covers(caller, folder.process));

export const mayCase = (caller: Caller, state: CaseState): boolean =>
  caller.scope === 'ADMIN' ||
  (caller.org === (caller.scope === 'OSL' ? state.sender : caller.scope === 'SI' ? state.recipient : undefined) &&
    covers(caller, state.process));

/** @throws DomainError folderUnknown, forbidden */
export function folderFor(decision: Decision, id: Id, caller: Caller): FolderState {
  const folder = decision.get(folderName(id)) ?? decision.refuse('folderUnknown');
  if (!mayFolder(caller, folder)) decision.refuse('forbidden');
  return folder;
}

/** The same for a change: while it is being deleted nothing is known of what becomes of it. @throws DomainError also busy */
export function stayingFolderFor(decision: Decision, id: Id, caller: Caller): FolderState {
  const folder = folderFor(decision, id, caller);
  if (folder.deleting) decision.refuse('busy');
  return folder;
}

/** A case not yet shown does not exist for recipients (contract §6, GET case). @throws DomainError caseUnknown, forbidden */
export function caseFor(decision: Decision, id: Id, caller: Caller): CaseState {
  const state = decision.get(caseName(id));
  if (state === undefined || (caller.scope === 'SI' && !state.visible)) return decision.refuse('caseUnknown');
  if (!mayCase(caller, state)) decision.refuse('forbidden');
  return state;
}

/** The same for a change: an archived case accepts nothing (contract §8.2). @throws DomainError also rule, busy */
export function openCaseFor(decision: Decision, id: Id, caller: Caller): CaseState {
  const state = caseFor(decision, id, caller);
  if (state.status === 'ARCHIVED') decision.refuse('rule', 'Case is archived and accepts no change');
  if (state.held) decision.refuse('busy');
  return state;
}

/** The side that wrote the event; ADMIN acts for either (contract §8.3). */
export const isAuthor = (caller: Caller, event: EventState): boolean =>
  caller.scope === 'ADMIN' || caller.scope === event.side;

/** The side the event is for: the sender, or the recipient when the sender wrote it. */
export const isAddressee = (caller: Caller, event: EventState): boolean =>
  caller.scope === 'ADMIN' || caller.scope === (event.side === 'OSL' ? 'SI' : 'OSL');
