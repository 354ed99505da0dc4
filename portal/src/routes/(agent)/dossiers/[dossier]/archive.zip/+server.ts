import { Readable } from 'node:stream';
import { sessionOf } from '#lib/server/auth/required.ts';
import { addressOf } from '#lib/server/bordereau/make.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { attachmentHeaders } from '#lib/server/headers.ts';
import { noteDownload } from '#lib/server/hub/events.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { keyOf } from '#lib/server/hub/types.ts';
import { archive, archiveFileName } from '#lib/server/zip/archive.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals, params }) => {
  const session = sessionOf(locals);
  const { one, token } = await findCase(session, params.dossier);
  const { name } = await processOf(token, one.processCode);
  const fileName = archiveFileName(one);
  await noteDownload(token, one.id, true, fileName);
  const made = archive({
    ...{ token, one, process: name, by: session.author },
    ...{ organisation: session.nameOf(keyOf(one.recipient)), address: addressOf(one.id) },
  });
  const stream = Readable.toWeb(Readable.from(made));
  return new Response(stream as ReadableStream<Uint8Array>, {
    headers: attachmentHeaders(fileName, 'application/zip', null),
  });
};
