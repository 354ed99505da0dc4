import { CHECKSUM_DIGITS, checksum } from './checksum.ts';
import type { Message } from './message.ts';

/**
 * A message as a stream entry: 8 hexadecimal digits of CRC-32, then JSON `[command, api, ask, way]`. The last three
 * only when a request waits; `way` is absent when the message is that request, 1 when it came by a lane, so that its
 * turn confirms the delivery instead of answering, and 2 when the partition sent it to itself to go on. A flipped bit
 * of an append-only file passes Redis' own checks: hence the checksum.
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
}

export class CorruptMessage extends Error {
  constructor() {
    super('the checksum of a message is wrong');
    this.name = 'CorruptMessage';
  }
}

export function encodeMessage(message: Message, way: Way = WAY.request): string {
  const { command, replyTo } = message;
  const json = JSON.stringify(
    replyTo ? [command, replyTo.api, replyTo.ask, ...(way === WAY.request ? [] : [way])] : [command],
  );
  return checksum(json) + json;
}

/** @throws CorruptMessage */
export function decodeMessage(text: string): Arrived {
  const json = text.slice(CHECKSUM_DIGITS);
  if (checksum(json) !== text.slice(0, CHECKSUM_DIGITS)) throw new CorruptMessage();
  const [command, api, ask, way] = JSON.parse(json) as [Message['command'], string?, number?, Way?];
  if (api === undefined || ask === undefined) return { command, confirm: false, inside: true };
  return { command, replyTo: { api, ask }, confirm: way === WAY.lane, inside: way !== undefined };
}
