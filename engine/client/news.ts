import type { OrgKey } from '../domain/organization.ts';
import { ALL_PARTITIONS } from '../domain/placement.ts';
import type { Channels, Listener } from '../redis/channels.ts';
import { keysOf } from '../redis/keys.ts';

/** Opens the channels on which partitions say which feeds grew. */
type Open = (groups: readonly (readonly string[])[], listener: Listener) => Promise<Channels>;

/**
 * Tells who waits for an organisation's feed that it grew. A hint: it may be lost, or come twice, and what it is about is
 * read from the masters. Nothing is listened to before somebody follows a feed.
 */
export class News {
  readonly #open: Open;
  readonly #followers = new Map<OrgKey, Set<() => void>>();
  readonly #all = new Set<(org: OrgKey | undefined) => void>();
  #channels: Promise<Channels> | undefined;

  constructor(open: Open) {
    this.#open = open;
  }

  /** Resolves once what is committed from now on is told, if Redis can be reached. @returns how to stop */
  async follow(org: OrgKey, onNews: () => void): Promise<() => void> {
    const followers = this.#followers.get(org) ?? new Set();
    this.#followers.set(org, followers);
    followers.add(onNews);
    // Without channels a follower looks by itself from time to time, and whoever comes next tries again.
    await this.#hear().catch(() => undefined);
    return () => {
      followers.delete(onNews);
      if (followers.size === 0 && this.#followers.get(org) === followers) this.#followers.delete(org);
    };
  }

  /** The same of all feeds. @param onNews undefined: any of them may have grown @returns how to stop */
  async followAll(onNews: (org: OrgKey | undefined) => void): Promise<() => void> {
    this.#all.add(onNews);
    await this.#hear().catch(() => undefined);
    return () => this.#all.delete(onNews);
  }

  async close(): Promise<void> {
    const channels = await this.#channels?.catch(() => undefined);
    await channels?.close();
  }

  #hear(): Promise<unknown> {
    if (this.#channels) return this.#channels;
    const groups = Array.from({ length: ALL_PARTITIONS }, (_, partition) => [keysOf(partition).news]);
    const opening = this.#open(groups, {
      message: (_channel, payload) => this.#receive(payload),
      gap: () => this.#wakeAll(),
    });
    this.#channels = opening;
    opening.catch(() => {
      this.#channels = undefined;
    });
    return opening;
  }

  /** The organisations whose feeds grew in one commit. */
  #receive(payload: string): void {
    for (const org of payload.split(' ')) {
      for (const onNews of this.#followers.get(org) ?? []) onNews();
      for (const onNews of this.#all) onNews(org);
    }
  }

  #wakeAll(): void {
    for (const followers of this.#followers.values()) for (const onNews of followers) onNews();
    for (const onNews of this.#all) onNews(undefined);
  }
}
