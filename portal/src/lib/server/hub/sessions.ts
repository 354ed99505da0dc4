/** Sessions of agents: opened, used and ended by the API (decision 020). The portal keeps none. */
import { createHash } from 'node:crypto';
import { call, HubProblem } from './call.ts';
import { forgetPortalToken, portalToken } from './portal.ts';
import { identityOf } from './types.ts';

/** A token lives 120 s; it is asked for again well before. */
const TOKEN_MS = 60_000;
const KEPT = 20_000;

const tokens = new Map<string, { token: string; until: number }>();

/** A call in the portal's own name, once more with a new token when the first is refused. */
async function asPortal<T>(path: string, body: unknown): Promise<T> {
  try {
    return await call<T>(path, { method: 'POST', token: await portalToken(), body });
  } catch (error) {
    if (!(error instanceof HubProblem) || error.status !== 401 || error.code !== '') throw error;
    forgetPortalToken();
    return call<T>(path, { method: 'POST', token: await portalToken(), body });
  }
}

export interface Opened {
  secret: string;
}

/** @throws HubProblem whose code is the reason of the denial */
export const openSession = (idToken: string, userinfo: string): Promise<Opened> =>
  asPortal<Opened>('/relais/v1/sessions', { idToken, userinfo });

/** A token of this agent for one organisation. */
export async function agentToken(secret: string, organisation: string): Promise<string> {
  const name = createHash('sha256').update(`${secret} ${organisation}`).digest('base64url');
  const known = tokens.get(name);
  if (known && Date.now() < known.until) return known.token;
  const { token } = await asPortal<{ token: string }>('/relais/v1/sessions/token', {
    secret,
    organization: identityOf(organisation),
  });
  tokens.delete(name);
  tokens.set(name, { token, until: Date.now() + TOKEN_MS });
  if (tokens.size > KEPT) for (const oldest of tokens.keys()) if (tokens.size > KEPT) tokens.delete(oldest);
  return token;
}

export async function endSession(secret: string, everywhere: boolean): Promise<void> {
  await asPortal('/relais/v1/sessions/end', { secret, all: everywhere });
}
