import type { MovedHeld, MovedNotification } from '../../commands/contents.ts';
import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { type Id, notificationParts, parts } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import { partitionOf } from '../../placement.ts';
import { decodeNotification } from '../../records/codec.ts';
import { doorOf } from '../../records/door.ts';
import { boxSet, caseName, caseSet, forwardName, heldSet, pageName, recipientName } from '../../records/names.ts';
import type { NotificationState } from '../../records/notification.ts';
import type { PageEntry } from '../../records/page.ts';
import { boxOf, type RecipientState } from '../../records/recipient.ts';
import { arrive, leaveQueue } from '../hold/move.ts';
import { awaitPartitions, carry, onBehalf } from '../send.ts';
import { append, markCase, take } from './box.ts';
import { begin, end, migrationsOf, refuseFor } from './direction.ts';

/**
 * PUT /cases/migrate (contract §6), in the partition of the source's mailbox: one chunk of one box a turn, each
 * commit carrying the next message. Cases move only in a turn that leaves no notification behind in their box, so
 * that what a moved case tells its new recipient comes after all it told the old one. A case of another partition
 * confirms by `mailbox.moved`, which follows whatever it sent here before; the answer waits for all of them. Cases not
 * yet shown are in no list: they follow when their deposit is complete (forwarding.ts). It is refused beside another one
 * that would make it run in a circle (direction.ts).
 */
export function decideMigrate(command: CommandOf<'mailbox.migrate'>, decision: Decision): void {
  const { source, target, process, caller, moved } = command;
  if (caller.scope === 'SI' && (caller.org !== source || caller.process !== process)) decision.refuse('forbidden');
  if (source === target) decision.refuse('rule', 'Source and target of a migration are the same organization');
  if (command.obstacle) refuseFor(decision, command.obstacle);
  const at = command.at ?? begin(decision, command);
  const next = { ...command, at };
  const name = recipientName(source);
  const recipient = decision.get(name);
  const own = migrationsOf(recipient).out.find((one) => one.at === at);
  if (recipient === undefined || own === undefined) {
    // Another request for the same came to its end.
    awaitPartitions(decision, [partitionOf(target)]);
    decision.reply(200, { caseUpdated: moved });
    return;
  }
  const chunk = own.granted ? nextChunk(decision, recipient, process) : undefined;
  if (chunk) {
    const cases = move(decision, command, chunk);
    decision.continue(onBehalf(decision, { ...next, moved: moved + cases }));
  } else if (!own.granted || (recipient.moving?.awaited ?? 0) > 0) {
    const { awaited, waiting } = recipient.moving ?? { awaited: 0, waiting: [] };
    const all = [...waiting, { command: next, replyTo: decision.replyTo ?? null }];
    decision.put(name, { ...recipient, moving: { awaited, waiting: all } });
  } else {
    end(decision, next, at);
    decision.reply(200, { caseUpdated: moved });
  }
}

interface Chunk {
  process: string;
  box: number;
  notifications: PageEntry[];
  cases: PageEntry[];
  held: Id[];
}

/** The first box with something to move. */
function nextChunk(decision: Decision, recipient: RecipientState, process: string | null): Chunk | undefined {
  const codes = process === null ? Object.keys(recipient.boxes) : [process];
  const boxes = codes.flatMap((code) => boxOf(recipient, code) ?? []);
  const waiting = (box: number): boolean => (doorOf(recipient.doors, box)?.held ?? 0) > 0;
  decision.need(
    boxes.flatMap((box) => {
      const listed = [pageName(boxSet(box)), pageName(caseSet(box))];
      return waiting(box) ? [...listed, pageName(heldSet(box))] : listed;
    }),
  );
  for (const [index, box] of boxes.entries()) {
    const notifications = decision.get(pageName(boxSet(box)));
    const cases = decision.get(pageName(caseSet(box)));
    if (!notifications || !cases) continue;
    const listed = notifications.entries.length + cases.entries.length > 0 || notifications.more || cases.more;
    if (!listed && !waiting(box)) continue;
    const held = listed ? [] : (decision.get(pageName(heldSet(box)))?.entries ?? []);
    return {
      process: codes[index] as string,
      box,
      notifications: notifications.entries,
      cases: notifications.more ? [] : cases.entries,
      held: held.map(({ member }) => member as Id),
    };
  }
  return undefined;
}

