import type { Client } from './connect.ts';
import { viewsKey } from './keys.ts';
import { Unread } from './reads.ts';

/** Saved views: a hash for each agent and each organisation, its fields texts of whoever keeps them. All have the hub's tag. */
export class ViewStore {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** @throws Unread */
  all(owner: string): Promise<Record<string, string>> {
    return this.#sure((client) => client.hgetall(viewsKey(owner)));
  }

  /** @throws Unread */
  put(owner: string, field: string, text: string): Promise<void> {
    return this.#sure(async (client) => {
      await client.hset(viewsKey(owner), field, text);
    });
  }

  /** @throws Unread */
  remove(owner: string, field: string): Promise<void> {
    return this.#sure(async (client) => {
      await client.hdel(viewsKey(owner), field);
    });
  }

  async #sure<T>(ask: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await ask(this.#client);
    } catch (error) {
      throw new Unread(error);
    }
  }
}
