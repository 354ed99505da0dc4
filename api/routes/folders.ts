import { indexInFolder } from '#api/answers/attachment.ts';
import { folderFacts, recall } from '#api/answers/facts.ts';
import { folderAnswer } from '#api/answers/folder.ts';
import { loadCases, loadFolderCases } from '#api/answers/load.ts';
import { mailOf, processOf, purgeSettings } from '#api/answers/settings.ts';
import { seeFolder } from '#api/answers/sight.ts';
import { PACKED_BYTES } from '#api/blobs/disk.ts';
import { type Announced, digestOf } from '#api/blobs/intake.ts';
import { readDate } from '#api/schemas/dates.ts';
import { Fault } from '#api/schemas/fault.ts';
import { Folder, FolderPatch, NewFolder } from '#api/schemas/folder.ts';
import { pathId } from '#api/schemas/parameters.ts';
import { FOLDER_SETTABLE } from '#api/schemas/status.ts';
import { compile, validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { caseIdOf } from '#engine/domain/deciders/folder/cases.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { type Id, isKind, KIND, parts } from '#engine/domain/ids.ts';
import { PARTITIONS } from '#engine/domain/placement.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import type { FolderStatus } from '#engine/domain/records/folder.ts';
import { traced } from '#engine/domain/trace.ts';
import { demand } from './demand.ts';
import { deposit } from './deposit.ts';
import { withPartner } from './partner.ts';
import { take } from './upload.ts';

type Described = Omit<Announced, 'id'>;

compile(NewFolder);
compile(FolderPatch);

async function read({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const id = pathId(request, 'folderId');
  const folder = await seeFolder(hub, request.caller, id);
  const cases = await loadFolderCases(hub, id, folder);
  const waits = folder.status === 'HUBEE_RECEIVED';
  const indexes = waits ? folder.opened : [...cases.keys()];
  const ids = indexes.map((index) => caseIdOf(id, index, cases[index] as (typeof cases)[number]));
  const states = await loadCases(hub, ids);
  const records = new Map<number, CaseState>();
  for (const [at, index] of indexes.entries()) {
    const state = states[at];
    if (state !== undefined) records.set(index, state);
  }
  return { status: 200, json: folderAnswer(id, folder, { cases, records }) };
}

async function patch(deps: ApiDeps, request: Request): Promise<Reply> {
  const { hub, counts } = deps;
  const id = pathId(request, 'folderId');
  const body = validate(FolderPatch, await request.json(), request);
  const status = body.globalStatus as FolderStatus;
  const facts = isKind(id, KIND.folder, PARTITIONS) ? await folderFacts(hub, id) : undefined;
  if (facts === undefined) throw new DomainError('folderUnknown');
  if (!FOLDER_SETTABLE.includes(status)) {
    await seeFolder(hub, request.caller, id);
    throw new DomainError('rule', `globalStatus of a folder cannot be set to ${JSON.stringify(status)}`);
  }
  const mails =
    status === 'HUBEE_COMPLETED'
      ? facts.recipients.map((recipient) => mailOf(hub.referential, facts.process, recipient))
      : [];
  const closed = typeof body.closeDateTime === 'string' ? (readDate(body.closeDateTime) ?? null) : null;
  const purge = purgeSettings(processOf(hub.referential, facts.process));
  const command: CommandOf<'folder.patch'> = {
    kind: 'folder.patch',
    folder: id,
    caller: request.caller,
    status,
    closed,
    mails,
    purge,
    ...(status === 'HUBEE_COMPLETED' && { accepted: hub.now() }),
  };
  await demand(hub, parts(id).home, traced(command, request.trace));
  if (status === 'HUBEE_COMPLETED') counts.service.deposited('contract');
  return { status: 204 };
}

async function remove({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const id = pathId(request, 'folderId');
  if (!isKind(id, KIND.folder, PARTITIONS)) throw new DomainError('folderUnknown');
  await demand(hub, parts(id).home, { kind: 'folder.delete', folder: id, caller: request.caller });
  return { status: 204 };
}

/** The attachment an upload is for, once existence, right and state are sure (contract §1, §6). */
async function waiting(deps: ApiDeps, request: Request, id: Id, attachment: Id): Promise<[Described, number]> {
  const index = indexInFolder(id, attachment);
  const known = index === undefined ? undefined : remembered(request.caller, id, index);
  if (index !== undefined && known !== undefined) return [known, index];
  const folder = await seeFolder(deps.hub, request.caller, id);
  const described = index === undefined ? undefined : folder.attachments[index];
  if (index === undefined || described === undefined) throw new DomainError('attachmentUnknown');
  if (folder.status !== 'HUBEE_RECEIVED') throw new HttpError(400, 'Folder is completed: its files cannot change');
  return [described, index];
}

/**
 * The same without a read, for a small file of a folder this process has seen: its bytes are taken before existence
 * and state are sure, and given up when the folder's own decision, which comes anyway, refuses them.
 */
function remembered(caller: Caller, id: Id, index: number): Described | undefined {
  const facts = recall(id);
  if (facts === undefined || (caller.scope !== 'ADMIN' && caller.org !== facts.sender)) return undefined;
  const described = facts.attachments?.[index];
  return described !== undefined && described.size <= PACKED_BYTES ? described : undefined;
}

async function upload(deps: ApiDeps, request: Request): Promise<Reply> {
  const folderId = pathId(request, 'folderId');
  const attachmentId = pathId(request, 'attachmentId');
  digestOf(request);
  const [{ size, mimeType }, index] = await waiting(deps, request, folderId, attachmentId);
  return take(deps, request, { id: attachmentId, size, mimeType }, parts(folderId).home, (result) => ({
    kind: 'folder.upload',
    folder: folderId,
    index,
    caller: request.caller,
    upload: result,
  }));
}

const BY_SENDER = ['OSL', 'ADMIN'] as const;
const FOLDER = '/teledossiers/v1/folders/{folderId}';

export const routes = (deps: ApiDeps): Route[] =>
  withPartner([
    {
      method: 'POST',
      path: '/teledossiers/v1/folders',
      scopes: BY_SENDER,
      body: 'json',
      summary: 'Crée un télédossier',
      schemas: { body: NewFolder, answers: { 201: Folder } },
      handler: (request) => deposit(deps, request),
    },
    {
      method: 'GET',
      path: FOLDER,
      scopes: BY_SENDER,
      summary: 'Lit un télédossier',
      schemas: { answers: { 200: Folder, 404: Fault } },
      handler: (request) => read(deps, request),
    },
    {
      method: 'PATCH',
      path: FOLDER,
      scopes: BY_SENDER,
      body: 'json',
      override: true,
      summary: 'Change le statut d’un télédossier ; HUBEE_COMPLETED termine le dépôt',
      schemas: { body: FolderPatch, answers: { 204: null, 404: Fault } },
      handler: (request) => patch(deps, request),
    },
    {
      method: 'DELETE',
      path: FOLDER,
      scopes: BY_SENDER,
      summary: 'Supprime un télédossier dont le dépôt n’est pas terminé',
      schemas: { answers: { 204: null, 404: Fault } },
      handler: (request) => remove(deps, request),
    },
    {
      method: 'PUT',
      path: `${FOLDER}/attachments/{attachmentId}`,
      scopes: BY_SENDER,
      body: 'stream',
      headers: ['digest'],
      summary: 'Dépose le fichier d’une pièce jointe',
      schemas: { answers: { 204: null, 404: Fault } },
      handler: (request) => upload(deps, request),
    },
  ]);
