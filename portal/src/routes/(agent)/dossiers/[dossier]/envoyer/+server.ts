import { redirect } from '@sveltejs/kit';
import { isConflict } from '#lib/conflict.ts';
import { listParams, readList } from '#lib/list.ts';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { keepDraft, settleDraft } from '#lib/server/talk/drafts.ts';
import { type Held, takeParcel } from '#lib/server/talk/parcel.ts';
import { talkText } from '#lib/text/talk.ts';
import { typedOf } from '#lib/unsent.ts';
import type { RequestHandler } from './$types';

/** Opened by hand, or found again after signing in: the form is on the case's page. */
export const GET: RequestHandler = ({ params }) => redirect(303, `/dossiers/${params.dossier}`);

/** A form with files, read as it comes: what is wrong with it is told on the case's page, with its texts. */
export const POST: RequestHandler = async ({ locals, params, request, url, cookies }) => {
  const session = sessionOf(locals);
  const query = listParams(readList(url.searchParams)).toString();
  const page = `/dossiers/${params.dossier}${query ? `?${query}` : ''}`;
  const held: Held = { texts: [], files: [] };
  let said: Awaited<ReturnType<typeof takeParcel>>;
  try {
    said = await takeParcel(session, params.dossier, request, held);
  } catch (error) {
    if (!(error instanceof HubProblem)) throw error;
    const over = error.status === 401;
    const busy = error.status >= 500 || error.status === 429;
    said = { field: 'ecrire', message: busy ? talkText.busy : talkText.refused };
    const unsent = { from: 'ecrire', errors: over ? [] : [said], typed: typedOf(held.texts) };
    await keepDraft(session.agent.email, params.dossier, unsent, { files: held.files });
    redirect(303, over ? `/connexion/expiree?retour=${encodeURIComponent(page)}&garde=1` : page);
  }
  if (typeof said === 'string') {
    await settleDraft(session.agent.email, params.dossier, 'ecrire');
    leaveNotice(cookies, said);
    redirect(303, `${page}#echanges`);
  }
  const unsent = {
    ...{ from: 'ecrire', typed: typedOf(held.texts) },
    ...(isConflict(said) ? { errors: [], conflict: said } : { errors: [said] }),
  };
  await keepDraft(session.agent.email, params.dossier, unsent, { files: held.files });
  redirect(303, page);
};
