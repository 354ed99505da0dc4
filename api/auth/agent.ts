import { neededFor, reaches } from '#api/agents/policy.ts';
import type { Identity, SignedIn } from '#api/server/types.ts';
import type { Referential } from '#engine/client/referential.ts';
import type { Session, Sessions } from '#engine/client/sessions.ts';
import type { Acr } from '#engine/domain/acr.ts';
import type { AgentState, Membership } from '#engine/domain/records/agent.ts';
import { RIGHTS } from '#engine/domain/records/client.ts';
import { invalidToken } from './unauthorized.ts';

/** What an agent's token is checked against. */
export interface AgentHub {
  referential: Pick<Referential, 'agent' | 'office' | 'processes'>;
  sessions: Pick<Sessions, 'live'>;
}

/** What an agent may act for with this sign-in: a role given meanwhile may ask for more than it showed. */
export const openTo = (
  { referential }: Pick<AgentHub, 'referential'>,
  acr: Acr,
  { memberships, national }: AgentState,
  session: Session,
): readonly Membership[] =>
  memberships.filter(({ org, role }) =>
    reaches(session, neededFor(acr, [role], national), referential.office(org)?.passkeys != null),
  );

/** Whether the passkey a session was opened with is the agent's still: one that was removed opens nothing more. */
export const isKept = ({ passkeys }: AgentState, { passkey }: Session): boolean =>
  passkey === undefined || passkeys.some(({ id }) => id === passkey);

/**
 * Who an agent's token is for, as session, agent and habilitation are now. Whatever of it is over answers 401: the portal
 * asks for another token, and is told why there is none.
 * @param acr lowest level of a sign-in @throws HttpError 401; DomainError busy
 */
export async function confirmAgent(hub: AgentHub, acr: Acr, identity: Identity): Promise<Identity> {
  const { pass, caller } = identity;
  if (pass === undefined) throw invalidToken();
  const session = await hub.sessions.live(pass.session);
  const state = hub.referential.agent(pass.agent);
  if (session?.agent !== pass.agent || state === undefined || state.suspended !== null) throw invalidToken();
  if (!isKept(state, session)) throw invalidToken();
  const memberships = openTo(hub, acr, state, session);
  const membership = memberships.find(({ org }) => org === caller.org) ?? null;
  if (membership === null && caller.org !== '') throw invalidToken();
  const agent: SignedIn = { state, membership, memberships, session: pass.session };
  const processes = membership === null ? [] : processesOf(hub, membership);
  return { ...identity, rights: RIGHTS, caller: { scope: 'SI', org: caller.org, processes }, agent };
}

/** Its démarches by name. All the organisation's: whatever case is addressed to it, so all there are. */
const processesOf = ({ referential }: AgentHub, { processes }: Membership): readonly string[] =>
  processes ?? Array.from(referential.processes(), ({ code }) => code);
