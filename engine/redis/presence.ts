import type { Client } from './connect.ts';
import { presenceKey } from './keys.ts';
import { Unread } from './reads.ts';

/** Who looks at what: a sorted set a case, by the moment each is thought gone; the key ends with the last of them. */
export class PresenceStore {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Notes one, and gives those there are. @param until ms @throws Unread */
  async note(case_: string, who: string, now: number, until: number): Promise<string[]> {
    const key = presenceKey(case_);
    return this.#sure(async () => {
      await this.#client.zadd(key, until, who);
      await this.#client.pexpire(key, until - now);
      return this.#client.zrangebyscore(key, now, '+inf');
    });
  }

  /** @throws Unread */
  read(case_: string, now: number): Promise<string[]> {
    return this.#sure(() => this.#client.zrangebyscore(presenceKey(case_), now, '+inf'));
  }

  async #sure<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw new Unread(error);
    }
  }
}
