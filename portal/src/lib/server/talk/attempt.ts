/** Does what a form of a case's page asks: done, it leads back there; not done, it comes back as it was typed. */

import { type ActionFailure, fail, type RequestEvent, redirect } from '@sveltejs/kit';
import { type Conflict, isConflict } from '#lib/conflict.ts';
import { listParams, readList } from '#lib/list.ts';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { talkText } from '#lib/text/talk.ts';
import { type Fault, typedOf, type Unsent } from '#lib/unsent.ts';
import { keepDraft, settleDraft } from './drafts.ts';

export type CaseEvent = Pick<RequestEvent, 'locals' | 'url' | 'cookies' | 'request'> & { params: { dossier: string } };

export const formText = (form: FormData, name: string): string =>
  String(form.get(name) ?? '')
    .replace(/\r\n/g, '\n')
    .trim();

/** @param work the sentence that says it is done, or what is wrong */
export async function attempt(
  { locals, url, cookies, params }: CaseEvent,
  form: FormData,
  from: string,
  work: () => Promise<Fault | Conflict | string>,
): Promise<ActionFailure<Unsent>> {
  const owner = sessionOf(locals).agent.email;
  const typed = typedOf(form);
  let said: Fault | Conflict | string;
  try {
    said = await work();
  } catch (error) {
    return failed(error, { owner, place: params.dossier, path: url.pathname }, { from, typed, errors: [] });
  }
  if (isConflict(said)) return fail(409, { from, typed, errors: [], conflict: said });
  if (typeof said === 'object') return fail(422, { from, typed, errors: [said] });
  await settleDraft(owner, params.dossier, from);
  leaveNotice(cookies, said);
  const query = listParams(readList(url.searchParams)).toString();
  redirect(303, `${url.pathname}${query ? `?${query}` : ''}#echanges`);
}

export interface Whose {
  owner: string;
  place: string;
  path: string;
}

/** The hub did not do it. The text is kept beside the answer: a page that is lost on the way loses nothing. */
export async function failed(error: unknown, whose: Whose, unsent: Unsent): Promise<ActionFailure<Unsent>> {
  if (!(error instanceof HubProblem)) throw error;
  await keepDraft(whose.owner, whose.place, unsent);
  if (error.status === 401) redirect(303, `/connexion/expiree?retour=${encodeURIComponent(whose.path)}&garde=1`);
  const busy = error.status >= 500 || error.status === 429;
  const errors = [{ field: unsent.from, message: busy ? talkText.busy : talkText.refused }];
  return fail(busy ? 503 : 422, { ...unsent, errors });
}
