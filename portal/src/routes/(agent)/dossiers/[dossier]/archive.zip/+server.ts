import { Readable } from 'node:stream';
import { sessionOf } from '#lib/server/auth/required.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { attachmentHeaders } from '#lib/server/headers.ts';
import { noteDownload } from '#lib/server/hub/events.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { archive, archiveFileName } from '#lib/server/zip/archive.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, params }) => {
  const session = sessionOf(locals);
  const { one, token } = await findCase(session, params.dossier);
  const { name } = await processOf(token, one.processCode);
  const fileName = archiveFileName(one);
  await noteDownload(token, one.id, true, fileName);
  const stream = Readable.toWeb(Readable.from(archive({ token, one, process: name, by: session.author })));
  return new Response(stream as ReadableStream<Uint8Array>, {
    headers: attachmentHeaders(fileName, 'application/zip', null),
  });
};
