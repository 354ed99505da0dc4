import type { FeedEvent } from './frames.ts';

/** Deals with one event, and says whether it has: if not, the event is not acknowledged. Never rejects. */
export type Handler = (event: FeedEvent, abandoned: AbortSignal) => Promise<boolean>;

interface Task {
  sequence: number;
  done: boolean;
}

/**
 * The events of one connection: cases side by side, the events of one case one after the other. Tells how far all is
 * dealt with, in the order the events came, which is what the hub lets acknowledge.
 */
export class Work {
  readonly #handle: Handler;
  readonly #onDone: (sequence: number) => void;
  readonly #cases = new Map<string, Promise<void>>();
  readonly #tasks: Task[] = [];
  readonly #abandoned = new AbortController();

  /** @param onDone all events that came up to this one are dealt with */
  constructor(handle: Handler, onDone: (sequence: number) => void) {
    this.#handle = handle;
    this.#onDone = onDone;
  }

  add(event: FeedEvent): void {
    const task = { sequence: Number(event.sequence), done: false };
    this.#tasks.push(task);
    const before = this.#cases.get(event.subject) ?? Promise.resolve();
    const mine = before.then(async () => {
      // The hub gives it to another connection, or to the next one.
      if (this.#abandoned.signal.aborted) return;
      task.done = await this.#handle(event, this.#abandoned.signal);
      this.#advance();
    });
    this.#cases.set(event.subject, mine);
    void mine.then(() => {
      if (this.#cases.get(event.subject) === mine) this.#cases.delete(event.subject);
    });
  }

  /** The connection is gone: what has not begun is not begun. Resolves when what has begun is over. */
  async abandon(): Promise<void> {
    this.#abandoned.abort();
    await Promise.all(this.#cases.values());
  }

  #advance(): void {
    let last: number | undefined;
    while (this.#tasks[0]?.done === true) last = this.#tasks.shift()?.sequence;
    if (last !== undefined && !this.#abandoned.signal.aborted) this.#onDone(last);
  }
}
