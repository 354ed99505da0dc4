import { hasShortcuts, takeNotice } from '#lib/server/auth/cookies.ts';
import { settings } from '#lib/server/settings.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, cookies, url }) => ({
  who: locals.session?.who ?? null,
  notice: takeNotice(cookies),
  lasting: locals.session?.lasting ?? null,
  hasDemo: settings().demoUrl !== '',
  shortcuts: hasShortcuts(cookies),
  // The notice is read at each page.
  at: url.pathname,
});
