import { error } from '@sveltejs/kit';
import { settings } from '#lib/server/settings.ts';
import type { RequestHandler } from './$types';

const TIMEOUT_MS = 5_000;

/** The hub's own (RFC 9116): whoever operates it names one contact for all of it. */
export const GET: RequestHandler = async () => {
  const answer = await fetch(`${settings().apiUrl}/.well-known/security.txt`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
  if (!answer?.ok) error(404, 'no contact is configured');
  // Its address is the API's: here it would name another page.
  const lines = (await answer.text()).split('\n').filter((line) => !line.startsWith('Canonical:'));
  return new Response(lines.join('\n'), {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=86400' },
  });
};
