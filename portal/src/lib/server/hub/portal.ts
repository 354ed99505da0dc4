/** The portal's own token: it opens sessions and asks for agents' tokens, nothing else. */
import { settings } from '#lib/server/settings.ts';
import { HubProblem, problemOf } from './call.ts';

/** Renewed before it ends. */
const MARGIN_MS = 30_000;

let kept: { token: string; until: number } | undefined;
let asking: Promise<string> | undefined;

export async function portalToken(): Promise<string> {
  if (kept && Date.now() < kept.until) return kept.token;
  asking ??= ask().finally(() => {
    asking = undefined;
  });
  return asking;
}

/** After a 401: secrets may have been renewed. */
export function forgetPortalToken(): void {
  kept = undefined;
}

async function ask(): Promise<string> {
  const { apiUrl, clientId, clientSecret } = settings();
  let answer: Response;
  try {
    answer = await fetch(`${apiUrl}/oauth2/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'PORTAL' }),
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    throw new HubProblem(503, 'unreachable', (error as Error).message);
  }
  if (!answer.ok) throw problemOf(answer.status === 401 ? 503 : answer.status, await answer.text());
  const { access_token, expires_in } = (await answer.json()) as { access_token: string; expires_in: number };
  kept = { token: access_token, until: Date.now() + expires_in * 1000 - MARGIN_MS };
  return access_token;
}
