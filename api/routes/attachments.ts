import { indexInEvent, indexInFolder } from '#api/answers/attachment.ts';
import { isShown } from '#api/answers/event.ts';
import { loadEvent } from '#api/answers/load.ts';
import { seeCase, seeEvent } from '#api/answers/sight.ts';
import { digestOf } from '#api/blobs/intake.ts';
import { Bytes } from '#api/schemas/attachment.ts';
import { Fault } from '#api/schemas/fault.ts';
import { pathId } from '#api/schemas/parameters.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { isAuthor } from '#engine/domain/deciders/rights.ts';
import { DomainError, type ErrorCode } from '#engine/domain/errors.ts';
import { folderOf, parts } from '#engine/domain/ids.ts';
import type { Attachment } from '#engine/domain/records/folder.ts';
import { withPartner } from './partner.ts';
import { take } from './upload.ts';

/** The bytes with their digest; 404 unless they are there (contract §6). */
async function give(
  deps: ApiDeps,
  request: Request,
  attachment: Attachment | undefined,
  unknown: ErrorCode,
): Promise<Reply> {
  const ready = attachment?.status === 'RECEIVED' && attachment.blob !== null && attachment.sha256 !== null;
  if (!ready) throw new DomainError(unknown);
  const { blob, sha256 } = attachment as { blob: string; sha256: string };
  const reply = await deps.downloads.reply(request, blob, sha256);
  if (reply === undefined) throw new DomainError(unknown);
  return reply;
}

async function ofCase(deps: ApiDeps, request: Request): Promise<Reply> {
  const id = pathId(request, 'caseId');
  const attachmentId = pathId(request, 'attachmentId');
  const state = await seeCase(deps.hub, request.caller, id);
  const index = indexInFolder(folderOf(id), attachmentId);
  const attachment = state.attachments.find((candidate) => candidate.index === index);
  return give(deps, request, attachment, 'fileUnknown');
}

async function ofEvent(deps: ApiDeps, request: Request): Promise<Reply> {
  const id = pathId(request, 'caseId');
  const eventId = pathId(request, 'eventId');
  const attachmentId = pathId(request, 'attachmentId');
  const [, event] = await seeEvent(deps.hub, request.caller, id, eventId);
  const index = indexInEvent(eventId, attachmentId);
  return give(deps, request, index === undefined ? undefined : event.attachments[index], 'eventFileUnknown');
}

/** By the author, while the event is in progress: sure before the first byte is taken. */
async function upload(deps: ApiDeps, request: Request): Promise<Reply> {
  const { caller } = request;
  const id = pathId(request, 'caseId');
  const eventId = pathId(request, 'eventId');
  const attachmentId = pathId(request, 'attachmentId');
  digestOf(request);
  const state = await seeCase(deps.hub, caller, id);
  const event = await loadEvent(deps.hub, id, state, eventId);
  if (event === undefined || !isShown(event, caller)) throw new DomainError('eventUnknown');
  const index = indexInEvent(eventId, attachmentId);
  const attachment = index === undefined ? undefined : event.attachments[index];
  if (index === undefined || attachment === undefined) throw new DomainError('attachmentUnknown');
  if (!isAuthor(caller, event)) throw new DomainError('forbidden');
  if (event.status !== 'IN_PROGRESS') throw new DomainError('rule', 'Event is sent: its files cannot change');
  const { size, mimeType } = attachment;
  return take(deps, request, { id, size, mimeType }, parts(id).home, (result) => ({
    kind: 'case.event.upload',
    case: id,
    event: eventId,
    index,
    caller,
    upload: result,
  }));
}

const DIGEST = { digest: 'SHA-256 du fichier entier, en base64' } as const;
const BYTES_HEADERS = {
  200: DIGEST,
  206: { ...DIGEST, 'Content-Range': '`bytes premier-dernier/taille`' },
  416: { 'Content-Range': '`bytes */taille`' },
} as const;

const ALL = ['OSL', 'SI', 'ADMIN', 'PARTNER', 'AGENT'] as const;
const CASE = '/teledossiers/v1/cases/{caseId}';
const EVENT = `${CASE}/events/{eventId}`;

export const routes = (deps: ApiDeps): Route[] =>
  withPartner([
    {
      method: 'GET',
      path: `${CASE}/attachments/{attachmentId}`,
      scopes: ALL,
      headers: ['range'],
      reads: 'file',
      summary: 'Télécharge une pièce jointe d’un case',
      schemas: { answers: { 200: Bytes, 206: Bytes, 404: Fault, 416: Fault }, headers: BYTES_HEADERS },
      handler: (request) => ofCase(deps, request),
    },
    {
      method: 'PUT',
      path: `${EVENT}/attachments/{attachmentId}`,
      scopes: ALL,
      body: 'stream',
      headers: ['digest'],
      summary: 'Dépose le fichier d’une pièce jointe d’un événement',
      schemas: { answers: { 204: null, 404: Fault } },
      handler: (request) => upload(deps, request),
    },
    {
      method: 'GET',
      path: `${EVENT}/attachments/{attachmentId}`,
      scopes: ALL,
      headers: ['range'],
      reads: 'file',
      summary: 'Télécharge une pièce jointe d’un événement',
      schemas: { answers: { 200: Bytes, 206: Bytes, 404: Fault, 416: Fault }, headers: BYTES_HEADERS },
      handler: (request) => ofEvent(deps, request),
    },
  ]);
