import { redirect } from '@sveltejs/kit';
import { listHref, listOf } from '#lib/list.ts';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { listViews } from '#lib/server/hub/views.ts';
import { viewsText } from '#lib/text/views.ts';
import type { RequestHandler } from './$types';

/** The address of a saved view: leads to the list it is. No page: what is said on the next one stays for that one. */
export const GET: RequestHandler = async ({ locals, params, cookies }) => {
  const views = await listViews(sessionOf(locals).token, false);
  const view = views.find(({ slug }) => slug === params.vue);
  if (view) redirect(303, listHref(listOf(view.filter), { saved: view.slug }));
  leaveNotice(cookies, viewsText.gone, true);
  redirect(303, '/dossiers?vue=a-traiter');
};
