/** What a case's page shows of its desk, in the agent's own terms. */
import type { Session } from '#lib/server/auth/session.ts';
import type { Desk, Peer, Person } from '#lib/server/hub/desk.ts';
import { deskText } from '#lib/text/desk.ts';
import type { Step } from './timeline.ts';

export interface ShownDesk {
  pending: { id: string; status: string; author: string; due: string; seconds: number } | null;
  /** '' : nobody treats it */
  assignee: { id: string; name: string; mine: boolean } | null;
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
    assignee: agent && { id: agent.id, name: nameOf(agent), mine: agent.id === session.agentId },
    present: desk.present.map(nameOf),
    peers: peers
      .filter(({ processCodes, id }) => (processCodes?.includes(processCode) ?? true) && id !== agent?.id)
      .map((one) => ({ id: one.id, name: nameOf(one) }))
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
