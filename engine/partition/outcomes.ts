import type { Local } from '../local.ts';
import type { Calls } from '../redis/calls.ts';
import { replyChannel } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import { BUSY, type Replies, type ReplyItem } from './replies.ts';

/**
 * How a partition's answers reach who waits. Of this process they are handed over after the commit; others hear them by
 * their channel, from the commit itself, or after it when the commit alone does not make them true (`replicated`).
 */
export class Outcomes {
  readonly #partition: number;
  readonly #reads: Reads;
  readonly #local: Local | undefined;
  /** Whether an API process gets its answers after the commit. */
  readonly after: (api: string) => boolean;

  constructor(partition: number, calls: Calls, reads: Reads, local: Local | undefined) {
    this.#partition = partition;
    this.#reads = reads;
    this.#local = local;
    this.after = calls.replicas > 0 ? () => true : (api) => local?.api(api) !== undefined;
  }

  /** The commit is there. */
  give(replies: Replies): void {
    for (const [api, items] of replies.all()) if (this.after(api)) this.#send(api, items);
  }

  /** The commit is there, and does not count. */
  refuse(replies: Replies): void {
    for (const [api, items] of replies.all())
      this.#send(
        api,
        items.map(([ask]): ReplyItem => [ask, BUSY, 0]),
      );
  }

  #send(api: string, items: readonly ReplyItem[]): void {
    const receive = this.#local?.api(api);
    if (receive) {
      receive(items);
      return;
    }
    // Not on the connection of the calls, where it would wait for the next batch's replicas. A publication that fails is
    // as one that nobody heard: the request is told to come again.
    this.#reads.client.spublish(replyChannel(this.#partition, api), JSON.stringify(items)).catch(() => undefined);
  }
}
