import type { Cluster, Redis } from 'ioredis';
import { slotOf } from './keys.ts';

/** A connection that is not there after this time is not waited for, ms: as long as a call may take. */
const OPEN_MS = 5_000;

/** Nothing was sent: the call did nothing. */
export class Unsent extends Error {
  constructor(why: string) {
    super(`UNSENT ${why}`);
    this.name = 'Unsent';
  }
}

/**
 * Where in a cluster each key lies, and the connections to its masters. Calls are sent to them straight, not through the
 * library: WAIT counts what its own connection wrote, and a connection that is not ready must refuse calls instead of
 * keeping them until nobody waits for their answers any more.
 */
export class Shards {
  readonly #cluster: Cluster;
  readonly #slots = new Map<string, number>();
  readonly #learning = new Map<number, Promise<void>>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Address of the master of a key, as far as it is known; '' when it is not. */
  where(key: string): string {
    return this.#cluster.slots[this.#slot(key)]?.[0] ?? '';
  }

  /** The connection to a master, ready. @throws Unsent */
  async open(where: string): Promise<Redis> {
    const node = this.#cluster
      .nodes('master')
      .find(({ options: { host, port } }) => host !== undefined && `${host}:${port}` === where);
    if (node === undefined) throw new Unsent(`no master at ${where || 'any known address'}`);
    if (node.status !== 'ready') await ready(node);
    return node;
  }

  /**
   * Has the library find out where a key lies: a reply MOVED, or a master that is gone, tell that the map is old.
   * @throws Unsent when nobody can tell
   */
  learn(key: string): Promise<void> {
    const slot = this.#slot(key);
    const under = this.#learning.get(slot);
    if (under !== undefined) return under;
    const learning = this.#cluster
      .exists(key)
      .then(
        () => undefined,
        (error: Error) => {
          throw new Unsent(error.message);
        },
      )
      .finally(() => this.#learning.delete(slot));
    this.#learning.set(slot, learning);
    return learning;
  }

  #slot(key: string): number {
    const tag = key.slice(1, key.indexOf('}'));
    let slot = this.#slots.get(tag);
    if (slot === undefined) {
      slot = slotOf(tag);
      this.#slots.set(tag, slot);
    }
    return slot;
  }
}

/** The library connects with the first command, which it would keep: it is told to connect, and sent nothing before. */
function ready(node: Redis): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (why?: string): void => {
      clearTimeout(timer);
      node.off('ready', yes).off('end', no);
      if (why === undefined) resolve();
      else reject(new Unsent(why));
    };
    const yes = (): void => settle();
    const no = (): void => settle('the connection ended');
    const timer = setTimeout(() => settle(`not ready after ${OPEN_MS} ms`), OPEN_MS);
    node.on('ready', yes).on('end', no);
    if (node.status === 'wait') node.connect().catch(() => undefined);
    else if (node.status === 'end') no();
  });
}
