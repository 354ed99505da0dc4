import type { Hub } from '#engine/client/hub.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { isAway } from '#engine/domain/records/absence.ts';
import { membershipOf } from '#engine/domain/records/agent.ts';

type Referential = Pick<Hub['referential'], 'agent' | 'agentsOf'>;

/** An agent who is away, and who has its cases. */
export interface StandIn {
  /** null: nobody who can, and the cases stay where they are */
  agent: Id | null;
  /** the agent is back from then on, ms */
  until: number;
}

/**
 * Who has an agent's cases now; null: the agent itself, who is not away. A substitute who is away too has its own. Read at
 * each look, never written into cases (decision 032): an absence begins and ends by itself, and restarts have no part in it.
 */
export function standIn(referential: Referential, id: Id, org: OrgKey, now: number): StandIn | null {
  const first = awayOf(referential, id, org, now);
  if (first === null) return null;
  const seen = new Set<Id>([id]);
  for (let next = first.substitute; !seen.has(next); ) {
    seen.add(next);
    const state = referential.agent(next);
    if (state === undefined || state.suspended !== null || membershipOf(state, org) === undefined) break;
    const away = awayOf(referential, next, org, now);
    if (away === null) return { agent: next, until: first.to };
    next = away.substitute;
  }
  return { agent: null, until: first.to };
}

function awayOf(referential: Referential, id: Id, org: OrgKey, now: number) {
  const state = referential.agent(id);
  const absence = (state && membershipOf(state, org)?.absence) ?? null;
  return isAway(absence, now) ? absence : null;
}

/** Whose cases an agent has beside its own. */
export const standsFor = (referential: Referential, id: Id, org: OrgKey, now: number): Id[] =>
  referential
    .agentsOf(org)
    .filter((one) => one.id !== id && standIn(referential, one.id, org, now)?.agent === id)
    .map((one) => one.id);

/** The same for a list's question, as things are at that moment. */
export const replacing =
  ({ referential, now }: Pick<Hub, 'referential' | 'now'>) =>
  (id: Id, org: OrgKey): Id[] =>
    standsFor(referential, id, org, now());
