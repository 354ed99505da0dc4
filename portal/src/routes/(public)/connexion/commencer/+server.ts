import { redirect } from '@sveltejs/kit';
import { danceCookie, setCookie } from '#lib/server/auth/cookies.ts';
import { begin, issuerOrigin } from '#lib/server/auth/provider.ts';
import { ownPath } from '#lib/server/auth/return.ts';
import { seal } from '#lib/server/auth/seal.ts';
import type { RequestHandler } from './$types';

/** Time to find one's password. Seconds. */
const DANCE_SECONDS = 600;

export const POST: RequestHandler = async ({ request, cookies, locals }) => {
  const form = await request.formData();
  const back = ownPath(form.get('retour')?.toString());
  const started = await begin(back, form.has('renforcee')).catch((error: unknown) => {
    console.error(JSON.stringify({ requestId: locals.requestId, provider: (error as Error).message }));
    return undefined;
  });
  if (!started) redirect(303, `/connexion/refus?raison=provider&retour=${encodeURIComponent(back)}`);
  setCookie(cookies, danceCookie(), seal('dance', started.dance, DANCE_SECONDS), DANCE_SECONDS);
  redirect(303, started.url, { external: [issuerOrigin()] });
};

/** Somebody reloads the address by hand. */
export const GET: RequestHandler = () => redirect(303, '/connexion');
