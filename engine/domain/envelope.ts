import { crc32 } from 'node:zlib';
import type { Command } from './commands.ts';
import type { Message } from './message.ts';

/**
 * A message as a stream entry: 8 hexadecimal digits of CRC-32, then JSON `[command, api, ask, confirm]`. The last
 * three only when a request waits; `confirm` is 1 when the message came by a lane, so that its turn confirms the
 * delivery instead of answering. A flipped bit of an append-only file passes Redis' own checks: hence the checksum.
 */
const DIGITS = 8;
const HEX = 16;

export class CorruptMessage extends Error {
  constructor() {
    super('the checksum of a message is wrong');
    this.name = 'CorruptMessage';
  }
}

export function encodeMessage(message: Message, confirm = false): string {
  const { command, replyTo } = message;
  const json = JSON.stringify(
    replyTo ? (confirm ? [command, replyTo.api, replyTo.ask, 1] : [command, replyTo.api, replyTo.ask]) : [command],
  );
  return crc32(json).toString(HEX).padStart(DIGITS, '0') + json;
}

export function decodeMessage(text: string): Message & { confirm: boolean } {
  const json = text.slice(DIGITS);
  if (crc32(json) !== Number.parseInt(text.slice(0, DIGITS), HEX)) throw new CorruptMessage();
  const [command, api, ask, confirm] = JSON.parse(json) as [Command, string?, number?, number?];
  if (api === undefined || ask === undefined) return { command, confirm: false };
  return { command, replyTo: { api, ask }, confirm: confirm === 1 };
}
