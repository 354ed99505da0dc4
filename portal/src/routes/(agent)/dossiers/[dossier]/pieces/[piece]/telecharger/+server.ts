import { sessionOf } from '#lib/server/auth/required.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { pieceOf } from '#lib/server/cases/piece.ts';
import { attachmentHeaders } from '#lib/server/headers.ts';
import { noteDownload } from '#lib/server/hub/events.ts';
import { openFile } from '#lib/server/hub/files.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, params, url }) => {
  const { one, token } = await findCase(sessionOf(locals), params.dossier);
  const { attachment, file } = pieceOf(one, params.piece, url.searchParams.get('evenement'));
  const { stream, length } = await openFile(token, file);
  await noteDownload(token, one.id, false, attachment.fileName);
  return new Response(stream, { headers: attachmentHeaders(attachment.fileName, 'application/octet-stream', length) });
};
