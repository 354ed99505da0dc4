import type { Hub } from '#engine/client/hub.ts';
import { FeedReader, type FeedScope } from './reader.ts';

/** All readers of a process, so that none is waited for when it ends. */
export class Readers {
  readonly #feed: Pick<Hub, 'feeds' | 'news'>;
  readonly #open = new Set<FeedReader>();
  #closed = false;

  constructor(feed: Pick<Hub, 'feeds' | 'news'>) {
    this.#feed = feed;
  }

  get size(): number {
    return this.#open.size;
  }

  /** @throws PositionGone */
  async open(scope: FeedScope, after: number | undefined): Promise<FeedReader> {
    return this.#keep(await FeedReader.open(this.#feed, scope, after));
  }

  /** For who reads at once. */
  begin(scope: FeedScope, after: number | undefined): FeedReader {
    return this.#keep(FeedReader.begin(this.#feed, scope, after));
  }

  /** For who reads at once, after what a consumer has acknowledged. */
  resume(scope: FeedScope, consumer: string): FeedReader {
    return this.#keep(FeedReader.resume(this.#feed, scope, consumer));
  }

  close(reader: FeedReader): void {
    reader.stop();
    this.#open.delete(reader);
  }

  #keep(reader: FeedReader): FeedReader {
    this.#open.add(reader);
    if (this.#closed) reader.stop();
    return reader;
  }

  /** Nobody waits any more. */
  stop(): void {
    this.#closed = true;
    for (const reader of this.#open) reader.stop();
  }
}
