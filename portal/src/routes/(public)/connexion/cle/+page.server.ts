import { redirect } from '@sveltejs/kit';
import { ownPath } from '#lib/server/auth/return.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
  const back = ownPath(url.searchParams.get('retour'));
  if (locals.session) redirect(303, back);
  return { back };
};
