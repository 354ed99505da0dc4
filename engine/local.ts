import type { Entry } from './partition/attempt.ts';
import type { ReplyItem } from './partition/replies.ts';

/** An owned partition, as an API process sees it that runs in the same process. */
export interface Neighbour {
  /**
   * Entries just accepted, on disk, in stream order. When they are the head of the mailbox and nothing is under way,
   * they are decided without reading them back; otherwise they only wake the partition.
   */
  offer(entries: readonly Entry[], head: boolean, now: number): void;
}

/**
 * The short way between an engine and an API process that run as one: what was accepted is offered to its owner, and
 * answers are handed over after the commit, without a publication. Redis holds everything all the same: the commit
 * names the entries it covers, and whoever is not here goes the long way.
 */
export class Local {
  readonly #partitions = new Map<number, Neighbour>();
  readonly #apis = new Map<string, (items: readonly ReplyItem[]) => void>();

  own(partition: number, owner: Neighbour): void {
    this.#partitions.set(partition, owner);
  }

  disown(partition: number, owner: Neighbour): void {
    if (this.#partitions.get(partition) === owner) this.#partitions.delete(partition);
  }

  owner(partition: number): Neighbour | undefined {
    return this.#partitions.get(partition);
  }

  attach(api: string, receive: (items: readonly ReplyItem[]) => void): void {
    this.#apis.set(api, receive);
  }

  detach(api: string): void {
    this.#apis.delete(api);
  }

  api(name: string): ((items: readonly ReplyItem[]) => void) | undefined {
    return this.#apis.get(name);
  }
}
