import type { Arrived } from './domain/envelope.ts';
import type { ReplyItem } from './partition/replies.ts';

/** Who waits for the answer of a request given straight to its owner. */
export interface Asker {
  /** The owner did not decide it, or nothing of its decision was written: it goes by the mailbox. */
  divert(partition: number, message: Arrived): void;
  /** It was decided, and nobody knows whether the commit came through. */
  doubt(message: Arrived): void;
}

/** An owned partition, as an API process sees it that runs in the same process. */
export interface Owner {
  /** Decides the request with its next turn; false: not now, it must go by the mailbox. */
  take(message: Arrived, asker: Asker): boolean;
}

/**
 * The short way between an engine and an API process that run as one: a request goes straight to the owner of its
 * partition, which decides it after what it already holds of the mailbox and commits both in one turn (decision record
 * 006); answers are handed over after the commit, without a publication. Whoever is not here goes by the mailbox.
 */
export class Local {
  readonly #partitions = new Map<number, Owner>();
  readonly #apis = new Map<string, (items: readonly ReplyItem[]) => void>();

  own(partition: number, owner: Owner): void {
    this.#partitions.set(partition, owner);
  }

  disown(partition: number, owner: Owner): void {
    if (this.#partitions.get(partition) === owner) this.#partitions.delete(partition);
  }

  owner(partition: number): Owner | undefined {
    return this.#partitions.get(partition);
  }

  attach(api: string, receive: (items: readonly ReplyItem[]) => void): void {
    this.#apis.set(api, receive);
  }

  detach(api: string): void {
    this.#apis.delete(api);
  }

  api(name: string): ((items: readonly ReplyItem[]) => void) | undefined {
    return this.#apis.get(name);
  }
}
