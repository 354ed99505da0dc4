import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import type { Acr } from '#engine/domain/acr.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import { type AgentRole, type AgentState, agentIdOf, mailOfAgent } from '#engine/domain/records/agent.ts';
import { administeredBy } from './first.ts';
import { neededFor, reaches, type SignInLevel } from './policy.ts';
import type { Verified } from './provider.ts';

type Deps = Pick<ApiDeps, 'hub' | 'config'>;

/** The hub's own lowest level. */
const lowestOf = ({ config }: Pick<ApiDeps, 'config'>): Acr => config.oidc?.acr ?? 'eidas1';

/** @param passkeys whether what is to be reached lets them be enough @throws Problem acr-too-low, with the level that is needed */
export function mustReach(
  deps: Pick<ApiDeps, 'config'>,
  shown: SignInLevel,
  roles: readonly AgentRole[],
  national: boolean,
  passkeys = false,
): void {
  const acr = neededFor(lowestOf(deps), roles, national);
  if (!reaches(shown, acr, passkeys)) throw new Problem('acr-too-low', `Niveau nécessaire : ${acr}.`, { acr });
}

/** @throws Problem agent-suspended, agent-unknown */
export function mustWork(state: AgentState | undefined): AgentState {
  if (state === undefined || state.memberships.length === 0) throw new Problem('agent-unknown');
  if (state.suspended !== null) throw new Problem('agent-suspended');
  return state;
}

/**
 * The agent a verified person is, bound to its account; made now when it is an organisation's first administrator.
 * @throws Problem the reason of its denial
 */
export async function signIn(deps: Deps, who: Verified): Promise<AgentState> {
  const { hub } = deps;
  if (who.email === '' || !who.isEmailVerified) throw new Problem('email-unverified');
  const email = mailOfAgent(who.email);
  let state = hub.referential.agent(agentIdOf(email));
  if (state === undefined) {
    const first = administeredBy(hub.referential, email, who.siret);
    if (first === 'siret-missing') throw new Problem('siret-missing');
    if (first.length === 0) throw new Problem('agent-unknown');
    mustReach(deps, who, ['administrator'], false);
    for (const org of first) state = await makeFirst(deps, email, org, who);
  }
  const known = mustWork(state);
  mustReach(
    deps,
    who,
    known.memberships.map(({ role }) => role),
    known.national,
  );
  const { subject, givenName, familyName } = who;
  const answer = await hub.ask(REFERENTIAL, { kind: 'agent.sign', agent: known.id, subject, givenName, familyName });
  if (answer.status === 200) return answer.body as AgentState;
  // Withdrawn or suspended meanwhile, or the address has another account: whoever that is was not invited.
  throw new Problem('agent-unknown', answer.status === 409 ? 'Cette adresse est liée à un autre compte.' : undefined);
}

/** Two sign-ins at once make one agent: the second finds it. */
async function makeFirst({ hub }: Deps, email: string, org: OrgKey, who: Verified): Promise<AgentState | undefined> {
  const { givenName, familyName } = who;
  const answer = await hub.ask(REFERENTIAL, {
    kind: 'agent.invite',
    email,
    org,
    role: 'administrator',
    processes: null,
    givenName,
    familyName,
    quality: null,
    service: null,
  });
  if (answer.status === 201) return answer.body as AgentState;
  if (answer.status !== 409) throw new Problem('busy');
  await hub.referential.fresh();
  return hub.referential.agent(agentIdOf(email));
}
