import { CHECKSUM_DIGITS, checksum } from './checksum.ts';
import type { Message } from './message.ts';

/**
 * A message as a stream entry: 8 hexadecimal digits of CRC-32, then JSON `[command, api, ask, way, waits]`. The last four
 * only when a request waits; `way` is absent when the message is that request, 1 when it came by a lane, so that its
 * turn confirms the delivery instead of answering, and 2 when the partition sent it to itself to go on, with `waits` when
 * the answer has to wait for what was sent so far. A flipped bit of an append-only file passes Redis' own checks: hence the
 * checksum.
 */

/** How a message came to its mailbox. */
export const WAY = { request: 0, lane: 1, continued: 2 } as const;
export type Way = (typeof WAY)[keyof typeof WAY];

/** A message as it is decided. */
export interface Arrived extends Message {
  /** it came by a lane and a request waits for its delivery */
  confirm: boolean;
  /** nobody outside would send it again: it must be decided, sooner or later */
  inside: boolean;
  /** deliveries sent by the turns before this one, which the answer waits for: those turns answered nothing */
  waits?: number;
}

export class CorruptMessage extends Error {
  constructor() {
    super('the checksum of a message is wrong');
    this.name = 'CorruptMessage';
  }
}

export function encodeMessage(message: Message, way: Way = WAY.request, waits = 0): string {
  const { command, replyTo } = message;
  const how = [...(way === WAY.request ? [] : [way]), ...(waits === 0 ? [] : [waits])];
  const json = JSON.stringify(replyTo ? [command, replyTo.api, replyTo.ask, ...how] : [command]);
  return checksum(json) + json;
}

/** @throws CorruptMessage */
export function decodeMessage(text: string): Arrived {
  const json = text.slice(CHECKSUM_DIGITS);
  if (checksum(json) !== text.slice(0, CHECKSUM_DIGITS)) throw new CorruptMessage();
  const [command, api, ask, way, waits] = JSON.parse(json) as [Message['command'], string?, number?, Way?, number?];
  if (api === undefined || ask === undefined) return { command, confirm: false, inside: true };
  const arrived = { command, replyTo: { api, ask }, confirm: way === WAY.lane, inside: way !== undefined };
  return waits === undefined ? arrived : { ...arrived, waits };
}
