import { DomainError } from '../domain/errors.ts';
import type { Message } from '../domain/message.ts';
import type { Local } from '../local.ts';
import type { Entry } from '../partition/attempt.ts';
import type { Calls } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';

/** Bytes of one accept call: it blocks Redis for well under a millisecond. */
const BYTES_PER_ACCEPT = 256 * 1024;
const MESSAGES_PER_ACCEPT = 256;

interface Waiting {
  payload: string;
  message: Message | undefined;
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
  readonly #local: Local | undefined;

  constructor(calls: Calls, backlogLimit: number, onTime: (redisMs: number) => void, local?: Local) {
    this.#local = local;
    this.#calls = calls;
    this.#limit = backlogLimit;
    this.#onTime = onTime;
    calls.source(() => this.#gather());
  }

  /**
   * Resolves when the message is in the mailbox, on disk.
   * @param payload the message encoded
   * @param message the same, for an owner in this process
   */
  accept(partition: number, payload: string, message?: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      const queue = this.#byPartition.get(partition);
      if (queue) queue.push({ payload, message, resolve, reject });
      else this.#byPartition.set(partition, [{ payload, message, resolve, reject }]);
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

  async #send(partition: number, group: Waiting[]): Promise<void> {
    const keys = keysOf(partition);
    const owner = this.#local?.owner(partition);
    const args = [this.#limit, owner ? 0 : 1, ...group.map((one) => one.payload)];
    try {
      const [taken, now, backlog, ...ids] = (await this.#calls.call('accept', [keys.in, keys.wake], args)) as [
        number,
        number,
        number,
        ...string[],
      ];
      this.#onTime(now);
      if (taken !== 1) {
        for (const one of group) one.reject(new DomainError('busy'));
        return;
      }
      for (const one of group) one.resolve();
      const entries = owner && ids.map((id, index) => entryOf(id, group[index] as Waiting));
      if (entries) owner.offer(entries, backlog === 0, now);
    } catch (error) {
      for (const one of group) one.reject(error as Error);
    }
  }
}

/** An entry as its owner takes it from this process: a request from outside, not decoded again. */
function entryOf(id: string, { payload, message }: Waiting): Entry {
  return { id, payload, message: message && { ...message, confirm: false, inside: false } };
}
