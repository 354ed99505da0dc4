import { takeNotice } from '#lib/server/auth/cookies.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, cookies, url }) => ({
  who: locals.session?.who ?? null,
  end: locals.session?.end ?? null,
  notice: takeNotice(cookies),
  // The notice is read at each page.
  at: url.pathname,
});
