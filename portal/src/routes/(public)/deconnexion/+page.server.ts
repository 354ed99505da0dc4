import { redirect } from '@sveltejs/kit';
import { choiceCookie, dropCookie, endCookie, sessionCookie } from '#lib/server/auth/cookies.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { endSession } from '#lib/server/hub/sessions.ts';
import { forgetOwner } from '#lib/server/talk/owner.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => {
  if (!locals.session) redirect(303, '/deconnexion/faite');
};

export const actions: Actions = {
  default: async ({ request, cookies }) => {
    const everywhere = (await request.formData()).get('ou') === 'partout';
    const secret = cookies.get(sessionCookie());
    if (secret) {
      await endSession(secret, everywhere).catch((error: unknown) => {
        // Ended already, or by itself: what was wanted.
        if (!(error instanceof HubProblem) || error.status >= 500) throw error;
      });
    }
    dropCookie(cookies, sessionCookie());
    dropCookie(cookies, choiceCookie());
    forgetOwner(cookies);
    // Who signed in by a passkey has no session at the provider.
    const next = cookies.get(endCookie()) ? '/deconnexion/fournisseur' : '/deconnexion/faite';
    redirect(303, `${next}${everywhere ? '?partout=1' : ''}`);
  },
};
