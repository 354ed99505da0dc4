/** What a case's page shows of its desk, in the agent's own terms. */
import { day } from '#lib/format/date.ts';
import type { Session } from '#lib/server/auth/session.ts';
import type { Desk, Peer, Person, Replaced } from '#lib/server/hub/desk.ts';
import { todayInParis } from '#lib/server/organisation/absence.ts';
import { absenceText } from '#lib/text/absences.ts';
import { deskText } from '#lib/text/desk.ts';
import type { Step } from './timeline.ts';

export interface ShownDesk {
  pending: { id: string; status: string; author: string; due: string; seconds: number } | null;
  /** '' : nobody treats it */
  assignee: { id: string; name: string; mine: boolean; away: string } | null;
  present: string[];
  /** those it may be given to */
  peers: { id: string; name: string }[];
  me: string;
}

const MS = 1_000;

/** Seconds until a decision leaves, as the portal's clock has it. */
export const secondsTo = (due: string, now = Date.now()): number =>
  Math.max(0, Math.ceil((Date.parse(due) - now) / MS));

const nameOf = ({ name }: Person): string => name || deskText.formerly;

/** « En absence jusqu’au … » ; '' : the agent is there. */
function awayOf(session: Session, replaced: Replaced | null): string {
  if (replaced === null) return '';
  const until = day(replaced.until);
  if (replaced.agent === null) return absenceText.awayAlone(until);
  const { id } = replaced.agent;
  return id === session.agentId ? absenceText.awayMe(until) : absenceText.away(until, nameOf(replaced.agent));
}

/** Colleagues who have it before them. */
export const presentNames = ({ present }: Pick<Desk, 'present'>): string[] => present.map(nameOf);

export function deskOf(session: Session, desk: Desk, peers: readonly Peer[], processCode: string): ShownDesk {
  const agent = desk.assignment?.agent ?? null;
  const { pending } = desk;
  return {
    pending: pending && {
      id: pending.id,
      status: pending.status,
      author: pending.author ?? '',
      due: pending.due,
      seconds: secondsTo(pending.due),
    },
    assignee: agent && {
      id: agent.id,
      name: nameOf(agent),
      mine: agent.id === session.agentId,
      away: awayOf(session, desk.assignment?.replaced ?? null),
    },
    present: presentNames(desk),
    peers: peers
      .filter(({ processCodes, id }) => (processCodes?.includes(processCode) ?? true) && id !== agent?.id)
      .map((one) => ({ id: one.id, name: labelOf(one) }))
      .sort((a, b) => a.name.localeCompare(b.name, 'fr')),
    me: session.agentId,
  };
}

/** The last attribution, among what happened; newest first. */
export function withAssignment(steps: Step[], { assignment }: Desk): Step[] {
  if (assignment === null) return steps;
  const { agent, by, at } = assignment;
  const title =
    agent === null
      ? deskText.stepReleased
      : agent.id === by.id
        ? deskText.stepTaken
        : deskText.stepGiven(nameOf(agent));
  const bare = { status: null, message: null, comment: null, acknowledged: false, files: [] };
  const step: Step = { ...bare, at, title, by: nameOf(by) };
  const place = steps.findIndex((one) => one.at <= at);
  return steps.toSpliced(place < 0 ? steps.length : place, 0, step);
}

/** A colleague to give a case to: who is away now is named as such. */
function labelOf(one: Peer, today = todayInParis()): string {
  const { absence } = one;
  const away = absence !== null && absence.from <= today;
  return away ? absenceText.awayToo(nameOf(one), day(absence.to)) : nameOf(one);
}
