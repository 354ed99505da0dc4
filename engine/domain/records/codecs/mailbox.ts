import type { CommandOf } from '../../commands.ts';
import { type Id, notificationId, notificationParts } from '../../ids.ts';
import type { OrgKey } from '../../organization.ts';
import type { CountersState } from '../counters.ts';
import type { ForwardState } from '../forward.ts';
import type { Migrations } from '../migrations.ts';
import { notificationName } from '../names.ts';
import type { NotificationState } from '../notification.ts';
import type { Forwarding, MovingState, RecipientState } from '../recipient.ts';
import { seal, unseal } from '../seal.ts';
import type { StagedState } from '../staged.ts';
import { decodeFeed, encodeFeed } from './feed.ts';
import { list, orNull, packOrg, type Row, rows, trim, unpackOrg } from './field.ts';
import { decodeDoors, decodeHolding, encodeDoors, encodeHolding } from './hold.ts';

/** Between the parts of a member; in none of them. */
const SEPARATOR = '|';
const RADIX = 36;

/**
 * A notification as the member of its box: what neither the box nor the sequence says, i.e. its time, case,
 * transmitter, event, and its id when it was given elsewhere. Two notifications of a box differ in case, event or id.
 */
export function encodeNotification(partition: number, box: number, sequence: number, state: NotificationState): string {
  const { ms } = notificationParts(state.id);
  let body = ms.toString(RADIX) + SEPARATOR + state.case + SEPARATOR + packOrg(state.transmitter);
  const moved = notificationId(partition, box, sequence, ms) !== state.id;
  if (state.event !== null || moved) body += SEPARATOR + (state.event ?? '');
  if (moved) body += SEPARATOR + state.id;
  return seal(body);
}

/** @throws CorruptRecord */
export function decodeNotification(
  partition: number,
  box: number,
  sequence: number,
  member: string,
  recipient: OrgKey,
  process: string,
): NotificationState {
  const [ms, case_, transmitter, event, id] = unseal(notificationName(box, sequence), member).split(SEPARATOR);
  return {
    id: (id as Id | undefined) ?? notificationId(partition, box, sequence, Number.parseInt(ms as string, RADIX)),
    case: case_ as Id,
    event: event ? (event as Id) : null,
    transmitter: unpackOrg(transmitter),
    recipient,
    process,
  };
}

function encodeMoving(moving: MovingState | null): Row | null {
  return moving && [moving.awaited, ...moving.waiting.map(({ command, replyTo }) => [command, replyTo])];
}

function decodeMoving(value: unknown): MovingState | null {
  if (value === null || value === undefined) return null;
  const [awaited, ...waiting] = value as [
    number,
    ...[CommandOf<'mailbox.migrate'>, MovingState['waiting'][0]['replyTo']][],
  ];
  return { awaited, waiting: waiting.map(([command, replyTo]) => ({ command, replyTo })) };
}

const encodeForwarding = ({ process, target, at }: Forwarding): Row => [process, packOrg(target), at];
const decodeForwarding = (row: Row): Forwarding => ({
  process: orNull(row[0]),
  target: unpackOrg(row[1]),
  at: row[2] as number,
});

const encodeMigrations = (state: Migrations | undefined): Row | null =>
  state === undefined
    ? null
    : trim([
        list(state.out.map(({ process, target, at, granted }) => [process, packOrg(target), at, granted ? 1 : 0])),
        list(state.into.map(({ process, source, at }) => [process, packOrg(source), at])),
      ]);
const decodeMigrations = (row: Row): Migrations => ({
  out: rows(row[0]).map(([process, target, at, granted]) => ({
    ...{ process: orNull<string>(process), target: unpackOrg(target), at: at as number },
    granted: granted === 1,
  })),
  into: rows(row[1]).map(([process, source, at]) => ({
    ...{ process: orNull<string>(process), source: unpackOrg(source), at: at as number },
  })),
});

export const encodeRecipient = (state: RecipientState): Row =>
  trim([
    packOrg(state.org),
    state.sequence,
    Object.entries(state.boxes).flat(),
    encodeMoving(state.moving),
    encodeFeed(state.feed),
    list((state.forwardings ?? []).map(encodeForwarding)),
    ...encodeDoors(state.doors),
    encodeMigrations(state.migrations),
  ]);

export function decodeRecipient(row: Row): RecipientState {
  const flat = row[2] as (string | number)[];
  const pairs: [string, number][] = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i] as string, flat[i + 1] as number]);
  return {
    org: unpackOrg(row[0]),
    sequence: row[1] as number,
    boxes: Object.fromEntries(pairs),
    moving: decodeMoving(row[3]),
    feed: decodeFeed(row[4]),
    ...(row[5] ? { forwardings: rows(row[5]).map(decodeForwarding) } : {}),
    doors: decodeDoors(row[6], row[7]),
    ...(row[8] ? { migrations: decodeMigrations(row[8] as Row) } : {}),
  };
}

export const encodeForward = (state: ForwardState): Row =>
  trim([state.partition, state.box, state.sequence, list(state.via)]);
export const decodeForward = (row: Row): ForwardState => ({
  partition: row[0] as number,
  box: row[1] as number,
  sequence: row[2] as number,
  via: (row[3] ?? []) as number[],
});

export const encodeStaged = ({ cases, mails, holding }: StagedState): Row =>
  trim([cases, mails, ...encodeHolding(holding)]);
export const decodeStaged = (row: Row): StagedState => ({
  cases: row[0] as Id[],
  mails: (row[1] as (string | null)[]).map((mail) => orNull<string>(mail)),
  holding: decodeHolding(row[2], row[3]),
});

export const encodeCounters = (state: CountersState): Row => [state.boxes];
export const decodeCounters = (row: Row): CountersState => ({ boxes: row[0] as number });
