import type { Static } from 'typebox';
import { absenceAnswer, authorOf } from '#api/agents/answers.ts';
import { deadlineOf, receivedOf } from '#api/index/row.ts';
import { dateOrNull, dateText } from '#api/schemas/dates.ts';
import type { Hub } from '#engine/client/hub.ts';
import { dayOf } from '#engine/domain/calendar.ts';
import { type Id, toUuid } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { type AgentState, membershipOf, nameOf } from '#engine/domain/records/agent.ts';
import type { CaseState, CaseStatus } from '#engine/domain/records/case.ts';
import { versionOf } from '#engine/domain/records/desk.ts';
import type { Desk, Peer, Person } from './schema.ts';
import { standIn } from './standin.ts';

type Referential = Pick<Hub['referential'], 'agent' | 'agentsOf'>;
type Known = Pick<Hub['referential'], 'agent' | 'agentsOf' | 'process'>;

const shown = (state: AgentState): Static<typeof Person> => ({
  id: toUuid(state.id),
  name: nameOf(state) || state.email,
  author: authorOf(state),
});

/** An agent as colleagues see it; one that is known no more keeps its id. */
export function personOf(referential: Referential, id: Id): Static<typeof Person> {
  const state = referential.agent(id);
  return state === undefined ? { id: toUuid(id), name: '', author: '' } : shown(state);
}

/** Agents of an organisation who can work: those a case may be given to. */
export const peersOf = (referential: Referential, org: OrgKey, now: number): Static<typeof Peer>[] =>
  referential
    .agentsOf(org)
    .filter(({ suspended }) => suspended === null)
    .map((state) => {
      const own = membershipOf(state, org);
      const codes = own?.processes ?? null;
      const absence = absenceAnswer(own?.absence ?? null, now);
      return { ...shown(state), role: own?.role ?? 'agent', processCodes: codes && [...codes], absence };
    });

/** Whether a case of that démarche may be given to it. */
export function treats(referential: Referential, id: Id, org: OrgKey, process: string): boolean {
  const state = referential.agent(id);
  const membership = state && membershipOf(state, org);
  return state?.suspended === null && membership !== undefined && (membership.processes?.includes(process) ?? true);
}

/** Who has the cases of an agent who is away, and until which day; null: the agent is there. */
export function replacedOf(referential: Referential, id: Id, org: OrgKey, process: string, now: number) {
  const found = standIn(referential, id, org, now);
  if (found === null) return null;
  // Not habilitated for the démarche, the substitute does not see its cases.
  const agent = found.agent !== null && treats(referential, found.agent, org, process) ? found.agent : null;
  return { agent: agent && personOf(referential, agent), until: dayOf(found.until - 1) };
}

/** @param now ms */
export function deskAnswer(
  referential: Known,
  id: Id,
  state: CaseState,
  present: readonly Id[],
  now: number,
): Static<typeof Desk> {
  const { pending, assignment } = state;
  const first = pending?.events[0];
  const last = pending?.events.at(-1);
  return {
    version: versionOf(state),
    pending:
      pending && first && last
        ? {
            id: toUuid(first.id),
            status: last.caseNewStatus as CaseStatus,
            author: last.author,
            due: dateText(pending.due),
          }
        : null,
    assignment: assignment
      ? {
          agent: assignment.agent && personOf(referential, assignment.agent),
          replaced: assignment.agent && replacedOf(referential, assignment.agent, state.recipient, state.process, now),
          by: personOf(referential, assignment.by),
          at: dateText(assignment.at),
        }
      : null,
    deadline: dateOrNull(deadlineOf(referential.process(state.process), receivedOf(id, state))),
    present: present.map((id) => personOf(referential, id)),
  };
}
