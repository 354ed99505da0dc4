/** What follows a sign-in by a passkey, for scripts: a cookie and where to go, or the reason why not. */
import { type Cookies, json } from '@sveltejs/kit';
import { HubProblem } from '#lib/server/hub/call.ts';
import { passkeyFaults } from '#lib/text/passkeys.ts';
import { sessionCookie, setCookie } from './cookies.ts';

/** The API ends a session after 12 hours at most. */
export const SESSION_SECONDS = 12 * 3600;

export function enter(cookies: Cookies, secret: string, to: string): Response {
  setCookie(cookies, sessionCookie(), secret, SESSION_SECONDS);
  return json({ to });
}

/** In the catalogue's words; what is no refusal of the hub's is thrown. */
export function refused(error: unknown, requestId: string): Response {
  if (!(error instanceof HubProblem)) throw error;
  console.error(JSON.stringify({ requestId, passkey: error.code, status: error.status }));
  const known = Object.hasOwn(passkeyFaults, error.code);
  const message = passkeyFaults[known ? (error.code as keyof typeof passkeyFaults) : 'unexpected'];
  return json({ message }, { status: error.status >= 500 ? 503 : error.status });
}
