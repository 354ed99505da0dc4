import { DomainError } from '../domain/errors.ts';
import { type Calls, isFull } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';

/** Bytes of one accept call: it blocks Redis for well under a millisecond. */
const BYTES_PER_ACCEPT = 256 * 1024;
const MESSAGES_PER_ACCEPT = 256;

interface Waiting {
  payload: string;
  frees: boolean;
  resolve: () => void;
  reject: (error: Error) => void;
}

/**
 * Appends messages to mailboxes in micro-batches: what arrives while a batch is under way leaves together with the
 * next, one call per partition.
 */
export class Acceptor {
  readonly #calls: Calls;
  readonly #limit: number;
  readonly #byPartition = new Map<number, Waiting[]>();
  readonly #onTime: (redisMs: number) => void;

  constructor(calls: Calls, backlogLimit: number, onTime: (redisMs: number) => void) {
    this.#calls = calls;
    this.#limit = backlogLimit;
    this.#onTime = onTime;
    calls.source(() => this.#gather());
  }

  /**
   * Resolves when the encoded message is in the mailbox, on disk.
   * @param frees its effect is to give memory back: taken by a full Redis too
   */
  accept(partition: number, payload: string, frees = false): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = this.#byPartition.get(partition);
      if (queue) queue.push({ payload, frees, resolve, reject });
      else this.#byPartition.set(partition, [{ payload, frees, resolve, reject }]);
      this.#calls.arm();
    });
  }

  #gather(): void {
    for (const [partition, queue] of this.#byPartition) {
      for (let from = 0; from < queue.length; ) {
        let to = from;
        let bytes = 0;
        while (to < queue.length && to - from < MESSAGES_PER_ACCEPT && (to === from || bytes < BYTES_PER_ACCEPT)) {
          bytes += (queue[to] as Waiting).payload.length;
          to += 1;
        }
        void this.#send(partition, queue.slice(from, to));
        from = to;
      }
    }
    this.#byPartition.clear();
  }

  async #send(partition: number, group: Waiting[], outside = true): Promise<void> {
    const keys = keysOf(partition);
    const args = [this.#limit, ...group.map((one) => one.payload)];
    try {
      const [taken, now] = (await this.#calls.call('accept', [keys.in, keys.wake], args, outside)) as [number, number];
      this.#onTime(now);
      for (const one of group) {
        if (taken === 1) one.resolve();
        else one.reject(new DomainError('busy'));
      }
    } catch (error) {
      const again = outside && isFull(error) ? group.filter(({ frees }) => frees) : [];
      for (const one of group) if (!again.includes(one)) one.reject(error as Error);
      if (again.length > 0) await this.#send(partition, again, false);
    }
  }
}
