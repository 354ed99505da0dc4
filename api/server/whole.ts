import { STATUS_CODES } from 'node:http';
import { CACHING, DEFENCES, INERT, NO_STORE } from './defences.ts';
import type { Exchange } from './exchange.ts';
import type { Reply } from './types.ts';
import type { Watch } from './watch.ts';

const FIRST_ERROR = 400;
const JSON_TYPE = 'application/json';

/** Status lines with the standard reason phrases: clients in the field compare them (contract §2). */
const LINES = new Map(Object.entries(STATUS_CODES).map(([code, phrase]) => [Number(code), `${code} ${phrase}`]));

export interface Sending {
  watch: Watch;
  stallMs: number;
  /** the process ends: a connection must not serve another request */
  last: boolean;
}

/**
 * Writes the status line and the headers; inside a cork.
 * @param last the client is asked to end the connection; whoever ends it with the answer says so by itself
 */
export function writeHead(exchange: Exchange, reply: Reply, type: string | undefined, last = false): void {
  const { res } = exchange;
  res.writeStatus(LINES.get(reply.status) ?? String(reply.status));
  if (type !== undefined) res.writeHeader('Content-Type', type);
  res.writeHeader('X-Request-Id', exchange.id);
  for (const [name, value] of DEFENCES) res.writeHeader(name, value);
  if (reply.status >= FIRST_ERROR || reply.bytes !== undefined) {
    for (const [name, value] of INERT) res.writeHeader(name, value);
  }
  if (last) res.writeHeader('Connection', 'close');
  if (reply.headers?.[CACHING] === undefined) res.writeHeader(CACHING, NO_STORE);
  if (reply.headers === undefined) return;
  for (const name in reply.headers) res.writeHeader(name, reply.headers[name] as string);
}

/** An answer that is whole in memory. `close`: the connection must not serve another request. */
export function sendWhole(exchange: Exchange, reply: Reply, text: string | undefined, close: boolean): void {
  if (exchange.aborted) return;
  const { res } = exchange;
  res.cork(() => {
    exchange.answered = true;
    if (text === undefined) {
      writeHead(exchange, reply, undefined);
      // with an argument, even undefined, it announces a length of 2^63 bytes
      if (close) res.end('', true);
      else res.endWithoutBody();
    } else {
      writeHead(exchange, reply, reply.type ?? JSON_TYPE);
      res.end(text, close);
    }
  });
}
