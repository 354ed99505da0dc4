import { Registry } from 'prom-client';
import { createAuth } from '#api/auth/auth.ts';
import { routes as clients } from '#api/routes/clients.ts';
import { routes as organizations } from '#api/routes/organizations.ts';
import { routes as processes } from '#api/routes/processes.ts';
import { routes as subscriptions } from '#api/routes/subscriptions.ts';
import { routes as token } from '#api/routes/token.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { envelope, refusal } from '#api/server/errors.ts';
import { Query } from '#api/server/query.ts';
import type { Method, Reply, Request, Route } from '#api/server/types.ts';
import { ReferentialCopy } from '#engine/client/referential.ts';
import type { Command } from '#engine/domain/commands.ts';
import type { ReferentialCommand } from '#engine/domain/deciders/referential.ts';
import { TrafficCounts } from '#engine/telemetry/traffic.ts';
import { ADMIN, MASTER } from '../auth/world.ts';
import { FakeSource } from './source.ts';
import { World } from './world.ts';

export interface Called {
  status: number;
  body: unknown;
  headers: Readonly<Record<string, string>>;
}

export interface Call {
  body?: unknown;
  /** raw text, for the token endpoint */
  text?: string;
  headers?: Record<string, string>;
}

const encode = (text: string): string => Buffer.from(text).toString('base64');

/** Routes, tokens, deciders, stored texts and the copy of the referential, without a socket or Redis. */
export class Stack {
  readonly world = new World();
  readonly source = new FakeSource();
  readonly #referential = new ReferentialCopy(this.source);
  readonly #routes: Route[];
  readonly #auth: ReturnType<typeof createAuth>;

  private constructor() {
    const hub = {
      now: () => this.world.now,
      referential: this.#referential,
      sessions: { live: async () => undefined },
      ask: async (_partition: number, command: Command) => this.#ask(command as ReferentialCommand),
    };
    const config = {
      masterKey: MASTER,
      tokenSeconds: 3600,
      adminClientId: ADMIN.clientId,
      adminClientSecret: ADMIN.secret,
    };
    this.#auth = createAuth(hub, config);
    const counts = { traffic: TrafficCounts.of(new Registry()) };
    const deps = { hub, config, auth: this.#auth, counts } as unknown as ApiDeps;
    this.#routes = [clients, organizations, processes, subscriptions, token].flatMap((routes) => routes(deps));
  }

  static async open(): Promise<Stack> {
    const stack = new Stack();
    await stack.#referential.open();
    return stack;
  }

  #ask(command: ReferentialCommand) {
    const before = new Map(this.world.records);
    const answer = this.world.ask(command);
    for (const [name, state] of this.world.records) {
      if (before.get(name) !== state) this.source.write(name, state as object);
    }
    return answer;
  }

  /** An access token, by the token endpoint. */
  async token(id: string, secret: string, scope: string): Promise<string> {
    const { status, body } = await this.call('POST /oauth2/token', '', {
      text: `grant_type=client_credentials&scope=${scope}`,
      headers: { authorization: `Basic ${encode(`${id}:${secret}`)}` },
    });
    if (status !== 200) throw new Error(`no token: ${JSON.stringify(body)}`);
    return (body as { access_token: string }).access_token;
  }

  admin(): Promise<string> {
    return this.token(ADMIN.clientId, ADMIN.secret, 'ADMIN');
  }

  /** One request through the checks of the pipeline, in its order: token, scope, handler. */
  async call(line: string, token: string, { body, text = '', headers = {} }: Call = {}): Promise<Called> {
    const [method, target] = line.split(' ') as [Method, string];
    const [path, query = ''] = target.split('?') as [string, string?];
    for (const route of this.#routes) {
      const params = route.method === method ? match(route.path, path) : undefined;
      if (params) return this.#run(route, params, { method, path, query, token, body, text, headers });
    }
    throw new Error(`no route for ${line}`);
  }

  async #run(route: Route, params: Record<string, string>, asked: Asked): Promise<Called> {
    try {
      let caller = {};
      if (route.scopes !== 'public') {
        await this.#referential.fresh();
        const identity = this.#auth.authenticate(asked.token && `Bearer ${asked.token}`);
        caller = { caller: identity.caller, client: identity.client };
        if (!route.scopes.includes(identity.scope))
          return answered({ status: 403, text: envelope(403, 'Unauthorized user') });
      }
      return await answered(await route.handler(requestOf(route, params, asked, caller)));
    } catch (error) {
      const reply = refusal(error);
      if (!reply) throw error;
      return answered(reply);
    }
  }
}

interface Asked extends Required<Omit<Call, 'body'>> {
  method: Method;
  path: string;
  query: string;
  token: string;
  body: unknown;
}

function match(template: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  const found = new RegExp(`^${pattern}$`).exec(path);
  return found ? Object.fromEntries(names.map((name, index) => [name, found[index + 1] as string])) : undefined;
}

function requestOf(route: Route, params: Record<string, string>, asked: Asked, caller: object): Request {
  const { method, path, query, body, text, headers } = asked;
  return {
    method,
    calledMethod: method,
    path,
    query: new Query(query),
    id: 'test',
    address: '127.0.0.1',
    aborted: false,
    param: (name: string) => params[name] as string,
    header: (name: string) => {
      if (!route.headers?.includes(name)) throw new Error(`${name} is not declared`);
      return headers[name] ?? '';
    },
    json: async () => (body === undefined ? undefined : structuredClone(body)),
    text: async () => text,
    chunks: () => {
      throw new Error('no stream');
    },
    ...caller,
  } as unknown as Request;
}

async function answered(reply: Reply): Promise<Called> {
  const headers = reply.headers ?? {};
  if (reply.items) {
    const rows: unknown[] = [];
    for await (const batch of reply.items) rows.push(...batch.map((row) => JSON.parse(row) as unknown));
    return { status: reply.status, body: rows, headers };
  }
  const text = reply.text ?? (reply.json === undefined ? undefined : JSON.stringify(reply.json));
  return { status: reply.status, body: text === undefined ? undefined : JSON.parse(text), headers };
}
