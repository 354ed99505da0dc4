import type { Arrived } from './domain/envelope.ts';
import type { ReplyItem } from './partition/replies.ts';

/** Who waits for the answer of a request given straight to its owner. */
export interface Asker {
  /** The owner did not decide it, or nothing of its decision was written: it goes by the mailbox. */
  divert(partition: number, message: Arrived): void;
  /** It was decided, and nobody knows whether the commit came through. */
  doubt(message: Arrived): void;
}

/** An owned partition, as an API sees it that runs in the same process. */
export interface Owner {
  /**
   * Decides the request with its next turn; false: not now, it must go by the mailbox.
   * @param json command and `replyTo`, of a request that came as text
   */
  take(message: Arrived, asker: Asker, json?: string): boolean;
}

/** Where an API of this process receives its answers. */
export type Receiver = (items: readonly ReplyItem[]) => void;

/** Told of whoever comes and goes. */
export interface LocalWatch {
  owned?(partition: number): void;
  disowned?(partition: number): void;
  attached?(api: string): void;
  detached?(api: string): void;
}

/**
 * The short way between engines and an API of one process: a request goes straight to the owner of its partition, which
 * decides it after what it already holds of the mailbox and commits both in one turn (decision record 006); answers
 * are handed over after the commit, without a publication. Whoever is not here goes by the mailbox. Between threads,
 * two of them are kept alike by a bridge (engine/bridge).
 */
export class Local {
  readonly #partitions = new Map<number, Owner>();
  readonly #apis = new Map<string, Receiver>();
  readonly #watches: LocalWatch[] = [];

  own(partition: number, owner: Owner): void {
    this.#partitions.set(partition, owner);
    for (const watch of this.#watches) watch.owned?.(partition);
  }

  disown(partition: number, owner: Owner): void {
    if (this.#partitions.get(partition) !== owner) return;
    this.#partitions.delete(partition);
    for (const watch of this.#watches) watch.disowned?.(partition);
  }

  owner(partition: number): Owner | undefined {
    return this.#partitions.get(partition);
  }

  attach(api: string, receive: Receiver): void {
    this.#apis.set(api, receive);
    for (const watch of this.#watches) watch.attached?.(api);
  }

  detach(api: string): void {
    this.#apis.delete(api);
    for (const watch of this.#watches) watch.detached?.(api);
  }

  api(name: string): Receiver | undefined {
    return this.#apis.get(name);
  }

  /** Tells who is here already, then whoever comes and goes. */
  follow(watch: LocalWatch): void {
    for (const partition of this.#partitions.keys()) watch.owned?.(partition);
    for (const api of this.#apis.keys()) watch.attached?.(api);
    this.#watches.push(watch);
  }
}
