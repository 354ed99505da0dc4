import { error, fail, redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { settings } from '#lib/server/settings.ts';
import { demo } from '#lib/text/demo.ts';
import type { Actions, PageServerLoad } from './$types';

/** Six deposits, on a machine that does much else. ms */
const LONGEST_MS = 60_000;

function door(): string {
  const { demoUrl } = settings();
  // A hub that is in use has no such page.
  if (demoUrl === '') error(404, 'no demonstration space');
  return demoUrl;
}

export const load: PageServerLoad = () => {
  door();
};

export const actions: Actions = {
  default: async ({ cookies }) => {
    const answer = await fetch(door(), { method: 'POST', signal: AbortSignal.timeout(LONGEST_MS) }).catch(
      () => undefined,
    );
    if (!answer?.ok) return fail(503, { errors: [{ field: 'recommencer', message: demo.failed }] });
    leaveNotice(cookies, demo.done);
    redirect(303, '/demo');
  },
};
