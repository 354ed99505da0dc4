/** A form that comes after the session's end: its texts are kept for who sent it, to be found again after signing in. */
import type { RequestEvent } from '@sveltejs/kit';
import { typedOf } from '#lib/unsent.ts';
import { keepDraft } from './drafts.ts';
import { ownerOf } from './owner.ts';

const CASE = /^\/dossiers\/([0-9a-f-]{36})(?:\/(\w+))?$/;
const ACTION = /[?&]\/(\w+)/;

/** Whether it is kept: only texts of a case's page are, and only for somebody. */
export async function keepLost(event: RequestEvent): Promise<boolean> {
  const [, id, page] = CASE.exec(event.url.pathname) ?? [];
  const from = page ?? ACTION.exec(event.url.search)?.[1];
  const owner = ownerOf(event.cookies);
  if (!id || !from || !owner) return false;
  const form = await event.request.formData().catch(() => undefined);
  return form ? keepDraft(owner, id, { from, errors: [], typed: typedOf(form) }) : false;
}
