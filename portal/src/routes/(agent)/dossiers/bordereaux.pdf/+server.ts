import { redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { MOST_SLIPS, slipsFor } from '#lib/server/bordereau/make.ts';
import { bordereauText } from '#lib/text/bordereau.ts';
import type { RequestHandler } from './$types';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Slips of the cases that are ticked in a list. */
export const GET: RequestHandler = ({ locals, url, cookies }) => {
  const session = sessionOf(locals);
  const ids = [...new Set(url.searchParams.getAll('dossier'))].filter((id) => UUID.test(id));
  if (ids.length > 0 && ids.length <= MOST_SLIPS) return slipsFor(session, ids);
  leaveNotice(cookies, ids.length === 0 ? bordereauText.nothing : bordereauText.tooMany, true);
  redirect(303, '/dossiers?vue=a-traiter');
};
