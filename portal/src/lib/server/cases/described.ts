/** What a filter is, in words. */
import { day } from '#lib/format/date.ts';
import { type ListState, listOf } from '#lib/list.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { colleaguesOf } from '#lib/server/cases/colleagues.ts';
import { processNames } from '#lib/server/cases/lists.ts';
import { filterText } from '#lib/text/exports.ts';
import { list } from '#lib/text/list.ts';
import { statusLabels } from '#lib/text/statuses.ts';

const labelOf = (status: string): string => (statusLabels as Record<string, string>)[status] ?? status;

/** Names of what filters name by an id or a code. */
interface Names {
  processes: ReadonlyMap<string, string>;
  people: ReadonlyMap<string, string>;
}

export function describe(state: ListState, { processes, people }: Names): string {
  const assignees: Record<string, string> = { moi: filterText.mine, personne: filterText.nobody };
  const noon = (text: string): string => day(`${text}T12:00:00Z`);
  return [
    list.view[state.view],
    state.process && filterText.process(processes.get(state.process) ?? state.process),
    state.status && filterText.status(labelOf(state.status)),
    state.from && filterText.from(noon(state.from)),
    state.to && filterText.to(noon(state.to)),
    state.due && filterText.due(state.due),
    state.unread && filterText.unread,
    state.assignee && (assignees[state.assignee] ?? filterText.assignee(people.get(state.assignee) ?? state.assignee)),
    state.q && filterText.q(state.q),
  ]
    .filter(Boolean)
    .join(', ');
}

/** The same for filters as the hub keeps them, all at once. */
export async function describeAll(session: Session, filters: readonly string[]): Promise<string[]> {
  const states = filters.map(listOf);
  const [processes, colleagues] = await Promise.all([
    processNames(session, new Set(states.map(({ process }) => process).filter(Boolean))),
    states.some(({ assignee }) => assignee) ? colleaguesOf(session) : [],
  ]);
  const people = new Map(
    [...colleagues, { id: session.agentId, name: session.name }].map(({ id, name }) => [id, name]),
  );
  return states.map((state) => describe(state, { processes, people }));
}
