import type { CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import { LONGEST_ABSENCE_MS } from '../records/absence.ts';
import { membershipOf } from '../records/agent.ts';
import { agentName } from '../records/names.ts';
import { change, known } from './agent-state.ts';

/**
 * From when to when an agent is away from an organisation, and who has its cases meanwhile. Nothing is done to the cases:
 * who treats one is read through this (decision 032), so that it ends by itself. 200 with the agent.
 */
export function decideAbsence(command: CommandOf<'agent.absence'>, decision: Decision): void {
  const { agent, org, absence } = command;
  decision.need([agentName(agent), ...(absence === null ? [] : [agentName(absence.substitute)])]);
  const stored = known(agent, decision);
  if (membershipOf(stored, org) === undefined) decision.refuse('agentUnknown');
  if (absence !== null) {
    const { from, to, substitute } = absence;
    if (!(from < to) || to - from > LONGEST_ABSENCE_MS) decision.refuse('rule', 'An absence lasts a year at most');
    if (to <= decision.now) decision.refuse('rule', 'This absence is over');
    const other = decision.get(agentName(substitute));
    const works = other !== undefined && other.suspended === null && membershipOf(other, org) !== undefined;
    if (substitute === agent || !works) decision.refuse('rule', 'The substitute is another agent of the organization');
  }
  const memberships = stored.memberships.map((one) => (one.org === org ? { ...one, absence } : one));
  change(decision, stored, { memberships });
}
