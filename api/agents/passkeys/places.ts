import type { Referential } from '#engine/client/referential.ts';
import type { AgentState, Membership } from '#engine/domain/records/agent.ts';

/** Places of an agent that it may reach by a passkey: in organisations the platform let have them. */
export const placesOf = (referential: Pick<Referential, 'office'>, { memberships }: AgentState): Membership[] =>
  memberships.filter(({ org }) => referential.office(org)?.passkeys != null);

export const hasPasskeys = (referential: Pick<Referential, 'office'>, state: AgentState): boolean =>
  placesOf(referential, state).length > 0;
