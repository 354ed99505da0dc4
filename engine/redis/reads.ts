import { type Client, isCluster } from './connect.ts';
import { slotOf } from './keys.ts';

/**
 * Reads straight from the masters, gathered per tick: one MGET on a single server, one per slot in a cluster. Never
 * from replicas: what was answered must be seen.
 */
interface Wanted {
  key: string;
  resolve: (value: string | null) => void;
  reject: (error: Error) => void;
}

/** Keys of one MGET: bounds how long Redis serves nobody else. */
const KEYS_PER_READ = 512;

export class Reads {
  readonly client: Client;
  #wanted: Wanted[] = [];
  #armed = false;

  constructor(client: Client) {
    this.client = client;
  }

  get(key: string): Promise<string | null> {
    return new Promise((resolve, reject) => {
      this.#wanted.push({ key, resolve, reject });
      if (this.#armed) return;
      this.#armed = true;
      setImmediate(() => this.#flush());
    });
  }

  all(keys: readonly string[]): Promise<(string | null)[]> {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  #flush(): void {
    this.#armed = false;
    const wanted = this.#wanted;
    this.#wanted = [];
    if (!isCluster(this.client)) {
      for (let i = 0; i < wanted.length; i += KEYS_PER_READ) void this.#fetch(wanted.slice(i, i + KEYS_PER_READ));
      return;
    }
    const slots = new Map<number, Wanted[]>();
    for (const one of wanted) {
      const slot = slotOf(one.key.slice(1, one.key.indexOf('}')));
      const group = slots.get(slot);
      if (group) group.push(one);
      else slots.set(slot, [one]);
    }
    for (const group of slots.values()) void this.#fetch(group);
  }

  async #fetch(group: Wanted[]): Promise<void> {
    try {
      const values = await this.client.mget(group.map((one) => one.key));
      for (const [index, one] of group.entries()) one.resolve(values[index] ?? null);
    } catch (error) {
      for (const one of group) one.reject(error as Error);
    }
  }
}
