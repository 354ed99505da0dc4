import { setTimeout as delay } from 'node:timers/promises';
import {
  type FeedItem,
  type FeedReader,
  type FeedScope,
  PAGE,
  PositionAhead,
  PositionGone,
  Superseded,
} from '#api/feed/reader.ts';
import type { Readers } from '#api/feed/readers.ts';
import type { Hub } from '#engine/client/hub.ts';
import { AHEAD, CLOSE, type Closing, goneAt, Refused } from './codes.ts';
import type { Connection } from './connection.ts';
import { Cursor } from './cursor.ts';
import { hold, release } from './hold.ts';
import { Ledger } from './ledger.ts';

/** Entries from the first unacknowledged one to the last one read: what a reader whose connection is stuck costs at most. */
const SPAN = 2_000;
/** Events read that wait for a connection, because the one that has their case takes no more. */
const WAITING = PAGE;
/** A wait without news ends so, and begins again: what was passed over meanwhile is then known. ms */
const WAIT_MS = 15_000;
/** Between two tries to read, when Redis is away, ms. */
const RETRY_MS = 500;
/** An event unacknowledged for so long goes to another connection, if there is one, ms. */
const OVERDUE_MS = 10 * 60_000;

/** What a reader of the feed needs of the process. */
export interface ConsumerDeps {
  hub: Pick<Hub, 'ask' | 'feeds' | 'news' | 'holders' | 'now'>;
  readers: Pick<Readers, 'open' | 'close'>;
  /** told of each event that is acknowledged; absent: nobody */
  taken?: (item: FeedItem) => void;
}

/** One reader by name, whose connections to this process share its events. One cursor: below it all is acknowledged. */
export class Consumer {
  readonly scope: FeedScope;
  readonly name: string;
  readonly #deps: ConsumerDeps;
  readonly #ledger = new Ledger<Connection>();
  readonly #connections = new Set<Connection>();
  readonly #cursor: Cursor;
  readonly #ended = Promise.withResolvers<void>();
  #opening: Promise<void> | undefined;
  #reader: FeedReader | undefined;
  /** connections that wait for it to be open */
  #expected = 0;
  #held = false;
  #over = false;
  #why: Closing | undefined;
  #closing = false;
  #delivering = false;
  #again = false;
  #wake: (() => void) | undefined;

  constructor(deps: ConsumerDeps, scope: FeedScope, name: string, acknowledgeMs: number) {
    this.#deps = deps;
    this.scope = { ...scope, held: { consumer: name, holder: deps.hub.holders.id } };
    this.name = name;
    this.#cursor = new Cursor(deps.hub, scope.org, name, acknowledgeMs, {
      saved: (position) => {
        for (const connection of this.#connections) connection.acknowledged(position);
      },
      lost: () => this.end(CLOSE.elsewhere),
    });
  }

  /** no connection may join any more */
  get over(): boolean {
    return this.#over;
  }

  /** once another process may push to this reader */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** entries beyond the cursor, and time of the first event not acknowledged, ms */
  get backlog(): { unread: number; since: number | undefined } {
    return { unread: (this.#reader?.last ?? 0) - this.#cursor.position, since: this.#ledger.first?.ms };
  }

  /**
   * The connection shares the events from now on; it is told so before it gets any.
   * @param after position to go on from, for the first one; null: the cursor
   * @throws Refused
   */
  async join(connection: Connection, after: number | null): Promise<void> {
    this.#expected += 1;
    try {
      this.#opening ??= this.#open(after);
      await this.#opening;
    } catch (error) {
      this.#over = true;
      throw error;
    } finally {
      this.#expected -= 1;
      if (this.#expected === 0 && (this.#over || connection.gone) && this.#connections.size === 0) void this.#end();
    }
    if (this.#why) throw new Refused(this.#why);
    if (this.#over || connection.gone) return;
    this.#connections.add(connection);
    connection.opened(this.name, this.#cursor.position, this.#reader?.last ?? 0);
    this.#deliver();
  }

  leave(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    this.#ledger.leave(connection);
    if (this.#connections.size > 0) this.#deliver();
    else if (this.#expected === 0) void this.#end();
  }

  /** @returns events that were acknowledged */
  acknowledge(connection: Connection, sequence: number): number {
    const count = this.#ledger.acknowledge(connection, sequence, this.#deps.taken);
    if (count === 0) return 0;
    this.#reach(count);
    this.#deliver();
    return count;
  }

  /** A connection takes more than before. */
  stir(): void {
    this.#deliver();
  }

  /** Now and then: what nobody acknowledges goes to somebody else, what was passed over is noted. */
  tend(now: number): void {
    this.#cursor.tend();
    const first = this.#connections.size > 1 ? this.#ledger.oldest : undefined;
    if (first !== undefined && now - first.since > OVERDUE_MS) first.taker.close(CLOSE.overdue);
  }

  /** All connections are closed. */
  end(why: Closing): void {
    this.#over = true;
    this.#why = why;
    for (const connection of [...this.#connections]) connection.close(why);
    if (this.#expected === 0) void this.#end();
  }

  async #open(after: number | null): Promise<void> {
    const { hub, readers } = this.#deps;
    const position = await hold(hub, this.scope.org, this.name, after).catch((error: unknown) => {
      // Nobody knows what came of it: it is let go of as if it had been done.
      this.#held = !(error instanceof Refused);
      throw error;
    });
    this.#held = true;
    this.#cursor.begin(position);
    this.#reader = await readers.open(this.scope, position).catch((error: unknown) => {
      throw refusalOf(error);
    });
    void this.#pump(this.#reader);
  }

  async #pump(reader: FeedReader): Promise<void> {
    while (!this.#over) {
      const room = this.#room();
      if (room === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      try {
        const items = await reader.next(room, WAIT_MS);
        if (this.#over) return;
        this.#ledger.add(items);
        this.#cursor.read(reader.position);
        this.#reach(0);
        this.#deliver();
      } catch (error) {
        if (this.#over) return;
        if (error instanceof PositionGone) return this.end(goneAt(error.oldest));
        if (error instanceof PositionAhead) return this.end(AHEAD);
        if (error instanceof Superseded) return this.end(CLOSE.elsewhere);
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  /** How many entries to read: what connections take, within what this reader may cost. */
  #room(): number {
    let room = 0;
    for (const connection of this.#connections) room += this.#ledger.room(connection);
    return Math.max(0, Math.min(room, WAITING - this.#ledger.waiting, SPAN - this.#ledger.span));
  }

  #deliver(): void {
    // A connection that breaks while it is written to leaves at once: what it had is given after what is being given.
    this.#again = true;
    if (this.#delivering) return;
    this.#delivering = true;
    while (this.#again) {
      this.#again = false;
      const given = this.#ledger.assign(this.#connections, this.#deps.hub.now());
      for (const [connection, items] of given) connection.events(items);
    }
    this.#delivering = false;
    if (this.#wake === undefined || this.#room() === 0) return;
    const wake = this.#wake;
    this.#wake = undefined;
    wake();
  }

  #reach(acknowledged: number): void {
    this.#cursor.reach(this.#ledger.first?.sequence, acknowledged);
  }

  async #end(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#over = true;
    this.#wake?.();
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader) this.#deps.readers.close(reader);
    await this.#cursor.end();
    if (this.#held) await release(this.#deps.hub, this.scope.org, this.name);
    this.#held = false;
    this.#ended.resolve();
  }
}

function refusalOf(error: unknown): unknown {
  if (error instanceof PositionGone) return new Refused(goneAt(error.oldest));
  return error instanceof PositionAhead ? new Refused(AHEAD) : error;
}
