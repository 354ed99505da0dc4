import { listParams, readList } from '#lib/list.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { seal } from '#lib/server/auth/seal.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { pieceOf, shownAs } from '#lib/server/cases/piece.ts';
import type { Shown } from '#lib/server/cases/shown.ts';
import { noteDownload } from '#lib/server/hub/events.ts';
import { keyOf } from '#lib/server/hub/types.ts';
import { settings } from '#lib/server/settings.ts';
import type { PageServerLoad } from './$types';

/** Time for a page to ask for what it shows. Seconds. */
const SHOWN_SECONDS = 300;

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const session = sessionOf(locals);
  const { one, token } = await findCase(session, params.dossier);
  const eventId = url.searchParams.get('evenement');
  const { attachment, file } = pieceOf(one, params.piece, eventId);
  const type = shownAs(attachment.mimeType);
  let src: string | null = null;
  if (type) {
    const shown: Shown = { secret: session.secret, organisation: keyOf(one.recipient), file, type };
    const name = encodeURIComponent(attachment.fileName.replaceAll('/', '-'));
    src = `${settings().filesUrl.origin}/fichiers/${seal('file', shown, SHOWN_SECONDS)}/${name}`;
    await noteDownload(token, one.id, false, attachment.fileName);
  }
  const query = listParams(readList(url.searchParams)).toString();
  return {
    id: one.id,
    number: one.externalId,
    attachment,
    src,
    back: `/dossiers/${one.id}${query ? `?${query}` : ''}`,
    download: `/dossiers/${one.id}/pieces/${attachment.id}/telecharger${eventId ? `?evenement=${eventId}` : ''}`,
  };
};
