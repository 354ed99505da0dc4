import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Access, Admitted } from '#api/auth/auth.ts';
import { CONSUMER, narrowed } from '#api/feed/position.ts';
import type { FeedScope } from '#api/feed/reader.ts';
import type { ClientFrame } from '#api/schemas/push.ts';
import type { Log } from '#api/server/deps.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Peer, Session, SocketRoute } from '#api/server/peer.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { Scope } from '#engine/domain/records/client.ts';
import type { PushCounts } from '#engine/telemetry/push.ts';
import { CLOSE, type Closing, Refused } from './codes.ts';
import { Connection, type Desk } from './connection.ts';
import { Consumer, type ConsumerDeps } from './consumer.ts';

/** Where connections come in. */
export const PUSH_PATH = '/relais/v1/push';
/** Connections of one process: a few kB each, besides what their readers may cost. */
const CONNECTIONS = 20_000;
/** Connections of one organisation to one process: nobody takes the places of the others. */
const ORG_CONNECTIONS = 256;
/** Tokens are looked at this often: a revocation closes within twice that, ms. */
const LOOK_MS = 2_500;
/**
 * A reader's acknowledgements are one command in as long, ms, or for 200 events: thousands of readers with a few events each
 * would otherwise cost the engine a command an event. A crash delivers again what was acknowledged meanwhile.
 */
const ACKNOWLEDGE_MS = 2_000;
/** What a process that ends gives to the last acknowledgements, ms. */
const END_MS = 1_500;

/** Who has a feed. */
const SCOPES: ReadonlySet<Scope> = new Set(['OSL', 'SI', 'PARTNER']);

type Opening = Extract<ClientFrame, { type: 'open' }>;

export interface PushDeps extends ConsumerDeps {
  hub: ConsumerDeps['hub'] & Pick<Hub, 'referential'>;
  auth: Pick<Access, 'admit' | 'lapsed'>;
  log: Log;
  counts: PushCounts;
  /** ms between two commands for a reader's acknowledgements; absent: the product's */
  acknowledgeMs?: number;
}

/** All connections of a process, and the readers they share. */
export class Push implements SocketRoute, Desk {
  readonly path = PUSH_PATH;
  readonly #deps: PushDeps;
  readonly #connections = new Set<Connection>();
  readonly #consumers = new Map<string, Consumer>();
  readonly #orgs = new Map<OrgKey, number>();
  readonly #timer: NodeJS.Timeout;
  readonly #unwatch: () => void;
  #stopped = false;

  constructor(deps: PushDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => void this.look(), LOOK_MS).unref();
    this.#unwatch = deps.counts.watch(() => this.#state());
  }

  admits(): boolean {
    return !this.#stopped && this.#connections.size < CONNECTIONS;
  }

  accept(peer: Peer, authorization: string): Session {
    const connection = new Connection(peer, this, authorization, performance.now());
    this.#connections.add(connection);
    return connection;
  }

  async admit(authorization: string): Promise<Admitted> {
    await this.#deps.hub.referential.fresh();
    const claims = this.#deps.auth.admit(authorization);
    if (!SCOPES.has(claims.scope) || !claims.rights.includes('read')) throw new Refused(CLOSE.forbidden);
    return claims;
  }

  async open(connection: Connection, claims: Admitted, frame: Opening): Promise<Consumer> {
    const { org } = claims.caller;
    const count = (this.#orgs.get(org) ?? 0) + 1;
    this.#orgs.set(org, count);
    if (count > ORG_CONNECTIONS) throw new Refused(CLOSE.tooMany);
    const name = frame.consumer ?? claims.client;
    if (!CONSUMER.test(name)) throw new Refused(CLOSE.malformed);
    const scope = narrowed(claims.caller, frame.processCodes ?? []);
    const consumer = await this.#consumer(`${org} ${name}`, scope, name, frame.after !== undefined);
    await consumer.join(connection, frame.after ?? null);
    return consumer;
  }

  renewable({ claims }: Connection, { caller }: Admitted): boolean {
    return claims !== undefined && isDeepStrictEqual(claims.caller, caller);
  }

  blame(error: unknown): Closing {
    if (error instanceof Refused) return error.closing;
    if (error instanceof HttpError) return CLOSE.unauthorized;
    this.#deps.log.warn({ err: error }, 'push.busy');
    return CLOSE.busy;
  }

  left(connection: Connection, why: Closing | undefined): void {
    this.#connections.delete(connection);
    this.#deps.counts.closed.inc({ code: why?.code ?? 'client' });
    const org = connection.claims?.caller.org;
    if (org === undefined) return;
    const count = (this.#orgs.get(org) ?? 1) - 1;
    if (count > 0) this.#orgs.set(org, count);
    else this.#orgs.delete(org);
  }

  counted(what: 'sent' | 'acknowledged', events: number): void {
    this.#deps.counts[what].inc(events);
  }

  /** Closes who may stay no longer. The process does it by itself. */
  async look(): Promise<void> {
    const now = performance.now();
    for (const connection of this.#connections) connection.tend(now);
    for (const consumer of this.#consumers.values()) consumer.tend(this.#deps.hub.now());
    if (this.#connections.size === 0) return;
    // Redis away: what is known of clients is the last that was, and tokens expire all the same.
    await this.#deps.hub.referential.fresh().catch(() => undefined);
    for (const connection of this.#connections) {
      const lapsed = connection.claims && this.#deps.auth.lapsed(connection.claims);
      if (lapsed !== undefined) connection.close(CLOSE[lapsed]);
    }
  }

  /** Closes all. Resolves when the last acknowledgements are written, or soon. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#unwatch();
    for (const connection of this.#connections) connection.close(CLOSE.ending);
    const ended = Promise.all([...this.#consumers.values()].map(({ ended: one }) => one));
    await Promise.race([ended, delay(END_MS, undefined, { ref: false })]);
  }

  /** The reader of that name, which this connection may share. */
  async #consumer(key: string, scope: FeedScope, name: string, chosen: boolean): Promise<Consumer> {
    for (let known = this.#consumers.get(key); known !== undefined; known = this.#consumers.get(key)) {
      if (!known.over) {
        if (chosen) throw new Refused(CLOSE.positionShared);
        if (!sameScope(known.scope, scope)) throw new Refused(CLOSE.scopeShared);
        return known;
      }
      await known.ended;
    }
    const consumer = new Consumer(this.#deps, scope, name, this.#deps.acknowledgeMs ?? ACKNOWLEDGE_MS);
    this.#consumers.set(key, consumer);
    void consumer.ended.then(() => this.#consumers.delete(key));
    return consumer;
  }

  #state() {
    const now = this.#deps.hub.now();
    let [unread, oldestMs] = [0, 0];
    for (const { backlog } of this.#consumers.values()) {
      unread += backlog.unread;
      if (backlog.since !== undefined) oldestMs = Math.max(oldestMs, now - backlog.since);
    }
    return { connections: this.#connections.size, consumers: this.#consumers.size, unread, oldestMs };
  }
}

const codesOf = ({ processes }: FeedScope): string | undefined => processes && [...processes].sort().join(' ');
const sameScope = (a: FeedScope, b: FeedScope): boolean => codesOf(a) === codesOf(b);
