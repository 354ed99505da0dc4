import { setTimeout as pause } from 'node:timers/promises';
import { Feed, FeedRefused } from '#gateway/client/feed.ts';
import type { FromHub } from '#gateway/client/frames.ts';
import type { Random } from '../sim/random.ts';
import type { Caller } from './caller.ts';
import type { Entry, History } from './history.ts';
import { FEED, newsOf } from './poller.ts';

/** A reader of a feed over WebSocket, with the client that partners are given. */
const CONSUMER = 'chaos-push';
const TOKEN_SECONDS = 86_400;
/** Few enough that events wait for acknowledgements. */
const CREDIT = 20;
/** Events that its software fails to deal with at first. */
const FAILED = 1 / 20;
/** Between two connections that it breaks itself: at least, and up to as much again. ms */
const CUT_MS = 3_000;
/** After a refusal, or with a new client at the end. ms */
const AGAIN_MS = 500;
/** A client that waits long before its next try is replaced by a new one after that. ms */
const STILL_MS = 5_000;
/** What is left is dealt with by then. ms */
const FINISH_MS = 60_000;

export class Subscriber {
  readonly #who: number;
  readonly #url: string;
  readonly #token: string;
  readonly #caller: Caller;
  readonly #history: History;
  readonly #random: Random;
  /** position that the hub says is on disk */
  #position = 0;
  /** when the connection was asked for, ms */
  #asked = 0;
  #over = false;

  /** @param caller asks where the feed ends */
  constructor(who: number, to: { url: string; token: string; history: History }, caller: Caller, random: Random) {
    this.#who = who;
    this.#url = to.url;
    this.#token = to.token;
    this.#history = to.history;
    this.#caller = caller;
    this.#random = random;
  }

  async work(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const feed = this.#open();
      const running = this.#run(feed);
      let ended = false;
      void running.then(() => {
        ended = true;
      });
      while (!(over.aborted || ended)) {
        await pause(CUT_MS + this.#random.below(CUT_MS), undefined, { signal: over }).catch(() => undefined);
        if (!(over.aborted || ended)) this.#cut(feed);
      }
      feed.stop();
      await running;
      if (!over.aborted) await pause(AGAIN_MS);
    }
  }

  /** Everything that is left, once nobody writes any more. */
  async finish(): Promise<void> {
    const deadline = performance.now() + FINISH_MS;
    this.#over = true;
    const last = await this.#last(deadline);
    while (this.#position < last && performance.now() < deadline) {
      const feed = this.#open();
      const running = this.#run(feed);
      const patience = performance.now() + STILL_MS;
      while (this.#position < last && performance.now() < patience) await pause(AGAIN_MS / 10);
      feed.stop();
      await running;
    }
  }

  #open(): Feed {
    this.#asked = performance.now();
    return new Feed({
      url: this.#url,
      token: async () => ({ value: this.#token, seconds: TOKEN_SECONDS }),
      consumer: CONSUMER,
      credit: CREDIT,
      onEvent: (event) => {
        if (!this.#over && this.#random.chance(FAILED)) throw new Error('its software fails');
        // From now on the client may acknowledge it; the hub says when it is on disk.
        this.#note('acknowledge', 0, { position: Number(event.sequence) });
      },
      onFrame: (frame) => this.#take(frame),
      onTrouble: () => {
        this.#asked = performance.now();
      },
    });
  }

  async #run(feed: Feed): Promise<void> {
    try {
      await feed.run();
    } catch (error) {
      if (!(error instanceof FeedRefused)) throw error;
      this.#note('feed', error.code, {});
    }
  }

  #cut(feed: Feed): void {
    feed.cut();
    this.#asked = performance.now();
  }

  #take(frame: FromHub): void {
    if (frame.type === 'opened') this.#note('feed', 200, { position: frame.position, news: [] });
    else if (frame.type === 'events') this.#note('feed', 200, { news: frame.events.map(newsOf) });
    else if (frame.type === 'acknowledged') {
      this.#position = Math.max(this.#position, frame.position);
      this.#note('acknowledge', 200, { position: frame.position });
    }
  }

  /** Frames of a connection come in order; the cursor that an opening tells was read after it was asked for. */
  #note(kind: 'feed' | 'acknowledge', status: number, told: Partial<Entry>): void {
    const done = performance.now();
    const sent = kind === 'feed' && told.position !== undefined ? this.#asked : done;
    this.#history.add({ kind, who: this.#who, reader: 'push', status, ...told, sent, done });
  }

  async #last(deadline: number): Promise<number> {
    while (performance.now() < deadline) {
      const { status, head } = await this.#caller.send({ method: 'GET', path: `${FEED}?after=0&limit=1` });
      if (status === 200) return Number(/relais-last-position: *(\d+)/i.exec(head)?.[1]);
      await pause(AGAIN_MS);
    }
    return 0;
  }
}
