import type { Static } from 'typebox';
import { authorOf } from '#api/agents/answers.ts';
import { dateText } from '#api/schemas/dates.ts';
import type { Hub } from '#engine/client/hub.ts';
import { type Id, toUuid } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { type AgentState, membershipOf, nameOf } from '#engine/domain/records/agent.ts';
import type { CaseState, CaseStatus } from '#engine/domain/records/case.ts';
import { versionOf } from '#engine/domain/records/desk.ts';
import type { Desk, Peer, Person } from './schema.ts';

type Referential = Pick<Hub['referential'], 'agent' | 'agentsOf'>;

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
export const peersOf = (referential: Referential, org: OrgKey): Static<typeof Peer>[] =>
  referential
    .agentsOf(org)
    .filter(({ suspended }) => suspended === null)
    .map((state) => {
      const codes = membershipOf(state, org)?.processes ?? null;
      return { ...shown(state), processCodes: codes && [...codes] };
    });

/** Whether a case of that démarche may be given to it. */
export function treats(referential: Referential, id: Id, org: OrgKey, process: string): boolean {
  const state = referential.agent(id);
  const membership = state && membershipOf(state, org);
  return state?.suspended === null && membership !== undefined && (membership.processes?.includes(process) ?? true);
}

export function deskAnswer(referential: Referential, state: CaseState, present: readonly Id[]): Static<typeof Desk> {
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
          by: personOf(referential, assignment.by),
          at: dateText(assignment.at),
        }
      : null,
    present: present.map((id) => personOf(referential, id)),
  };
}
