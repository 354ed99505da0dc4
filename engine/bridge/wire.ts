import type { MessagePort } from 'node:worker_threads';
import type { Arrived } from '../domain/envelope.ts';
import type { Message } from '../domain/message.ts';
import type { ReplyItem } from '../partition/replies.ts';

/**
 * What passes between an API's thread and an engine's. Requests and answers gather for a moment and go as one text: a
 * text is copied between threads as bytes, and costs one wake-up, where an object a message would be walked and woken
 * for one by one. Answers are JSON; requests a line each, whose JSON the journal takes as it came. The rest are objects.
 */

/** A request on its way back undecided. */
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

/** A request on its way to its owner: `partition {"command":…,"replyTo":…}`. */
export const encodeRequest = (partition: number, { command, replyTo }: Message): string =>
  `${partition} ${JSON.stringify({ command, replyTo })}`;

/** Requests as they go together: JSON has no line break. */
export const joined = (requests: readonly string[]): string => requests.join('\n');

/** The requests of a text, each with its JSON. */
export function* requestsIn(text: string): Generator<[partition: number, message: Message, json: string]> {
  for (const line of text.split('\n')) {
    const at = line.indexOf(' ');
    const json = line.slice(at + 1);
    yield [Number(line.slice(0, at)), JSON.parse(json) as Message, json];
  }
}

/** Gathers what one thread has for the other until it has nothing else to do. */
export class Gathering<T> {
  readonly #port: MessagePort;
  readonly #empty: () => T;
  readonly #encode: (gathered: T) => string;
  #waiting: T | undefined;

  constructor(port: MessagePort, empty: () => T, encode: (gathered: T) => string = JSON.stringify) {
    this.#port = port;
    this.#empty = empty;
    this.#encode = encode;
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
    const text = this.#encode(this.#waiting as T);
    this.#waiting = undefined;
    this.#port.postMessage(text);
  }
}
