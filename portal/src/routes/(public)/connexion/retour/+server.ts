import { redirect } from '@sveltejs/kit';
import { danceCookie, dropCookie, endCookie, sessionCookie, setCookie } from '#lib/server/auth/cookies.ts';
import { SESSION_SECONDS } from '#lib/server/auth/enter.ts';
import { type Dance, finish } from '#lib/server/auth/provider.ts';
import { seal, unseal } from '#lib/server/auth/seal.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { openSession } from '#lib/server/hub/sessions.ts';
import { denials } from '#lib/text/session.ts';
import type { RequestHandler } from './$types';

/** What the provider says by an error of OpenID Connect. */
const REFUSALS: Readonly<Record<string, string>> = {
  access_denied: 'access-denied',
  unmet_authentication_requirements: 'acr-too-low',
  server_error: 'provider',
  temporarily_unavailable: 'provider',
};

export const GET: RequestHandler = async ({ url, cookies, locals }) => {
  const dance = unseal<Dance>('dance', cookies.get(danceCookie()));
  dropCookie(cookies, danceCookie());
  const back = dance?.back ?? '/accueil';
  const deny = (reason: string): never =>
    redirect(303, `/connexion/refus?raison=${reason}&retour=${encodeURIComponent(back)}&ref=${locals.requestId}`);
  if (!dance) return deny('stale');
  const refused = REFUSALS[url.searchParams.get('error') ?? ''];
  if (refused) return deny(refused);
  const texts = await finish(url, dance).catch((error: unknown) => {
    console.error(JSON.stringify({ requestId: locals.requestId, signIn: (error as Error).message }));
    return undefined;
  });
  if (!texts) return deny('unexpected');
  let secret: string;
  try {
    secret = (await openSession(texts.idToken, texts.userinfo)).session;
  } catch (error) {
    if (!(error instanceof HubProblem)) throw error;
    if (error.code === 'acr-too-low' && !dance.strong) {
      redirect(303, `/connexion/renforcee?retour=${encodeURIComponent(back)}`);
    }
    console.error(JSON.stringify({ requestId: locals.requestId, denied: error.code, status: error.status }));
    return deny(error.code in denials ? error.code : error.status >= 500 ? 'provider' : 'unexpected');
  }
  setCookie(cookies, sessionCookie(), secret, SESSION_SECONDS);
  setCookie(cookies, endCookie(), seal('end', texts.idToken, SESSION_SECONDS), SESSION_SECONDS);
  redirect(303, back);
};
