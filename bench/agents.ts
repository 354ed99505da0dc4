import type { Hub } from '#engine/client/hub.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import { agentIdOf } from '#engine/domain/records/agent.ts';
import { progress, spread } from './measure.ts';
import type { Town } from './town.ts';

/** Agents made at once. */
const AT_ONCE = 256;
const FIRST = ['Hélène', 'Camille', 'Noël', 'Ada', 'Zoé', 'Marie', 'Jean', 'Inès'] as const;
/** As after a sign-in with two factors. */
const SHOWN = { acr: 'eidas1-mfa', amr: ['pwd', 'otp'] } as const;

/** An agent who has signed in, as its browser knows it. */
export interface SignedIn {
  /** place of its town among all */
  town: number;
  secret: string;
}

/**
 * Agents of these towns with a session each, by what the API itself does once a provider has vouched for somebody: the agent
 * invited, bound to its account, and its session opened in the store the API reads.
 * @param townOf whose agent number n is
 */
export async function signedIn(
  hub: Hub,
  towns: readonly Town[],
  count: number,
  townOf: (nth: number) => number,
): Promise<SignedIn[]> {
  const agents: SignedIn[] = [];
  const shown = progress('agents', count);
  let made = 0;
  await spread(count, AT_ONCE, async (nth) => {
    const at = townOf(nth);
    const email = `agent-${nth}@commune.test`;
    const agent = agentIdOf(email);
    const names = { givenName: FIRST[nth % FIRST.length] as string, familyName: `Agent${nth}` };
    const place = { org: (towns[at] as Town).key, role: 'agent', processes: null } as const;
    const about = { ...names, quality: 'adjointe administrative', service: 'Accueil' };
    const invite = { kind: 'agent.invite', email, ...place, ...about } as const;
    const sign = { kind: 'agent.sign', agent, subject: `bench ${nth}`, ...names } as const;
    for (const command of [invite, sign]) {
      const { status, body } = await hub.ask(REFERENTIAL, command);
      if (status >= 400) throw new Error(`${command.kind}: ${JSON.stringify(body)}`);
    }
    const { secret } = await hub.sessions.open({ agent, ...SHOWN });
    agents[nth] = { town: at, secret };
    made += 1;
    shown(made);
  });
  return agents;
}
