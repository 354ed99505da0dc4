import { sendBytes } from './bytes.ts';
import type { Exchange } from './exchange.ts';
import { sendItems } from './items.ts';
import { sendLines } from './lines.ts';
import { sendLive } from './stream.ts';
import type { Reply } from './types.ts';
import { type Sending, sendWhole } from './whole.ts';

/**
 * Sends a reply; the promise, if any, resolves when all of it is handed over or the client is gone. Throws before its
 * first byte is written, when another answer can still be given, or after (`exchange.begun`), when none can.
 */
export function send(exchange: Exchange, reply: Reply, close: boolean, sending: Sending): Promise<void> | undefined {
  if (reply.items) return sendItems(exchange, reply, close, sending);
  if (reply.lines) return sendLines(exchange, reply, reply.lines, sending);
  if (reply.bytes) return sendBytes(exchange, reply, reply.bytes, sending);
  if (reply.live) return sendLive(exchange, reply, reply.live, sending);
  const text = reply.text ?? (reply.json === undefined ? undefined : JSON.stringify(reply.json));
  sendWhole(exchange, reply, text, close);
  return undefined;
}
