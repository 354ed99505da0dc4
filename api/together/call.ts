import { HttpError } from '#api/server/errors.ts';
import { Query } from '#api/server/query.ts';
import type { CompiledRoute } from '#api/server/table.ts';
import type { Method, Request, SignedIn } from '#api/server/types.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import type { Trace } from '#engine/domain/trace.ts';

/** One of several calls that came as one: what its route's handler sees. It has neither headers nor a body. */
export class InnerRequest implements Request {
  readonly method: Method;
  readonly path: string;
  readonly query: Query;
  readonly address = '';
  readonly #outer: Request;
  readonly #params: ReadonlyMap<string, string>;

  /** @param outer the request it came by: who calls, and the id that logs name it by */
  constructor(outer: Request, { method, params }: Pick<CompiledRoute, 'method' | 'params'>, found: Found) {
    this.method = method;
    this.path = found.path;
    this.query = new Query(found.query);
    this.#outer = outer;
    this.#params = new Map(params.map((name, index) => [name, found.values[index] as string]));
  }

  get calledMethod(): string {
    return this.method;
  }

  get id(): string {
    return this.#outer.id;
  }

  get caller(): Caller {
    return this.#outer.caller;
  }

  get client(): string {
    return this.#outer.client;
  }

  get agent(): SignedIn | undefined {
    return this.#outer.agent;
  }

  get trace(): Trace | undefined {
    return this.#outer.trace;
  }

  get aborted(): boolean {
    return this.#outer.aborted;
  }

  param(name: string): string {
    const raw = this.#params.get(name);
    if (raw === undefined) throw new Error(`${this.path} has no parameter ${name}`);
    if (!raw.includes('%')) return raw;
    try {
      return decodeURIComponent(raw);
    } catch {
      throw new HttpError(400, `Bad Request : path parameter ${name} is not percent-encoded UTF-8`);
    }
  }

  header(): string {
    return '';
  }

  json(): Promise<unknown> {
    return Promise.resolve(undefined);
  }

  text(): Promise<string> {
    return Promise.resolve('');
  }

  whole(): never {
    throw this.#bodiless();
  }

  chunks(): never {
    throw this.#bodiless();
  }

  #bodiless(): Error {
    return new Error(`${this.method} ${this.path} came with others, without a body`);
  }
}

/** Where a call goes. */
export interface Found {
  path: string;
  /** without its question mark */
  query: string;
  /** path parameters as written, in order */
  values: readonly string[];
}
