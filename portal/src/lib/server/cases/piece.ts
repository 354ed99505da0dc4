/** One file of a case, of the deposit or of an event. */
import { HubProblem } from '#lib/server/hub/call.ts';
import type { FileOf } from '#lib/server/hub/files.ts';
import type { Attachment, Case } from '#lib/server/hub/types.ts';

export interface Piece {
  attachment: Attachment;
  file: FileOf;
}

/** @throws HubProblem 404 when the case has no such file, 410 when it has it no more */
export function pieceOf(one: Case, attachmentId: string, eventId: string | null): Piece {
  const holder = eventId === null ? one : one.events.find(({ id }) => id === eventId);
  const attachment = holder?.attachments.find(({ id }) => id === attachmentId);
  if (!attachment) throw new HubProblem(404, 'not-found', 'no such file');
  if (attachment.status !== 'RECEIVED') throw new HubProblem(410, 'gone', 'the file is not there');
  return { attachment, file: { caseId: one.id, attachmentId, eventId: eventId ?? undefined } };
}

/** What a browser shows by itself and cannot run: everything else is downloaded. */
const SHOWN = ['application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp', 'text/plain'];
const AS_TEXT = ['application/xml', 'text/xml', 'application/json', 'text/csv'];

/** The type a file is shown as; null: it is not shown. */
export function shownAs(mimeType: string): string | null {
  if (SHOWN.includes(mimeType)) return mimeType === 'text/plain' ? 'text/plain; charset=utf-8' : mimeType;
  return AS_TEXT.includes(mimeType) ? 'text/plain; charset=utf-8' : null;
}
