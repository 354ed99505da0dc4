import type { MessagePort } from 'node:worker_threads';
import type { Arrived } from '../domain/envelope.ts';
import type { ReplyItem } from '../partition/replies.ts';

/**
 * What passes between an API's thread and an engine's. Requests and answers gather for a moment and go as one JSON
 * text: a text is copied between threads as bytes, and costs one wake-up, where an object a message would be walked
 * and woken for one by one. The rest are objects.
 */

/** A request on its way to its owner, or on its way back undecided. */
export type Passed = [partition: number, command: Arrived['command'], api: string, ask: number];

/** From the engine's thread: answers by API, requests not decided, requests that may have been committed or not. */
export interface Returned {
  answers: [api: string, items: readonly ReplyItem[]][];
  diverted: Passed[];
  doubted: [api: string, ask: number][];
}

/** Who came or went on the other side. */
export type Notice = { owned: number } | { disowned: number } | { attached: string } | { detached: string };

/** A message that only a waiting request brings. */
export const arrived = (command: Arrived['command'], api: string, ask: number): Arrived => ({
  command,
  replyTo: { api, ask },
  confirm: false,
  inside: false,
});

/** Gathers what one thread has for the other until it has nothing else to do. */
export class Gathering<T> {
  readonly #port: MessagePort;
  readonly #empty: () => T;
  #waiting: T | undefined;

  constructor(port: MessagePort, empty: () => T) {
    this.#port = port;
    this.#empty = empty;
  }

  /** What goes with the next text: to be added to. */
  get open(): T {
    if (this.#waiting === undefined) {
      this.#waiting = this.#empty();
      setImmediate(() => this.#send());
    }
    return this.#waiting;
  }

  #send(): void {
    const text = JSON.stringify(this.#waiting);
    this.#waiting = undefined;
    this.#port.postMessage(text);
  }
}
