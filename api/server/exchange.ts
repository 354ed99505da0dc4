import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import { isUtf8 } from 'node:buffer';
import type { Caller } from '#engine/domain/commands/contents.ts';
import { type Trace, traceIn } from '#engine/domain/trace.ts';
import { HttpError } from './errors.ts';
import type { Flow } from './flow.ts';
import type { Inlet, Tap } from './inlet.ts';
import { parseJson } from './json.ts';
import { Query } from './query.ts';
import type { CompiledRoute } from './table.ts';
import type { TextBody } from './text.ts';
import type { Chunks, Identity, Method, Request, SignedIn } from './types.ts';

const NO_HEADERS: readonly string[] = [];

const MULTIPART = /^multipart\//i;
const NOT_ASCII = /[\u0080-\u00ff]/;

/** uWebSockets gives header bytes one character each; clients in the field send names in UTF-8, or in ISO 8859-1. */
function utf8(header: string): string {
  if (!NOT_ASCII.test(header)) return header;
  const bytes = Buffer.from(header, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : header;
}

/** One request and its answer on uWebSockets. What the handler may need is copied now: `req` dies at the first await. */
export class Exchange implements Request, Tap {
  readonly route: CompiledRoute;
  readonly res: HttpResponse;
  readonly id: string;
  readonly calledMethod: string;
  readonly path: string;
  readonly authorization: string;
  readonly started: number;
  trace: Trace | undefined;
  /** text or stream body, when the route reads one */
  body: TextBody | Flow | undefined;
  identity: Identity | undefined;
  /** set by the server for routes that ask for it */
  address = '';
  aborted = false;
  /** a streamed answer has its first bytes out: nothing else can be said */
  begun = false;
  /** the answer has been given whole */
  answered = false;
  /** name of a header, or `URL`, over the limit */
  oversize: string | undefined;
  readonly #params: readonly string[];
  readonly #headers: readonly string[];
  readonly #queryText: string;
  #query: Query | undefined;
  #onGone: (() => void) | undefined;

  constructor(
    route: CompiledRoute,
    calledMethod: string,
    res: HttpResponse,
    req: HttpRequest,
    id: string,
    limit: number,
  ) {
    this.route = route;
    this.res = res;
    this.id = id;
    this.started = performance.now();
    this.calledMethod = calledMethod;
    this.trace = traceIn(req.getHeader('traceparent'));
    this.path = req.getUrl();
    this.#queryText = req.getQuery() ?? '';
    if (this.path.length + this.#queryText.length > limit) this.oversize = 'URL';
    this.authorization = route.scopes === undefined ? '' : this.#read(req, 'authorization', limit);
    this.#headers = route.headers.length === 0 ? NO_HEADERS : route.headers.map((name) => this.#read(req, name, limit));
    this.#params =
      route.params.length === 0 ? NO_HEADERS : route.params.map((_, index) => req.getParameter(index) ?? '');
  }

  get method(): Method {
    return this.route.method;
  }

  get query(): Query {
    this.#query ??= new Query(this.#queryText);
    return this.#query;
  }

  /** A `whole` body of bytes rather than text. */
  get binary(): boolean {
    return this.route.body === 'whole' && MULTIPART.test(this.header('content-type'));
  }

  get caller(): Caller {
    return this.#known().caller;
  }

  get client(): string {
    return this.#known().client;
  }

  param(name: string): string {
    const index = this.route.params.indexOf(name);
    if (index < 0) throw new Error(`${this.route.path} has no parameter ${name}`);
    const raw = this.#params[index] as string;
    if (!raw.includes('%')) return raw;
    try {
      return decodeURIComponent(raw);
    } catch {
      throw new HttpError(400, `Bad Request : path parameter ${name} is not percent-encoded UTF-8`);
    }
  }

  header(name: string): string {
    const index = this.route.headers.indexOf(name);
    if (index < 0) throw new Error(`${this.route.path} does not declare the header ${name}`);
    return utf8(this.#headers[index] as string);
  }

  async text(): Promise<string> {
    if (this.route.body !== 'json' && this.route.body !== 'text') throw this.#wrongBody();
    return (this.body as TextBody).text();
  }

  async json(): Promise<unknown> {
    if (this.route.body !== 'json') throw this.#wrongBody();
    return parseJson(this, await (this.body as TextBody).text(), this.route.maxDepth);
  }

  whole(): Promise<string | Buffer> {
    if (this.route.body !== 'whole') throw this.#wrongBody();
    return (this.body as TextBody).whole();
  }

  chunks(): Chunks {
    if (this.route.body !== 'stream') throw this.#wrongBody();
    return this.body as Flow;
  }

  pause(): void {
    if (!this.aborted && !this.answered) this.res.pause();
  }

  resume(): void {
    if (!this.aborted && !this.answered) this.res.resume();
  }

  /** The connection is gone, or was cut. */
  abort(): void {
    this.aborted = true;
    (this.body as Inlet | undefined)?.abort();
    this.#onGone?.();
    this.#onGone = undefined;
  }

  /** Calls back once if the connection goes while an answer waits for its reader. */
  whenGone(callback: (() => void) | undefined): void {
    this.#onGone = callback;
  }

  #read(req: HttpRequest, name: string, limit: number): string {
    const value = req.getHeader(name);
    if (value.length > limit) this.oversize ??= name;
    return value;
  }

  get agent(): SignedIn | undefined {
    return this.#known().agent;
  }

  #known(): Identity {
    if (this.identity === undefined) throw new Error(`${this.route.path} is public: it has no caller`);
    return this.identity;
  }

  #wrongBody(): Error {
    return new Error(`${this.route.method} ${this.route.path} declares body ${this.route.body ?? 'none'}`);
  }
}
