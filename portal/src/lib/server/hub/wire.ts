/**
 * One request with its whole answer, over connections that are kept. A page asks the hub some ten things: the streams of
 * `fetch` took more time for these than making the page did (decision 029). What is streamed goes by call.ts' `open`.
 */
import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plain,
  type RequestOptions,
} from 'node:http';
import { Agent as SecureAgent, request as secure } from 'node:https';

/** The hub closes a connection that was idle for ten seconds: none is used that may be closing. ms */
const IDLE_MS = 4_000;
/** A signal for each call is a timer that always runs out, and listeners. ms */
const TIMEOUT_MS = 20_000;
const agents = {
  plain: new Agent({ keepAlive: true, timeout: IDLE_MS }),
  secure: new SecureAgent({ keepAlive: true, timeout: IDLE_MS }),
};

export interface Sent {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** absent: it ends after TIMEOUT_MS without a byte */
  signal?: AbortSignal;
  /** bytes of the answer that are read; absent: all */
  most?: number;
}

export interface Answer {
  status: number;
  /** in lower case */
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  /** there were more than were to be read */
  more: boolean;
}

/** @throws Error when nobody answers, or not in time */
export function send(
  url: string,
  { method, headers, body, signal, most = Number.POSITIVE_INFINITY }: Sent,
): Promise<Answer> {
  const sized = body === undefined ? headers : { ...headers, 'Content-Length': String(Buffer.byteLength(body)) };
  const options: RequestOptions = { method, headers: sized, ...(signal ? { signal } : { timeout: TIMEOUT_MS }) };
  return new Promise((resolve, reject) => {
    const read = (answer: IncomingMessage): void => {
      const parts: Buffer[] = [];
      let size = 0;
      const done = (): void => {
        const bytes = Buffer.concat(parts);
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes, more: size > most });
      };
      answer.on('data', (part: Buffer) => {
        parts.push(part);
        size += part.length;
        if (size <= most) return;
        done();
        answer.destroy();
      });
      answer.once('error', reject);
      answer.once('end', done);
    };
    const asked = url.startsWith('https:')
      ? secure(url, { ...options, agent: agents.secure }, read)
      : plain(url, { ...options, agent: agents.plain }, read);
    asked.once('error', reject);
    if (signal === undefined) asked.once('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.end(body);
  });
}
