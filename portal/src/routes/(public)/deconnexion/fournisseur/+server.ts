import { redirect } from '@sveltejs/kit';
import { dropCookie, endCookie } from '#lib/server/auth/cookies.ts';
import { endUrl, issuerOrigin } from '#lib/server/auth/provider.ts';
import { unseal } from '#lib/server/auth/seal.ts';
import type { RequestHandler } from './$types';

/** The provider's own session ends too, or the next click would sign in again without a question. */
export const GET: RequestHandler = async ({ cookies }) => {
  const idToken = unseal<string>('end', cookies.get(endCookie()));
  dropCookie(cookies, endCookie());
  const url = await endUrl(idToken).catch(() => undefined);
  if (!url) redirect(303, '/deconnexion/faite');
  redirect(303, url, { external: [issuerOrigin()] });
};
