import type { Limits } from './limits.ts';
import type { Waiter, Watch } from './watch.ts';

/** The part of a connection a body may act on. */
export interface Tap {
  pause(): void;
  resume(): void;
}

/** What all bodies of a server share. */
export interface Shared {
  limits: Limits;
  watch: Watch;
}

/** The client closed the connection: nobody is there for an answer. */
export class ClientGone extends Error {
  constructor() {
    super('the client closed the connection');
    this.name = 'ClientGone';
  }
}

/**
 * A request body coming in. `push` is called for each chunk, whose memory is gone when it returns. A body that is
 * refused is read to its end all the same, up to a limit: a client that still writes would not see the answer.
 */
export abstract class Inlet implements Waiter {
  deadline: number;
  protected readonly shared: Shared;
  #state: 'open' | 'whole' | 'cut' = 'open';
  #discarding = false;
  #discarded = 0;
  #rest: ((whole: boolean) => void) | undefined;

  constructor(shared: Shared) {
    this.shared = shared;
    this.deadline = shared.watch.clock() + shared.limits.bodyIdleMs;
    shared.watch.add(this);
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  push(chunk: ArrayBuffer, last: boolean): void {
    if (this.#state === 'cut') return;
    if (this.#discarding) this.#discarded += chunk.byteLength;
    else this.accept(chunk, last);
    if (last) this.#close('whole');
    else if (this.#discarded > this.shared.limits.discardBytes) this.#close('cut');
    else if (this.deadline !== Number.POSITIVE_INFINITY) this.awaitBytes();
  }

  /** The connection is gone. */
  abort(): void {
    this.fail(new ClientGone());
    this.#close('cut');
  }

  expire(): void {
    this.timeOut();
    this.#close('cut');
  }

  /** Throws away what still comes. True: the whole body came; false: the connection must be closed with the answer. */
  rest(): Promise<boolean> {
    if (this.#state !== 'open') return Promise.resolve(this.#state === 'whole');
    this.discard();
    return new Promise((resolve) => {
      this.#rest = resolve;
    });
  }

  /** Memory back to its budget; the request is over. */
  abstract release(): void;

  protected abstract accept(chunk: ArrayBuffer, last: boolean): void;
  protected abstract fail(error: Error): void;
  protected abstract timeOut(): void;
  /** Called once no byte is awaited any more. */
  protected abstract ended(): void;

  protected discard(): void {
    this.#discarding = true;
  }

  protected awaitBytes(): void {
    this.deadline = this.shared.watch.clock() + this.shared.limits.bodyIdleMs;
  }

  #close(state: 'whole' | 'cut'): void {
    if (this.#state !== 'open') return;
    this.#state = state;
    this.shared.watch.remove(this);
    this.ended();
    this.#rest?.(state === 'whole');
  }
}
