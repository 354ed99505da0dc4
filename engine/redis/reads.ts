import { type Client, isCluster } from './connect.ts';
import { slotOf } from './keys.ts';

/**
 * Reads straight from the masters, gathered per tick: one MGET on a single server, one per slot in a cluster. Never
 * from replicas: what was answered must be seen.
 */
interface Wanted {
  keys: readonly string[];
  resolve: (values: (string | null)[]) => void;
  reject: (error: Error) => void;
}

/** Keys of one MGET: bounds how long Redis serves nobody else. */
const KEYS_PER_READ = 1_024;

export class Reads {
  readonly client: Client;
  #wanted: Wanted[] = [];
  #armed = false;

  constructor(client: Client) {
    this.client = client;
  }

  async get(key: string): Promise<string | null> {
    const [value] = await this.all([key]);
    return value ?? null;
  }

  all(keys: readonly string[]): Promise<(string | null)[]> {
    if (keys.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#wanted.push({ keys, resolve, reject });
      if (this.#armed) return;
      this.#armed = true;
      setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    this.#armed = false;
    const wanted = this.#wanted;
    this.#wanted = [];
    if (isCluster(this.client)) for (const one of wanted) void this.#spread(one);
    else {
      let [from, keys] = [0, 0];
      for (const [index, one] of wanted.entries()) {
        keys += one.keys.length;
        if (keys < KEYS_PER_READ && index < wanted.length - 1) continue;
        void this.#fetch(wanted.slice(from, index + 1));
        [from, keys] = [index + 1, 0];
      }
    }
  }

  async #fetch(group: readonly Wanted[]): Promise<void> {
    try {
      const keys = group.length === 1 ? (group[0] as Wanted).keys : group.flatMap((one) => one.keys);
      const values = await this.client.mget(keys as string[]);
      let at = 0;
      for (const one of group) {
        one.resolve(group.length === 1 ? values : values.slice(at, at + one.keys.length));
        at += one.keys.length;
      }
    } catch (error) {
      for (const one of group) one.reject(error as Error);
    }
  }

  /** A cluster answers an MGET for one slot only. */
  async #spread(one: Wanted): Promise<void> {
    const slots = new Map<number, number[]>();
    for (const [index, key] of one.keys.entries()) {
      const slot = slotOf(key.slice(1, key.indexOf('}')));
      const places = slots.get(slot);
      if (places) places.push(index);
      else slots.set(slot, [index]);
    }
    const values: (string | null)[] = [];
    try {
      await Promise.all(
        [...slots.values()].map(async (places) => {
          const found = await this.client.mget(places.map((place) => one.keys[place] as string));
          for (const [index, place] of places.entries()) values[place] = found[index] ?? null;
        }),
      );
      one.resolve(values);
    } catch (error) {
      one.reject(error as Error);
    }
  }
}
