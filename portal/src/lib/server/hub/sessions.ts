/** Sessions of agents: opened, used and ended by the API (decision 020). The portal keeps none. */
import { createHash } from 'node:crypto';
import { call, HubProblem } from './call.ts';
import { forgetPortalToken, portalToken } from './portal.ts';
import { type Identity, identityOf } from './types.ts';

/** A token lives 120 s; one of another organisation than the chosen one is asked for again well before. */
const TOKEN_MS = 60_000;
const KEPT = 20_000;

export interface Organisation extends Identity {
  name: string;
  postalCode: string;
  email: string | null;
  phoneNumber: string | null;
  role: 'administrator' | 'delegate' | 'agent';
  /** null: all of the organisation's */
  processCodes: string[] | null;
  /** its agents may sign in by passkeys */
  passkeys: boolean;
}

export interface Agent {
  id: string;
  email: string;
  givenName: string | null;
  familyName: string | null;
  quality: string | null;
  service: string | null;
  /** what its events are signed with */
  author: string;
}

/** What the API says of a session, each time it is asked. */
export interface Resumed {
  token: string;
  agent: Agent;
  organizations: Organisation[];
  /** the session ends after that without a page */
  idleSeconds: number;
  /** and then in any case */
  endsAt: string;
}

const tokens = new Map<string, { token: string; until: number }>();

/** A call in the portal's own name, once more with a new token when the first is refused. */
export async function asPortal<T>(path: string, body: unknown): Promise<T> {
  try {
    return await call<T>(path, { method: 'POST', token: await portalToken(), body });
  } catch (error) {
    if (!(error instanceof HubProblem) || error.status !== 401 || error.code === 'session-over') throw error;
    forgetPortalToken();
    return call<T>(path, { method: 'POST', token: await portalToken(), body });
  }
}

/** The session's secret. @throws HubProblem whose code is the reason of the denial */
export const openSession = (idToken: string, userinfo: string): Promise<{ session: string }> =>
  asPortal('/relais/v1/sessions', { idToken, userinfo });

/**
 * Reads a session again, and prolongs it where an agent did something.
 * @param organisation key of the one to act for; undefined: none
 */
export const resume = (session: string, organisation: string | undefined, gesture = true): Promise<Resumed> =>
  asPortal('/relais/v1/sessions/token', {
    session,
    organization: organisation === undefined ? null : (identityOf(organisation) ?? null),
    ...(!gesture && { gesture }),
  });

/** A token of this agent for another of its organisations. Kept a minute: each use of it is checked against the session. */
export async function tokenFor(session: string, organisation: string): Promise<string> {
  const name = createHash('sha256').update(`${session} ${organisation}`).digest('base64url');
  const known = tokens.get(name);
  if (known && Date.now() < known.until) return known.token;
  const { token } = await resume(session, organisation);
  tokens.delete(name);
  tokens.set(name, { token, until: Date.now() + TOKEN_MS });
  const [oldest] = tokens.keys();
  if (tokens.size > KEPT && oldest !== undefined) tokens.delete(oldest);
  return token;
}

/** What the agent's decisions are signed with, beside the name. */
export const changeAccount = (
  token: string,
  change: { quality: string | null; service: string | null },
): Promise<unknown> => call('/relais/v1/agent', { token, method: 'PATCH', body: change });

export async function endSession(session: string, everywhere: boolean): Promise<void> {
  await asPortal('/relais/v1/sessions/end', { session, everywhere });
}