/** Answers how many cases it moved. */
function move(decision: Decision, command: CommandOf<'mailbox.migrate'>, chunk: Chunk): number {
  const { source, target } = command;
  const { process, box } = chunk;
  const home = partitionOf(target);
  const listed = chunk.notifications.map(({ score, member }) => ({
    sequence: score,
    state: decodeNotification(decision.partition, box, score, member, source, process),
  }));
  const foreign = listed.filter(({ sequence, state }) => !isNative(decision, state.id, box, sequence));
  decision.need(foreign.map(({ state }) => forwardName(state.id)));
  const notifications = listed.map(({ sequence, state }) => takeOff(decision, box, sequence, state));
  const cases = chunk.cases.map(({ member, score }) => ({ id: member as Id, mark: score }));
  for (const { id } of cases) decision.drop(caseSet(box), id);
  const held = leaveQueue(decision, chunk.held);
  if (home === decision.partition) adopt(decision, target, process, cases, notifications, held);
  else {
    for (const { id } of notifications) {
      decision.put(forwardName(id), { partition: home, box: 0, sequence: 0, via: [] });
    }
    const sent = notifications.map((one) => ({ ...one, via: reaching(one.via, decision.partition, home) }));
    const message = { kind: 'mailbox.adopt', target, process, cases, notifications: sent } as const;
    carry(decision, home, held.length > 0 ? { ...message, held } : message, false);
  }
  const all = [...cases, ...held];
  reassign(decision, source, target, all);
  return all.length;
}

/** Partitions that point to a notification once it has moved from one to another. */
const reaching = (via: readonly number[], from: number, to: number): number[] => [
  ...new Set([...via, from].filter((partition) => partition !== to)),
];

/** Whether a notification lies where its id says. */
function isNative(decision: Decision, id: Id, box: number, sequence: number): boolean {
  const given = notificationParts(id);
  return given.home === decision.partition && given.box === box && given.sequence === sequence;
}

function takeOff(decision: Decision, box: number, sequence: number, state: NotificationState): MovedNotification {
  const via = isNative(decision, state.id, box, sequence) ? [] : (decision.get(forwardName(state.id))?.via ?? []);
  take(decision, box, sequence, state);
  return { id: state.id, case: state.case, event: state.event, transmitter: state.transmitter, via };
}

/** Gives the cases their new recipient: here at once, in other partitions by a message that is confirmed. */
function reassign(decision: Decision, source: OrgKey, target: OrgKey, cases: readonly { id: Id }[]): void {
  const local = cases.filter(({ id }) => parts(id).home === decision.partition);
  decision.need(local.map(({ id }) => caseName(id)));
  for (const { id } of local) setRecipient(decision, id, target);
  const awaited = cases.length - local.length;
  if (awaited === 0) return;
  for (const { id } of cases) {
    const { home } = parts(id);
    if (home !== decision.partition)
      carry(decision, home, { kind: 'case.recipient', case: id, recipient: target, source }, false);
  }
  const recipient = decision.get(recipientName(source)) as RecipientState;
  const moving = recipient.moving ?? { awaited: 0, waiting: [] };
  decision.put(recipientName(source), { ...recipient, moving: { ...moving, awaited: moving.awaited + awaited } });
}

function setRecipient(decision: Decision, id: Id, recipient: OrgKey): void {
  const state = decision.get(caseName(id));
  if (state) decision.put(caseName(id), { ...state, recipient });
}

export function decideRecipient(command: CommandOf<'case.recipient'>, decision: Decision): void {
  const { case: id, recipient, source } = command;
  setRecipient(decision, id, recipient);
  const moved = { kind: 'mailbox.moved', source, cases: 1 } as const;
  carry(decision, partitionOf(source), moved, false);
}

/** Lists what comes from elsewhere, in order; each notification keeps its id and leaves its place at that id. */
function adopt(
  decision: Decision,
  target: OrgKey,
  process: string,
  cases: readonly { id: Id; mark: number }[],
  notifications: readonly MovedNotification[],
  held: readonly MovedHeld[] = [],
): void {
  for (const { id, via, ...content } of notifications) {
    const place = append(decision, target, process, content, () => id);
    decision.put(forwardName(id), { partition: decision.partition, ...place, via });
  }
  for (const { id, mark } of cases) markCase(decision, target, process, id, mark);
  arrive(decision, target, process, held);
}

export const decideAdopt = (command: CommandOf<'mailbox.adopt'>, decision: Decision): void =>
  adopt(decision, command.target, command.process, command.cases, command.notifications, command.held);

/** Once the last case of another partition has its new recipient, the waiting migrations look again and end. */
export function decideMoved(command: CommandOf<'mailbox.moved'>, decision: Decision): void {
  const name = recipientName(command.source);
  const recipient = decision.get(name);
  if (!recipient?.moving) return;
  const awaited = recipient.moving.awaited - command.cases;
  if (awaited > 0) {
    decision.put(name, { ...recipient, moving: { ...recipient.moving, awaited } });
    return;
  }
  decision.put(name, { ...recipient, moving: null });
  for (const { command: next, replyTo } of recipient.moving.waiting) {
    decision.continue(replyTo === null ? { command: next } : { command: next, replyTo });
  }
}
