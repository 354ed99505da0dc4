/** A form that comes after the session's end: its texts are kept for who sent it, to be found again after signing in. */
import type { RequestEvent } from '@sveltejs/kit';
import { typedOf } from '#lib/unsent.ts';
import { keepDraft } from './drafts.ts';
import { ownerOf } from './owner.ts';
import { receive } from './receive.ts';

const CASE = /^\/dossiers\/([0-9a-f-]{36})(\/envoyer)?$/;
const ACTION = /[?&]\/(\w+)/;

/** Whether it is kept: only texts of a case's page are, and only for somebody. Files are thrown away as they come. */
export async function keepLost({ url, cookies, request }: RequestEvent): Promise<boolean> {
  const [, id, files] = CASE.exec(url.pathname) ?? [];
  const from = files ? 'ecrire' : ACTION.exec(url.search)?.[1];
  const owner = ownerOf(cookies);
  if (!id || !from || !owner || !request.body) return false;
  try {
    const texts = files ? (await receive(request, undefined)).texts : await request.formData();
    const typed = typedOf(texts);
    // « Utiliser » says which form it is of.
    const form = from === 'modele' ? (typed['pour']?.[0] ?? from) : from;
    return await keepDraft(owner, id, { from: form, errors: [], typed });
  } catch {
    return false;
  }
}
