import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import type { OrgKey } from '../../organization.ts';
import { partitionOf } from '../../placement.ts';
import { NO_DOORS } from '../../records/door.ts';
import type { Leaving, Migrations, Obstacle } from '../../records/migrations.ts';
import { recipientName } from '../../records/names.ts';
import type { RecipientState } from '../../records/recipient.ts';
import { carry } from '../send.ts';
import { noteForwarding } from './forwarding.ts';

/**
 * A mailbox migrates in one direction at a time: to one target, or from others to it. Each migration looks for what is
 * left until nothing is, since cases of other partitions go on telling the old recipient until they know the new one. Two
 * in opposite directions, or several in a circle, would each look for what another one brought, for ever; two in a row
 * would give a case of a third partition its recipients in an order nobody knows; and of two that leave together, one
 * would take a case and the other what it tells. So the source notes that it leaves, then asks its target, which notes
 * that it enters: of those that would touch, the last to note finds the other one noted, and is refused.
 *
 * A word may be lost, as a dead letter discarded, or with commits a Redis lost: the same migration asked for again says
 * all of them again. The refusal names it.
 */
const NONE: Migrations = { out: [], into: [] };

interface Scope {
  process: string | null;
}

const overlap = (one: Scope, other: Scope): boolean =>
  one.process === null || other.process === null || one.process === other.process;

export const migrationsOf = (state: RecipientState | undefined): Migrations => state?.migrations ?? NONE;

const mailbox = (decision: Decision, org: OrgKey): RecipientState =>
  decision.get(recipientName(org)) ?? {
    ...{ org, sequence: 0, boxes: {}, moving: null, feed: null },
    doors: NO_DOORS,
  };

function put(decision: Decision, known: RecipientState, migrations: Migrations): void {
  const { migrations: _, ...rest } = known;
  const some = migrations.out.length + migrations.into.length > 0;
  decision.put(recipientName(known.org), some ? { ...rest, migrations } : rest);
}

const lastForwarding = ({ forwardings = [] }: RecipientState): number => forwardings.at(-1)?.at ?? 0;

export function refuseFor(decision: Decision, { source, target }: Obstacle): never {
  return decision.refuse(
    'conflict',
    `Cases of organization ${source} are migrating to ${target}: repeat that migration until it is answered 200, then this one`,
  );
}

/** Takes a migration on; the same one again goes on with the one under way. Answers its stamp. */
export function begin(decision: Decision, { source, target, process }: CommandOf<'mailbox.migrate'>): number {
  const known = mailbox(decision, source);
  const { out, into } = migrationsOf(known);
  const same = out.find((one) => one.target === target && one.process === process);
  if (same) {
    if (!same.granted) ask(decision, source, same);
    return same.at;
  }
  const beside = out.find((one) => one.target !== target && overlap(one, { process }));
  if (beside) refuseFor(decision, { source, target: beside.target });
  const before = into.find((one) => overlap(one, { process }));
  if (before) refuseFor(decision, { source: before.source, target: source });
  const at = Math.max(decision.now, lastForwarding(known) + 1, ...out.map((one) => one.at + 1));
  const own = { process, target, at, granted: false };
  put(decision, known, { out: [...out, own], into });
  if (partitionOf(target) !== decision.partition) ask(decision, source, own);
  else {
    const { obstacle, after } = enter(decision, source, own);
    if (obstacle) refuseFor(decision, obstacle);
    grant(decision, source, own, after);
  }
  return at;
}

function ask(decision: Decision, source: OrgKey, { target, process, at }: Leaving): void {
  carry(decision, partitionOf(target), { kind: 'mailbox.enter', source, target, process, at }, false);
}

