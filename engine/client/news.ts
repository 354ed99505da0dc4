import type { OrgKey } from '../domain/organization.ts';
import { partitionOf } from '../domain/placement.ts';
import type { Client } from '../redis/connect.ts';
import { keysOf } from '../redis/keys.ts';

/** Channels end so; the others of the same connection carry answers. */
export const NEWS = ':news';

/**
 * Tells who waits for an organisation's feed that it grew. A hint: it may be lost, or come twice, and what it is about is
 * read from the masters. A partition's channel is listened to from its first follower on.
 */
export class News {
  readonly #subscriber: Client;
  readonly #followers = new Map<OrgKey, Set<() => void>>();
  readonly #heard = new Map<number, Promise<unknown>>();

  constructor(subscriber: Client) {
    this.#subscriber = subscriber;
  }

  /** Resolves once what is committed from now on is told. @returns how to stop */
  async follow(org: OrgKey, onNews: () => void): Promise<() => void> {
    const followers = this.#followers.get(org) ?? new Set();
    this.#followers.set(org, followers);
    followers.add(onNews);
    try {
      await this.#hear(partitionOf(org));
    } catch {
      // Redis is away: the follower looks by itself from time to time, and whoever comes next tries again.
    }
    return () => {
      followers.delete(onNews);
      if (followers.size === 0 && this.#followers.get(org) === followers) this.#followers.delete(org);
    };
  }

  /** A publication: the organisations whose feeds grew in one commit. */
  receive(payload: string): void {
    for (const org of payload.split(' ')) for (const onNews of this.#followers.get(org) ?? []) onNews();
  }

  /** The connection was cut: news may be missing. */
  wakeAll(): void {
    for (const followers of this.#followers.values()) for (const onNews of followers) onNews();
  }

  #hear(partition: number): Promise<unknown> {
    const known = this.#heard.get(partition);
    if (known) return known;
    const hearing = this.#subscriber.ssubscribe(keysOf(partition).news);
    this.#heard.set(partition, hearing);
    hearing.catch(() => this.#heard.delete(partition));
    return hearing;
  }
}
