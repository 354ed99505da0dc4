import type { Decision } from '../decision.ts';
import type { Id } from '../ids.ts';
import type { AgentState } from '../records/agent.ts';
import { agentName } from '../records/names.ts';

/** @throws DomainError agentUnknown */
export const known = (id: Id, decision: Decision): AgentState =>
  decision.get(agentName(id)) ?? decision.refuse('agentUnknown');

/** The agent with what changed: 200 with it. */
export function change(decision: Decision, stored: AgentState, changes: Partial<AgentState>): void {
  const state: AgentState = { ...stored, ...changes, updated: decision.now };
  decision.put(agentName(stored.id), state);
  decision.reply(200, state);
}
