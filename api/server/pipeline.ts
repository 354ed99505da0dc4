import { type Trace, traceId } from '#engine/domain/trace.ts';
import type { Tracer } from '#engine/telemetry/tracer.ts';
import type { Log } from './deps.ts';
import { HttpError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { ClientGone } from './inlet.ts';
import type { Meter } from './meter.ts';
import { send } from './send.ts';
import type { CompiledRoute } from './table.ts';
import type { Auth, Identity, Reply } from './types.ts';
import { type Sending, sendWhole } from './whole.ts';

/** What stands between the socket and the handlers. */
export interface Gate {
  /** after it, all changes of the referential answered before are seen */
  fresh(): Promise<void>;
  auth: Auth;
}

type Steps = Pick<Tracer, 'enter' | 'left'>;

/** Statuses from here on are the hub's own fault. */
const FAULT = 500;
const UNAUTHORIZED = 'Unauthorized user';

/** The way of every request: gate, handler, answer; whatever is thrown becomes an answer, and nothing kills the process. */
export class Pipeline {
  readonly #gate: Gate;
  readonly #log: Log;
  readonly #meter: Meter;
  readonly #sending: Sending;
  readonly #debug: boolean;
  readonly #tracer: Steps | undefined;

  constructor(gate: Gate, log: Log, meter: Meter, sending: Sending, tracer?: Steps) {
    this.#tracer = tracer;
    this.#gate = gate;
    this.#log = log;
    this.#meter = meter;
    this.#sending = sending;
    this.#debug = log.isLevelEnabled('debug');
  }

  /** Never rejects. Resolves when the request holds nothing of the process any more. */
  async run(exchange: Exchange): Promise<void> {
    const { route, body } = exchange;
    let status = 0;
    const came = exchange.trace;
    if (this.#tracer) exchange.trace = this.#tracer.enter(came);
    try {
      if (exchange.oversize !== undefined) throw oversize(exchange.oversize);
      if (route.scopes !== undefined) {
        await this.#gate.fresh();
        const { auth } = this.#gate;
        const said = auth.authenticate(exchange.authorization);
        // an agent's session is read for each request; software's tokens wait for nothing
        exchange.identity = admit(said.pass === undefined ? said : await auth.confirm(said), route);
      }
      const reply = await route.handler(exchange);
      status = reply.status;
      // lines go out while the body comes in: who sends them looks after what is left of it
      const unread = reply.lines === undefined && body?.open === true && !(await body.rest());
      // what goes out piece by piece says so itself, in its headers
      const close = unread || (this.#sending.last && isWhole(reply));
      const sending = send(exchange, reply, close, this.#sending);
      if (sending !== undefined) await sending;
    } catch (error) {
      status = await this.#rescue(exchange, error);
    } finally {
      body?.release();
      this.#done(exchange, status, came);
    }
  }

  /** The answer to what was thrown; gives the status for the meter. */
  async #rescue(exchange: Exchange, error: unknown): Promise<number> {
    const { errors } = exchange.route;
    const told = error instanceof ClientGone ? undefined : errors.refusal(error, exchange);
    if (told === undefined && !exchange.aborted) this.#fault(exchange, error);
    const reply = told ?? errors.fault(exchange);
    try {
      const { body } = exchange;
      const close = (body !== undefined && !(await body.rest())) || this.#sending.last;
      if (exchange.aborted || exchange.answered) return reply.status;
      if (exchange.begun) exchange.res.close();
      else sendWhole(exchange, reply, reply.text, close);
    } catch (second) {
      this.#fault(exchange, second);
    }
    return reply.status;
  }

  #fault(exchange: Exchange, error: unknown): void {
    const { id, route } = exchange;
    this.#log.error({ id, route: route.path, err: error, ...tracked(exchange) }, 'http.fault');
  }

  #done(exchange: Exchange, status: number, came: Trace | undefined): void {
    const ms = performance.now() - exchange.started;
    const seen = exchange.aborted ? 499 : status;
    this.#meter.record(exchange.route, seen, ms);
    const { id, trace } = exchange;
    const { method, path } = exchange.route;
    if (trace !== undefined && this.#tracer) {
      const attributes = { 'http.request.method': method, 'http.route': path, 'http.response.status_code': seen };
      const start = performance.timeOrigin + exchange.started;
      this.#tracer.left(trace, came, { name: `${method} ${path}`, start, attributes, failed: seen >= FAULT });
    }
    if (!this.#debug) return;
    const told = { id, method, route: path, status: seen, ms: Math.round(ms), ...tracked(exchange) };
    this.#log.debug(told, 'http.request');
  }
}

const isWhole = ({ items, lines, bytes, live }: Reply): boolean => !(items ?? lines ?? bytes ?? live);

/** What a log says of the request's trace. */
const tracked = ({ trace }: Exchange): { trace?: string } => (trace === undefined ? {} : { trace: traceId(trace) });

const oversize = (name: string): HttpError =>
  name === 'URL'
    ? new HttpError(414, 'URI Too Long')
    : new HttpError(431, `Request Header Fields Too Large : header ${name}`);

/** Whether who calls may call that route at all. @throws HttpError 403 */
export function admit<W extends Pick<Identity, 'scope' | 'rights' | 'agent'>>(
  identity: W,
  { scopes, right, anyOrganization }: CompiledRoute,
): W {
  if (!scopes?.includes(identity.scope) || !identity.rights.includes(right)) throw new HttpError(403, UNAUTHORIZED);
  const { agent } = identity;
  if (agent?.membership === null && !anyOrganization) throw new HttpError(403, UNAUTHORIZED);
  return identity;
}
