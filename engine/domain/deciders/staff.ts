import type { Decision } from '../decision.ts';
import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';
import type { AgentRole, StaffState } from '../records/agent.ts';
import { agentName, staffName } from '../records/names.ts';

/** Who works for an organisation: kept beside the agents, so that one turn knows whether an administrator is left. */

/** Agents of one organisation: what its record holds. A city of a million has some hundred. */
const MAX_STAFF = 2_000;

const staffOf = (decision: Decision, org: OrgKey): StaffState =>
  decision.get(staffName(org)) ?? { org, administrators: [], others: [] };

/** @throws DomainError rule */
export function enter(decision: Decision, org: OrgKey, id: Id, role: AgentRole): void {
  const staff = staffOf(decision, org);
  const { administrators, others } = staff;
  if (administrators.length + others.length >= MAX_STAFF) {
    decision.refuse('rule', `An organization has at most ${MAX_STAFF} agents`);
  }
  if (role === 'administrator') decision.put(staffName(org), { ...staff, administrators: [...administrators, id] });
  else decision.put(staffName(org), { ...staff, others: [...others, id] });
}

export function leave(decision: Decision, org: OrgKey, id: Id): void {
  const { administrators, others } = staffOf(decision, org);
  const state = {
    org,
    administrators: administrators.filter((one) => one !== id),
    others: others.filter((one) => one !== id),
  };
  if (state.administrators.length + state.others.length === 0) decision.remove(staffName(org));
  else decision.put(staffName(org), state);
}

/**
 * An organisation with agents has an administrator who can sign in.
 * @param stays whether the one who ceases to be administrator stays an agent
 * @throws DomainError lastAdministrator
 */
export function mustKeepAdministrator(decision: Decision, org: OrgKey, leaving: Id, stays: boolean): void {
  const { administrators, others } = staffOf(decision, org);
  const rest = administrators.filter((one) => one !== leaving);
  if (!stays && rest.length + others.length === 0) return;
  decision.need(rest.map(agentName));
  if (rest.every((one) => (decision.get(agentName(one))?.suspended ?? null) !== null)) {
    decision.refuse('lastAdministrator');
  }
}