/** The target's part: what is in the way, or notes it and answers when the target itself left last, ms. */
function enter(decision: Decision, source: OrgKey, { target, process, at }: Omit<Leaving, 'granted'>) {
  const known = mailbox(decision, target);
  const { out, into } = migrationsOf(known);
  const before = out.find((one) => overlap(one, { process }));
  if (before) return { obstacle: { source: target, target: before.target }, after: 0 };
  const isSame = (one: (typeof into)[0]): boolean => one.source === source && one.process === process;
  // One given up may be replayed after a later one.
  const stamp = Math.max(at, into.find(isSame)?.at ?? 0);
  put(decision, known, { out, into: [...into.filter((one) => !isSame(one)), { process, source, at: stamp }] });
  return { obstacle: null, after: lastForwarding(known) };
}

export function decideEnter({ kind: _, ...way }: CommandOf<'mailbox.enter'>, decision: Decision): void {
  const found = enter(decision, way.source, way);
  carry(decision, partitionOf(way.source), { kind: 'mailbox.entered', ...way, ...found }, false);
}

/**
 * From now on it moves cases, and deposits not complete yet follow: also those the target sent here before, whatever
 * its clock said then.
 */
function grant(decision: Decision, source: OrgKey, own: Leaving, after: number): void {
  const known = mailbox(decision, source);
  const { out, into } = migrationsOf(known);
  const { process, target } = own;
  const at = Math.max(decision.now, own.at, after + 1);
  put(decision, noteForwarding(known, { process, target, at }), {
    out: out.map((one) => (one.at === own.at ? { ...one, granted: true } : one)),
    into,
  });
}

/** What the target said. A word of a migration that is over, or began already, changes nothing. */
export function decideEntered(command: CommandOf<'mailbox.entered'>, decision: Decision): void {
  const { source, target, process, at, obstacle, after } = command;
  const known = mailbox(decision, source);
  const { out, into } = migrationsOf(known);
  const own = out.find((one) => one.at === at);
  if (own === undefined) {
    if (obstacle === null) tell(decision, target, { kind: 'mailbox.left', source, target, process, at });
    return;
  }
  if (own.granted) return;
  if (obstacle === null) grant(decision, source, own, after);
  else put(decision, known, { out: out.filter((one) => one !== own), into });
  wake(decision, source, at, obstacle);
}

/** The requests that wait for the target's word go on with it. */
function wake(decision: Decision, source: OrgKey, at: number, obstacle: Obstacle | null): void {
  const name = recipientName(source);
  const recipient = decision.get(name);
  if (!recipient?.moving) return;
  const { awaited, waiting } = recipient.moving;
  const left = waiting.filter(({ command }) => command.at !== at);
  decision.put(name, { ...recipient, moving: awaited + left.length > 0 ? { awaited, waiting: left } : null });
  for (const { command, replyTo } of waiting) {
    if (command.at !== at) continue;
    const next = obstacle ? { ...command, obstacle } : command;
    decision.continue(replyTo === null ? { command: next } : { command: next, replyTo });
  }
}

/** Nothing is left to move; the request is answered once the target knows. */
export function end(decision: Decision, { source, target, process }: CommandOf<'mailbox.migrate'>, at: number): void {
  const known = mailbox(decision, source);
  const { out, into } = migrationsOf(known);
  put(decision, known, { out: out.filter((one) => one.at !== at), into });
  tell(decision, target, { kind: 'mailbox.left', source, target, process, at });
}

/** By a lane, and the waiting request waits; or at once. */
function tell(decision: Decision, org: OrgKey, command: CommandOf<'mailbox.left'>): void {
  const home = partitionOf(org);
  if (home === decision.partition) decideLeft(command, decision);
  else carry(decision, home, command, true);
}

export function decideLeft(command: CommandOf<'mailbox.left'>, decision: Decision): void {
  const { source, target, process, at } = command;
  const known = mailbox(decision, target);
  const { out, into } = migrationsOf(known);
  const isOver = (one: (typeof into)[0]): boolean => one.source === source && one.process === process && one.at <= at;
  put(decision, known, { out, into: into.filter((one) => !isOver(one)) });
}
