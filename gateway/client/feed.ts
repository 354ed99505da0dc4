import { setTimeout as delay } from 'node:timers/promises';
import { Backoff } from './backoff.ts';
import { Connection, type Ending } from './connection.ts';
import { type FeedEvent, type FromHub, GONE, HOPELESS } from './frames.ts';
import type { TokenSource } from './token.ts';

/** First and longest bound of the wait before another try, ms. */
const FIRST_MS = 250;
const MOST_MS = 30_000;

export interface FeedOptions {
  /** base URL of the hub, `https://…` */
  url: string;
  token: TokenSource;
  /** name of the reader; its connections share its events. Absent: the client's id */
  consumer?: string;
  processCodes?: string[];
  /** where a reader begins that must not go on from its cursor; used once */
  after?: number;
  /** events taken without having dealt with them; default 100 */
  credit?: number;
  /**
   * Deals with one event; it is acknowledged once this resolves, and may come again after a broken connection, so its
   * effects must not depend on how often. When it rejects, it is called again, and its case waits.
   */
  onEvent: (event: FeedEvent) => Promise<void> | void;
  /** a handler rejected, or a connection ended */
  onTrouble?: (trouble: Error | Ending) => void;
  /** Entries after the cursor are no longer kept: false, the default, ends the feed; true goes on at the oldest. */
  onGap?: (oldest: number) => boolean;
  onFrame?: (frame: FromHub) => void;
  tokenIn?: 'header' | 'frame';
}

/** The hub refuses this reader for good; `code` is a close code of `/asyncapi.json`. */
export class FeedRefused extends Error {
  readonly code: number;
  constructor({ code, reason }: Ending) {
    super(`the hub closed the feed: ${code} ${reason}`);
    this.name = 'FeedRefused';
    this.code = code;
  }
}

/**
 * Follows a feed for as long as it is wanted, whatever happens to its connections: each event at least once, the events
 * of one case one after the other.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #backoff = new Backoff(FIRST_MS, MOST_MS);
  #after: number | undefined;
  #connection: Connection | undefined;
  readonly #stopped = new AbortController();

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#after = options.after;
  }

  /** Resolves after `stop`. @throws FeedRefused when trying again would be of no use */
  async run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const ending = await this.#connect();
      if (signal.aborted) return;
      if (ending !== undefined && HOPELESS.has(ending.code) && !this.#skipped(ending)) throw new FeedRefused(ending);
      if (ending?.opened === true) this.#backoff.reset();
      await pause(this.#backoff.next(), signal);
    }
  }

  /** Takes nothing new; `run` resolves once what was begun is over. */
  stop(): void {
    this.#stopped.abort();
    this.#connection?.close();
  }

  /** Ends the connection as the network would; the feed goes on with another. */
  cut(): void {
    this.#connection?.close();
  }

  async #connect(): Promise<Ending | undefined> {
    const { url, token, consumer, processCodes, credit, onFrame, tokenIn = 'header' } = this.#options;
    this.#connection = new Connection({
      url: new URL('/relais/v1/push', url.replace(/^http/, 'ws')).href,
      token,
      tokenIn,
      open: {
        ...(consumer !== undefined && { consumer }),
        ...(processCodes !== undefined && { processCodes }),
        ...(credit !== undefined && { credit }),
        ...(this.#after !== undefined && { after: this.#after }),
      },
      handle: (event, abandoned) => this.#handle(event, abandoned),
      onFrame: (frame) => {
        // The cursor is there now: another connection goes on from it.
        if (frame.type === 'opened') this.#after = undefined;
        onFrame?.(frame);
      },
    });
    try {
      const ending = await this.#connection.run();
      this.#options.onTrouble?.(ending);
      return ending;
    } catch (error) {
      this.#options.onTrouble?.(error as Error);
      return undefined;
    }
  }

  /** Whether the feed goes on beyond what is no longer kept. */
  #skipped({ code, reason }: Ending): boolean {
    if (code !== GONE) return false;
    const oldest = Number(/oldest=(\d+)/.exec(reason)?.[1]);
    if (!Number.isInteger(oldest) || this.#options.onGap?.(oldest) !== true) return false;
    this.#after = oldest;
    return true;
  }

  async #handle(event: FeedEvent, abandoned: AbortSignal): Promise<boolean> {
    const backoff = new Backoff(FIRST_MS, MOST_MS);
    while (!abandoned.aborted) {
      try {
        await this.#options.onEvent(event);
        return true;
      } catch (error) {
        this.#options.onTrouble?.(error as Error);
        await pause(backoff.next(), abandoned);
      }
    }
    return false;
  }
}

/** Waits, or no longer than until somebody calls it off. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined);
