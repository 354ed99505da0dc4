import { lookup as resolveName } from 'node:dns';
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent, request } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { CallOutcome } from '#engine/domain/records/webhook.ts';
import { isPublic, literalOf } from './address.ts';

/** One call, connection and name included, ms. */
export const CALL_MS = 10_000;
/** An answer's body is read this long and no further, so that the connection can serve again. */
const DRAIN_BYTES = 16 * 1024;
const DRAIN_MS = 1_000;
/** An idle connection is kept this long, ms: less than what servers in the field do. */
const IDLE_MS = 4_000;
/** Idle connections to one host. */
const IDLE_SOCKETS = 4;
const HEADER_BYTES = 16 * 1024;
/** `Retry-After` in seconds or as a date (RFC 9110 §10.2.3). */
const SECONDS = /^\d{1,9}$/;

export interface Call {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** bytes of the answer's body to give back; 0: none is looked at */
  answerBytes: number;
}

export interface Called {
  outcome: CallOutcome;
  /** 0: no answer came */
  status: number;
  retryAfterMs: number | null;
  /** '' unless asked for */
  text: string;
}

/** Whatever makes calls to partners. */
export interface Outbound {
  call(call: Call): Promise<Called>;
  close(): void;
}

class Forbidden extends Error {
  readonly code = 'RELAIS_FORBIDDEN';
}

type Resolve = typeof resolveName;

/**
 * Resolves a name, and gives the connection what it checked: there is no second resolution between check and use. One
 * address that may not be called condemns them all.
 */
export function guardedLookup(open: boolean, resolve: Resolve = resolveName): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true, order: 'verbatim' }, (error, found) => {
      if (error) return done(error, '');
      const wrong = !open && found.some(({ address }) => !isPublic(address));
      if (wrong || found.length === 0)
        return done(new Forbidden('the name leads to an address that is not public'), '');
      if (options.all === true) return done(null, found as never);
      const [first] = found;
      done(null, first?.address ?? '', first?.family ?? 0);
    });
  };
}

export interface OutboundOptions {
  /** private addresses and plain HTTP too */
  open: boolean;
  callMs?: number;
  /** authorities trusted beside those of the system; tests */
  ca?: string;
  resolve?: Resolve;
}

const NOTHING = { status: 0, retryAfterMs: null, text: '' } as const;

export function openOutbound({ open, callMs = CALL_MS, ca, resolve }: OutboundOptions): Outbound {
  const lookup = guardedLookup(open, resolve);
  const kept = { keepAlive: true, timeout: IDLE_MS, maxFreeSockets: IDLE_SOCKETS, scheduling: 'lifo' } as const;
  const secure = new Agent({ ...kept, ...(ca !== undefined && { ca }) });
  const plain = new PlainAgent(kept);

  function call({ url, headers, body, answerBytes }: Call): Promise<Called> {
    const literal = literalOf(url);
    if (!open && (url.protocol !== 'https:' || (literal !== undefined && !isPublic(literal))))
      return Promise.resolve({ outcome: 'forbidden', ...NOTHING });
    return new Promise((resolveCall) => {
      const tls = url.protocol === 'https:';
      let late = false;
      const asked = (tls ? request : plainRequest)(url, {
        method: 'POST',
        agent: tls ? secure : plain,
        lookup,
        maxHeaderSize: HEADER_BYTES,
        headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)), 'Accept-Encoding': 'identity' },
      });
      const timer = setTimeout(() => {
        late = true;
        asked.destroy(new Error('too late'));
      }, callMs);
      const end = (called: Called): void => {
        clearTimeout(timer);
        resolveCall(called);
      };
      asked.on('error', (error) => end({ outcome: late ? 'timeout' : outcomeOf(error), ...NOTHING }));
      asked.on('response', (response) => {
        const status = response.statusCode ?? 0;
        const known = {
          status,
          retryAfterMs: retryAfter(response.headers['retry-after']),
          outcome: outcomeFor(status),
        };
        if (answerBytes > 0) void textOf(response, answerBytes).then((text) => end({ ...known, text }));
        else {
          drain(response);
          end({ ...known, text: '' });
        }
      });
      asked.end(body);
    });
  }

  return {
    call,
    close() {
      secure.destroy();
      plain.destroy();
    },
  };
}

function outcomeFor(status: number): CallOutcome {
  if (status >= 200 && status < 300) return 'delivered';
  if (status === 410) return 'gone';
  return status >= 300 && status < 400 ? 'redirected' : 'refused';
}

const NAMES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'ENODATA', 'ESERVFAIL']);
const TLS = /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_)/;

function outcomeOf(error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }): CallOutcome {
  const code = error.code ?? error.errors?.[0]?.code ?? '';
  if (code === 'RELAIS_FORBIDDEN') return 'forbidden';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (NAMES.has(code)) return 'name';
  return TLS.test(code) ? 'tls' : 'connection';
}

/** Takes what there is of a body and looks at nothing; one that does not end soon costs its connection. */
function drain(response: IncomingMessage): void {
  let bytes = 0;
  const timer = setTimeout(() => response.destroy(), DRAIN_MS);
  timer.unref();
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DRAIN_BYTES) response.destroy();
  });
  response.on('error', () => undefined);
  response.on('close', () => clearTimeout(timer));
}

/** The beginning of a body, what came until it was cut. */
async function textOf(response: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, limit - bytes));
      bytes += chunk.length;
      if (bytes >= limit) break;
    }
  } catch {
    // Cut: what came is what there is.
  }
  response.destroy();
  return Buffer.concat(chunks).toString('utf8');
}

function retryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  const ms = SECONDS.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}
