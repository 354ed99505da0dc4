import { takeNotice } from '#lib/server/auth/cookies.ts';
import { keysOn } from '#lib/server/keys.ts';
import { settings } from '#lib/server/settings.ts';
import { undoable } from '#lib/server/undo.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, cookies, url }) => ({
  who: locals.session?.who ?? null,
  end: locals.session?.end ?? null,
  notice: takeNotice(cookies),
  hasDemo: settings().demoUrl !== '',
  keys: locals.session !== null && keysOn(cookies),
  undoable: locals.session ? undoable(cookies) : null,
  // The notice is read at each page.
  at: url.pathname,
});
