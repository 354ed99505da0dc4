import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { caseName } from '../../records/names.ts';
import { openCaseFor } from '../rights.ts';

/** Takes, gives or releases a case: nothing of it leaves the organisation. */
export function decideAssign(command: CommandOf<'case.assign'>, decision: Decision): void {
  const { case: id, caller, by, agent, from } = command;
  const state = openCaseFor(decision, id, caller);
  const before = state.assignment?.agent ?? null;
  if (before !== agent) {
    if (from !== undefined && from !== before) decision.refuse('precondition', 'Somebody else treats it meanwhile');
    decision.put(caseName(id), { ...state, assignment: { agent, by, at: decision.now } });
  }
  decision.reply(204);
}
