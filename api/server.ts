// first: it sets what uWebSockets reads when it is loaded
import './server/headroom.ts';
import uWS, { type HttpRequest, type HttpResponse, type TemplatedApp, type us_listen_socket } from 'uWebSockets.js';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TlsConfig } from '#engine/config.ts';
import type { Tracer } from '#engine/telemetry/tracer.ts';
import { Proxies } from './server/address.ts';
import { Budget } from './server/budget.ts';
import type { Log } from './server/deps.ts';
import { RETRY_AFTER_S } from './server/errors.ts';
import { Exchange } from './server/exchange.ts';
import { Flow } from './server/flow.ts';
import { isAmbiguous } from './server/framing.ts';
import type { Inlet, Shared } from './server/inlet.ts';
import { LIMITS, type Limits } from './server/limits.ts';
import { listenOn } from './server/listen.ts';
import { Meter } from './server/meter.ts';
import type { SocketRoute } from './server/peer.ts';
import { type Gate, Pipeline } from './server/pipeline.ts';
import { type Called, type Plain, plain, sendPlain } from './server/plain.ts';
import { Slabs } from './server/slabs.ts';
import { registerSocket } from './server/socket.ts';
import { type CompiledRoute, compileTable, type PathEntry } from './server/table.ts';
import { TextBody } from './server/text.ts';
import { hasCertificate, tlsOptions } from './server/tls.ts';
import type { Route } from './server/types.ts';
import { SWEEP_MS, Watch } from './server/watch.ts';
import type { Sending } from './server/whole.ts';

export interface ServerOptions {
  routes: readonly Route[];
  /** paths where WebSockets are taken */
  sockets?: readonly SocketRoute[];
  gate: Gate;
  log: Log;
  /** bytes of uploads in flight, shared with the blob store */
  uploads: Budget;
  limits?: Partial<Limits>;
  /** absent: plain HTTP */
  tls?: TlsConfig | undefined;
  /** addresses and ranges whose `X-Forwarded-For` is believed */
  trustedProxies?: readonly string[];
  tracer?: Pick<Tracer, 'enter' | 'left'> | undefined;
  /** ms; only differences count */
  clock?: () => number;
}

/** uWebSockets' names of the methods clients use; any other goes to its `any`. */
const METHODS = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  del: 'DELETE',
  head: 'HEAD',
  options: 'OPTIONS',
} as const;
/** What a drained server waits for the first request of its last connections, ms. */
const LINGER_MS = 500;
/** Where errors are problems (RFC 9457). */
const NATIVE = '/relais/';
const ID_BYTES = 6;
const ID_RADIX = 36;

const NOTHING = (): void => undefined;
const NO_PATH = plain(404, 'not-found', 'Not Found');
const AMBIGUOUS = plain(
  400,
  'form-invalid',
  'Bad Request : a header that may be given once is repeated, empty, or not supported',
);
const NO_CERTIFICATE = plain(
  403,
  'forbidden',
  'Unauthorized user : this server serves holders of a client certificate only',
);
const FULL = plain(503, 'busy', 'The hub is busy (requests): repeat the request after the delay given in Retry-After', {
  'Retry-After': String(RETRY_AFTER_S),
});

/** The HTTP/1.1 server of an API process: one uWebSockets application around the table of routes. */
export class Server {
  readonly meter = new Meter();
  readonly #limits: Limits;
  readonly #log: Log;
  readonly #app: TemplatedApp;
  readonly #pipeline: Pipeline;
  readonly #shared: Shared;
  readonly #sending: Sending;
  readonly #bodies: Budget;
  readonly #uploads: Budget;
  readonly #slabs: Slabs;
  readonly #proxies: Proxies;
  readonly #certified: boolean;
  readonly #prefix = randomBytes(ID_BYTES).toString('hex');
  #count = 0;
  #inFlight = 0;
  #socket: us_listen_socket | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #closing: (() => void) | undefined;

