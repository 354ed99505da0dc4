import type { Hub } from '#engine/client/hub.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import { caseIdOf } from '#engine/domain/deciders/folder/cases.ts';
import { covers, mayCase } from '#engine/domain/deciders/rights.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { folderOf, type Id, isKind, KIND, parts } from '#engine/domain/ids.ts';
import { PARTITIONS } from '#engine/domain/placement.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import type { EventState } from '#engine/domain/records/event.ts';
import type { FolderCase, FolderState } from '#engine/domain/records/folder.ts';
import { isShown } from './event.ts';
import { loadCase, loadEvent, loadFolder, loadFolderCase } from './load.ts';

/**
 * What a caller may see, in the order of contract §1: existence (404), then right on the instance (403). A case
 * whose folder is not completed has no record yet, or an empty one: it is shown as its folder describes it.
 */

/** @throws DomainError 404, 403 */
export async function seeFolder(hub: Hub, caller: Caller, id: Id): Promise<FolderState> {
  const folder = await loadFolder(hub, id);
  if (folder === undefined) throw new DomainError('folderUnknown');
  const may = folder.sender === caller.org && covers(caller, folder.process);
  if (caller.scope !== 'ADMIN' && !may) throw new DomainError('forbidden');
  return folder;
}

/** Attachments of a folder that are for one of its cases, as the case's record will hold them. */
const attachmentsFor = (folder: FolderState, index: number): CaseState['attachments'] =>
  folder.attachments.flatMap((attachment, number) => {
    if (!attachment.recipients.includes(index)) return [];
    const { recipients: _, ...described } = attachment;
    return [{ ...described, index: number, portalPurged: false }];
  });

function deposited(folder: FolderState, case_: FolderCase, index: number): CaseState {
  return {
    recipient: case_.recipient,
    sender: folder.sender,
    process: folder.process,
    externalId: case_.externalId,
    applicant: folder.applicant,
    partnerAttributes: case_.partnerAttributes,
    status: 'HUBEE_RECEIVED',
    visible: false,
    updated: null,
    transmitted: null,
    closed: null,
    attachments: attachmentsFor(folder, index),
    purge: null,
    events: [],
    eventChunks: 0,
    holding: null,
  };
}

/** A case whose folder still waits for its completion; undefined when there is no such folder or case. */
async function waitingCase(hub: Hub, id: Id): Promise<CaseState | undefined> {
  if (!isKind(id, KIND.case, PARTITIONS)) return undefined;
  const folderId = folderOf(id);
  const folder = await loadFolder(hub, folderId);
  if (folder === undefined) return undefined;
  const { index } = parts(id);
  const case_ = await loadFolderCase(hub, folderId, folder, index);
  if (case_ === undefined || caseIdOf(folderId, index, case_) !== id) return undefined;
  const waits = folder.status === 'HUBEE_RECEIVED' || folder.status === 'HUBEE_COMPLETED';
  // completed between the two reads, or removed after archiving: the record alone knows
  return waits ? deposited(folder, case_, index) : loadCase(hub, id);
}

/**
 * The case as it is, its record completed by its folder's where the deposit is not over.
 * @throws DomainError 404 (also to an SI before HUBEE_NOTIFIED), 403
 */
export async function seeCase(hub: Hub, caller: Caller, id: Id): Promise<CaseState> {
  let state = await loadCase(hub, id);
  if (caller.scope === 'SI' && !state?.visible) throw new DomainError('caseUnknown');
  // every case has a file: one without was opened early, and its folder still holds them
  if (state === undefined || !state.visible || state.attachments.length === 0) {
    const waiting = await waitingCase(hub, id);
    if (state === undefined) state = waiting;
    else if (waiting !== undefined) state = { ...state, attachments: waiting.attachments };
  }
  if (state === undefined) throw new DomainError('caseUnknown');
  if (!mayCase(caller, state)) throw new DomainError('forbidden');
  return state;
}

/**
 * An event of a case, as `seeCase`.
 * @throws DomainError 404 (also for another's event in progress), 403
 */
export async function seeEvent(hub: Hub, caller: Caller, case_: Id, id: Id): Promise<[CaseState, EventState]> {
  const state = await seeCase(hub, caller, case_);
  const event = await loadEvent(hub, case_, state, id);
  if (event === undefined || !isShown(event, caller)) throw new DomainError('eventUnknown');
  return [state, event];
}
