import type { Redis } from 'ioredis';
import { type Client, disconnect, isCluster } from './connect.ts';
import { Shards } from './shards.ts';

/** Between two tries to hear a channel again, ms. */
const AGAIN_MS = 100;
/** At the start all channels are heard within, ms. */
const OPEN_MS = 15_000;

export interface Listener {
  message(channel: string, payload: string): void;
  /** Something may have been said that nobody heard: once when a channel is lost, once when it is heard again. */
  gap(): void;
}

/** The connection to one server, and what is heard or asked for there. */
interface Ear {
  redis: Redis;
  where: string;
  groups: Set<readonly string[]>;
}

/**
 * Subscriptions of one process. A channel lies where the keys of its partition lie, so in a cluster there is a connection
 * to each master, and a channel follows its slot. The library does that too, but does not say when nobody listened; a
 * request whose answer was given meanwhile would wait its whole time.
 */
export class Channels {
  readonly #client: Client;
  readonly #shards: Shards | undefined;
  readonly #groups: readonly (readonly string[])[];
  readonly #listener: Listener;
  readonly #ears = new Map<string, Ear>();
  readonly #heard = new Set<readonly string[]>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #opened: (() => void) | undefined;

  private constructor(client: Client, groups: readonly (readonly string[])[], listener: Listener) {
    this.#client = client;
    this.#shards = isCluster(client) ? new Shards(client) : undefined;
    this.#groups = groups;
    this.#listener = listener;
  }

  /**
   * @param client of its own: it is closed with the channels
   * @param groups channels of one partition each
   */
  static async open(client: Client, groups: readonly (readonly string[])[], listener: Listener): Promise<Channels> {
    const channels = new Channels(client, groups, listener);
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the channels are not heard after ${OPEN_MS} ms`)), OPEN_MS);
      channels.#opened = () => {
        clearTimeout(late);
        resolve();
      };
      if (isCluster(client)) {
        client.on('refresh', () => channels.#place());
        channels.#look();
      } else channels.#one(client);
    });
    return channels;
  }

  /** Whether every channel is heard. */
  get whole(): boolean {
    return this.#heard.size === this.#groups.length;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { redis } of this.#ears.values()) redis.disconnect();
    await disconnect(this.#client);
  }

  /** One server has all channels, and the library comes back to it by itself. */
  #one(client: Redis): void {
    const ear: Ear = { redis: client, where: '', groups: new Set(this.#groups) };
    client.on('smessage', (channel: string, payload: string) => this.#listener.message(channel, payload));
    client.on('close', () => this.#lost(ear));
    client.on('ready', () => void this.#ask(ear, this.#groups));
    if (client.status === 'ready') void this.#ask(ear, this.#groups);
  }

  /** Finds out where the channels lie that are not heard, then has them heard there. */
  #look(): void {
    this.#timer = undefined;
    const silent = this.#groups.filter((group) => !this.#heard.has(group));
    if (this.#closed || silent.length === 0) return;
    void Promise.allSettled(silent.map((group) => this.#shards?.learn(group[0] as string))).then(() => this.#place());
  }

  #place(): void {
    if (this.#closed || this.#shards === undefined) return;
    const wanted = new Map<Ear, (readonly string[])[]>();
    let missing = false;
    for (const group of this.#groups) {
      const where = this.#shards.where(group[0] as string);
      const known = this.#ears.get(where);
      if (known?.groups.has(group)) continue;
      for (const ear of this.#ears.values()) ear.groups.delete(group);
      this.#heard.delete(group);
      const ear = known ?? this.#listen(where);
      if (ear === undefined) missing = true;
      else {
        ear.groups.add(group);
        wanted.set(ear, [...(wanted.get(ear) ?? []), group]);
      }
    }
    for (const [ear, groups] of wanted) void this.#ask(ear, groups);
    if (missing) this.#again();
  }

  #listen(where: string): Ear | undefined {
    const node = isCluster(this.#client)
      ? this.#client
          .nodes('master')
          .find(({ options: { host, port } }) => host !== undefined && `${host}:${port}` === where)
      : undefined;
    if (node === undefined) return undefined;
    const redis = node.duplicate({ lazyConnect: true, enableOfflineQueue: true, autoResubscribe: false });
    const ear: Ear = { redis, where, groups: new Set() };
    redis.on('error', () => undefined);
    redis.on('smessage', (channel: string, payload: string) => this.#listener.message(channel, payload));
    // A slot that moves takes its channels with it, and the server says so.
    redis.on('moved', () => {
      if (ear.groups.size > 0) this.#lost(ear);
    });
    redis.once('end', () => {
      if (this.#ears.get(where) === ear) this.#ears.delete(where);
      this.#lost(ear);
    });
    this.#ears.set(where, ear);
    return ear;
  }

  /** Channels of different slots cannot be asked for in one command of a cluster. */
  async #ask(ear: Ear, groups: readonly (readonly string[])[]): Promise<void> {
    const asked = await Promise.all(
      groups.map((group) =>
        ear.redis.ssubscribe(...group).then(
          () => true,
          () => false,
        ),
      ),
    );
    if (this.#closed) return;
    for (const [index, group] of groups.entries()) {
      if (!ear.groups.has(group)) continue;
      if (asked[index]) this.#heard.add(group);
      else if (this.#shards) ear.groups.delete(group);
    }
    // Broken once more, or no answer in time: another connection asks again.
    if (this.#shards === undefined && asked.includes(false) && ear.redis.status === 'ready') ear.redis.disconnect(true);
    if (this.#opened === undefined) this.#listener.gap();
    if (!this.whole) this.#again();
    else {
      this.#opened?.();
      this.#opened = undefined;
    }
  }

  #lost(ear: Ear): void {
    if (this.#closed) return;
    for (const group of this.#shards ? ear.groups : this.#groups) this.#heard.delete(group);
    if (this.#shards) ear.groups.clear();
    this.#listener.gap();
    this.#again();
  }

  #again(): void {
    if (this.#shards) this.#timer ??= setTimeout(() => this.#look(), AGAIN_MS);
  }
}
