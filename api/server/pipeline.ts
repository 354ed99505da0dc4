import type { Log } from './deps.ts';
import { HttpError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { ClientGone } from './inlet.ts';
import type { Meter } from './meter.ts';
import { send } from './send.ts';
import type { CompiledRoute } from './table.ts';
import type { Auth, Identity } from './types.ts';
import { type Sending, sendWhole } from './whole.ts';

/** What stands between the socket and the handlers. */
export interface Gate {
  /** after it, all changes of the referential answered before are seen */
  fresh(): Promise<void>;
  auth: Auth;
}

const UNAUTHORIZED = 'Unauthorized user';

/** The way of every request: gate, handler, answer; whatever is thrown becomes an answer, and nothing kills the process. */
export class Pipeline {
  readonly #gate: Gate;
  readonly #log: Log;
  readonly #meter: Meter;
  readonly #sending: Sending;
  readonly #debug: boolean;

  constructor(gate: Gate, log: Log, meter: Meter, sending: Sending) {
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
      const close = reply.lines === undefined && body?.open === true && !(await body.rest());
      const sending = send(exchange, reply, close, this.#sending);
      if (sending !== undefined) await sending;
    } catch (error) {
      status = await this.#rescue(exchange, error);
    } finally {
      body?.release();
      this.#done(exchange, status);
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
      const close = body !== undefined && !(await body.rest());
      if (exchange.aborted || exchange.answered) return reply.status;
      if (exchange.begun) exchange.res.close();
      else sendWhole(exchange, reply, reply.text, close);
    } catch (second) {
      this.#fault(exchange, second);
    }
    return reply.status;
  }

  #fault(exchange: Exchange, error: unknown): void {
    this.#log.error({ id: exchange.id, route: exchange.route.path, err: error }, 'http.fault');
  }

  #done(exchange: Exchange, status: number): void {
    const ms = performance.now() - exchange.started;
    const seen = exchange.aborted ? 499 : status;
    this.#meter.record(exchange.route, seen, ms);
    if (!this.#debug) return;
    const { method, path } = exchange.route;
    this.#log.debug({ id: exchange.id, method, route: path, status: seen, ms: Math.round(ms) }, 'http.request');
  }
}

const oversize = (name: string): HttpError =>
  name === 'URL'
    ? new HttpError(414, 'URI Too Long')
    : new HttpError(431, `Request Header Fields Too Large : header ${name}`);

function admit(identity: Identity, { scopes, right, anyOrganization }: CompiledRoute): Identity {
  if (!scopes?.includes(identity.scope) || !identity.rights.includes(right)) throw new HttpError(403, UNAUTHORIZED);
  const { agent } = identity;
  if (agent?.membership === null && !anyOrganization) throw new HttpError(403, UNAUTHORIZED);
  return identity;
}
