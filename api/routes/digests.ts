import { Type } from 'typebox';
import { eventAttachmentId, folderAttachmentId } from '#api/answers/attachment.ts';
import { isShown } from '#api/answers/event.ts';
import { loadEvents } from '#api/answers/load.ts';
import { seeCase } from '#api/answers/sight.ts';
import { idOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { text, uuid, uuidOrNull } from '#api/schemas/fields.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { folderOf, toUuid } from '#engine/domain/ids.ts';
import type { Attachment } from '#engine/domain/records/folder.ts';

/** Hexadecimal digits of a SHA-256. */
const DIGEST_LENGTH = 64;

const Digest = Type.Object({
  attachmentId: uuid(),
  eventId: { ...uuidOrNull(), description: 'l’événement qui la porte ; null : elle est du dépôt' },
  sha256: { ...text(DIGEST_LENGTH), description: 'hexadécimal ; celui que le hub a calculé en la recevant' },
});
const Digests = Type.Object({ items: Type.Array(Digest) }, { title: 'CaseDigests' });

const hex = ({ status, sha256 }: Pick<Attachment, 'status' | 'sha256'>): string | undefined =>
  status === 'RECEIVED' && sha256 !== null ? Buffer.from(sha256, 'base64').toString('hex') : undefined;

/** What the contract gives only with the bytes themselves: a slip names digests of files nobody reads. */
async function digests({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const id = idOf(request, 'caseId');
  const state = await seeCase(hub, request.caller, id);
  const events = (await loadEvents(hub, id, state)).filter((event) => isShown(event, request.caller));
  const all = [
    ...state.attachments.map((one) => ({ id: folderAttachmentId(folderOf(id), one.index), event: null, one })),
    ...events.flatMap((event) =>
      event.attachments.map((one, index) => ({ id: eventAttachmentId(event.id, index), event: event.id, one })),
    ),
  ];
  const items = all.flatMap(({ id: attachment, event, one }) => {
    const sha256 = hex(one);
    return sha256 === undefined ? [] : [{ attachmentId: toUuid(attachment), eventId: event && toUuid(event), sha256 }];
  });
  return { status: 200, json: { items } };
}

export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: '/relais/v1/cases/{caseId}/digests',
    scopes: ['OSL', 'SI', 'ADMIN', 'PARTNER', 'AGENT'],
    summary: 'Donne les SHA-256 des pièces d’un dossier, sans les pièces',
    schemas: { answers: { 200: Digests, ...problems(404, 503) } },
    handler: (request) => digests(deps, request),
  },
];
