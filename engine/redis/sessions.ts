import type { Client } from './connect.ts';
import { sessionKey, sessionsKey, spentKey } from './keys.ts';
import { Unread } from './reads.ts';

/** Keys of one command: bounds how long Redis serves nobody else. */
const KEYS_PER_READ = 1_024;

interface Wanted {
  key: string;
  resolve(text: string | null): void;
  reject(error: Error): void;
}

/**
 * Sessions of agents: one expiring string each, and a set for each agent of those it has. All have the hub's tag, so one
 * command reads those of all requests of a moment. Nobody vouches for them: a server that went back may have lost some.
 */
export class SessionStore {
  readonly #client: Client;
  #wanted: Wanted[] = [];

  constructor(client: Client) {
    this.#client = client;
  }

  /** @param idleMs life of the session @param indexMs life of its place among its agent's @throws Unread */
  put(hash: string, agent: string, text: string, idleMs: number, indexMs: number): Promise<void> {
    return this.#sure(async (client) => {
      const index = sessionsKey(agent);
      // The set first: a session that is not in it could not be ended with the others.
      await client.sadd(index, hash);
      await client.pexpire(index, indexMs);
      await client.set(sessionKey(hash), text, 'PX', idleMs);
    });
  }

  /** What is stored, null when it is over. @throws Unread */
  get(hash: string): Promise<string | null> {
    return new Promise((resolve, reject) => {
      this.#wanted.push({ key: sessionKey(hash), resolve, reject });
      if (this.#wanted.length === 1) setImmediate(() => this.#flush());
    });
  }

  /** @throws Unread */
  touch(hash: string, idleMs: number): Promise<void> {
    return this.#sure(async (client) => {
      await client.pexpire(sessionKey(hash), idleMs);
    });
  }

  /** @throws Unread */
  remove(hash: string, agent: string): Promise<void> {
    return this.#sure(async (client) => {
      await client.del(sessionKey(hash));
      await client.srem(sessionsKey(agent), hash);
    });
  }

  /** Whether this is its first use. @param lifeMs how long that is remembered @throws Unread */
  async spend(hash: string, lifeMs: number): Promise<boolean> {
    try {
      return (await this.#client.set(spentKey(hash), '1', 'PX', lifeMs, 'NX')) === 'OK';
    } catch (error) {
      throw new Unread(error);
    }
  }

  /** All of an agent's. @throws Unread */
  removeAll(agent: string): Promise<void> {
    return this.#sure(async (client) => {
      const index = sessionsKey(agent);
      const hashes = await client.smembers(index);
      await client.del([...hashes.map(sessionKey), index]);
    });
  }

  async #sure(ask: (client: Client) => Promise<void>): Promise<void> {
    try {
      await ask(this.#client);
    } catch (error) {
      throw new Unread(error);
    }
  }

  #flush(): void {
    const wanted = this.#wanted;
    this.#wanted = [];
    for (let from = 0; from < wanted.length; from += KEYS_PER_READ) {
      void this.#fetch(wanted.slice(from, from + KEYS_PER_READ));
    }
  }

  async #fetch(group: readonly Wanted[]): Promise<void> {
    try {
      const texts = await this.#client.mget(group.map(({ key }) => key));
      for (const [index, one] of group.entries()) one.resolve(texts[index] ?? null);
    } catch (error) {
      for (const one of group) one.reject(new Unread(error));
    }
  }
}