  constructor(options: ServerOptions) {
    this.#limits = { ...LIMITS, ...options.limits };
    this.#log = options.log;
    const watch = new Watch(options.clock ?? (() => performance.now()));
    this.#shared = { limits: this.#limits, watch };
    this.#bodies = new Budget(this.#limits.bodyBytesInFlight);
    this.#uploads = options.uploads;
    this.#slabs = new Slabs(this.#limits.slabs);
    this.#sending = { watch, stallMs: this.#limits.sendStallMs, last: false };
    this.#pipeline = new Pipeline(options.gate, options.log, this.meter, this.#sending, options.tracer);
    this.#proxies = new Proxies(options.trustedProxies ?? []);
    this.#certified = options.tls?.clients === 'required';
    this.#app = options.tls ? uWS.SSLApp(tlsOptions(options.tls)) : uWS.App();
    for (const socket of options.sockets ?? [])
      registerSocket(this.#app, socket, this.#log, (res, req, full) => this.#bar(res, req, full));
    for (const entry of compileTable(options.routes, this.#limits)) this.#register(entry);
    this.#app.any('/*', (res, req) => this.#refuse(res, req, NO_PATH));
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Bytes of bodies held now: JSON and forms, uploads. */
  get bytesInFlight(): { bodies: number; uploads: number } {
    return { bodies: this.#bodies.used, uploads: this.#uploads.used };
  }

  /** Slow clients being watched. */
  get watched(): number {
    return this.#shared.watch.size;
  }

  /** Port taken. @throws PortTaken */
  async listen(host: string, port: number): Promise<number> {
    this.#socket = await listenOn(this.#app, host, port);
    this.#sweeper = setInterval(() => this.sweep(), SWEEP_MS).unref();
    return uWS.us_socket_local_port(this.#socket as never);
  }

  /** Cuts clients that have waited past their deadline; the server does it by itself each second. */
  sweep(): void {
    this.#shared.watch.sweep();
  }

  /** From now on each connection ends with its answer: whoever keeps some has none here when the server closes. */
  drain(): void {
    this.#sending.last = true;
  }

  /**
   * Takes no new connection, and lets requests in flight end, within a limit. Those that a connection brings meanwhile
   * are served too: it was there before anybody could know.
   */
  async close(): Promise<void> {
    const drained = this.#sending.last;
    this.drain();
    clearInterval(this.#sweeper);
    if (this.#socket) uWS.us_listen_socket_close(this.#socket);
    this.#socket = undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closing = resolve;
    const timer = setTimeout(resolve, this.#limits.drainMs);
    // Made just before nobody listened any more, a connection brings its request now.
    if (drained) await delay(LINGER_MS);
    if (this.#inFlight > 0) await promise;
    clearTimeout(timer);
    this.#app.close();
  }

  #register(entry: PathEntry): void {
    const { pattern, methods, override } = entry;
    const envelope = plain(405, 'method-not-allowed', 'Method not allowed', { Allow: entry.allow });
    const refused = entry.notAllowed === undefined ? envelope : { ...envelope, text: entry.notAllowed };
    const refuse = (res: HttpResponse, req: HttpRequest) => this.#refuse(res, req, refused);
    for (const [register, name] of Object.entries(METHODS) as [keyof typeof METHODS, string][]) {
      const route = methods.get(name);
      if (route) this.#app[register](pattern, (res, req) => this.#serve(route, name, res, req));
      else if (name === 'POST' && override) {
        this.#app.post(pattern, (res, req) => {
          if (req.getHeader('x-http-method-override').toUpperCase() === 'PATCH') this.#serve(override, name, res, req);
          else refuse(res, req);
        });
      } else this.#app[register](pattern, refuse);
    }
    this.#app.any(pattern, refuse);
  }

  /** Whether an opening of a WebSocket is answered here, without being opened. */
  #bar(res: HttpResponse, req: HttpRequest, full: boolean): boolean {
    const barred = this.#barred(res, req) ?? (full ? FULL : undefined);
    if (barred !== undefined) this.#dismiss(res, req, barred);
    return barred !== undefined;
  }

  /** An answer that needs no route. */
  #refuse(res: HttpResponse, req: HttpRequest, answer: Plain): void {
    const barred = this.#barred(res, req);
    if (barred === undefined) sendPlain(res, answer, this.#called(req), this.#sending.last);
    else this.#dismiss(res, req, barred);
  }

  /**
   * Answers and closes, in another turn of the event loop: in this one, uWebSockets would still serve what follows in
   * the bytes at hand. As long as an answer is due, it closes a connection that sends more instead.
   */
  #dismiss(res: HttpResponse, req: HttpRequest, answer: Plain): void {
    const called = this.#called(req);
    let gone = false;
    res.onAborted(() => {
      gone = true;
    });
    setImmediate(() => {
      if (!gone) res.cork(() => sendPlain(res, answer, called, true));
    });
  }

  /** The answer to a request that no route may see, and whose connection must not serve another. */
  #barred(res: HttpResponse, req: HttpRequest): Plain | undefined {
    if (this.#certified && !hasCertificate(res)) return NO_CERTIFICATE;
    return isAmbiguous(req) ? AMBIGUOUS : undefined;
  }

  /** Called by uWebSockets, which ends the process on a throw, or on a return without answer or abort handler. */
  #serve(route: CompiledRoute, method: string, res: HttpResponse, req: HttpRequest): void {
    const barred = this.#barred(res, req);
    if (barred !== undefined) {
      this.#dismiss(res, req, barred);
      return;
    }
    if (this.#inFlight >= this.#limits.requestsInFlight) {
      sendPlain(res, FULL, this.#called(req), this.#sending.last);
      return;
    }
    res.onAborted(NOTHING);
    try {
      const exchange = new Exchange(route, method, res, req, this.#id(), this.#limits.headerBytes);
      if (route.address) exchange.address = this.#proxies.clientOf(res, req);
      res.onAborted(() => this.#gone(exchange));
      if (route.body !== undefined) this.#receive(exchange, route);
      this.#inFlight += 1;
      void this.#pipeline.run(exchange).then(() => this.#left());
    } catch (error) {
      this.#log.error({ route: route.path, err: error }, 'http.fault');
      res.close();
    }
  }

  #receive(exchange: Exchange, route: CompiledRoute): void {
    const body: Inlet & (TextBody | Flow) =
      route.body === 'stream'
        ? new Flow(this.#shared, this.#uploads, this.#slabs, exchange)
        : new TextBody(this.#shared, this.#bodies, exchange, route.maxBodyBytes, exchange.binary);
    exchange.body = body;
    exchange.res.onData((chunk, last) => {
      try {
        body.push(chunk, last);
      } catch (error) {
        this.#fault(exchange, error);
        if (!exchange.aborted && !exchange.answered) exchange.res.close();
      }
    });
  }

  #gone(exchange: Exchange): void {
    try {
      exchange.abort();
    } catch (error) {
      this.#fault(exchange, error);
    }
  }

  #fault(exchange: Exchange, error: unknown): void {
    this.#log.error({ id: exchange.id, route: exchange.route.path, err: error }, 'http.fault');
  }

  #left(): void {
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#closing?.();
  }

  #called(req: HttpRequest): Called {
    return { id: this.#id(), method: req.getMethod(), native: req.getUrl().startsWith(NATIVE) };
  }

  #id(): string {
    this.#count += 1;
    return `${this.#prefix}-${this.#count.toString(ID_RADIX)}`;
  }
}
