import { DomainError } from '../domain/errors.ts';

/** A request that waits longer is answered 503: Redis is away, and clients of enrolment give up after 2 s (§16.1). */
export const WAIT_MS = 1500;

interface Batch {
  deferred: PromiseWithResolvers<void>;
  timer: NodeJS.Timeout;
}

/**
 * One read for all requests of a moment. A request joins the next read that begins, never one under way: that one
 * may have missed what was answered since it began. A read begins only after all requests that arrived in the same
 * turn of the event loop, so that they share it; and only one is under way at a time.
 */
export class Barrier {
  readonly #read: () => Promise<void>;
  #next: Batch | undefined;
  #busy = false;

  /** @param read settles, whatever happens to its connection */
  constructor(read: () => Promise<void>) {
    this.#read = read;
  }

  /** Resolves once a read begun after this call is over. @throws DomainError `busy` when it fails or takes too long */
  pass(): Promise<void> {
    this.#next ??= this.#batch();
    if (!this.#busy) {
      this.#busy = true;
      setImmediate(() => this.#begin());
    }
    return this.#next.deferred.promise;
  }

  #batch(): Batch {
    const deferred = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      // those who come later must wait for themselves
      if (this.#next?.deferred === deferred) this.#next = undefined;
      deferred.reject(busy(new Error(`referential not read within ${WAIT_MS} ms`)));
    }, WAIT_MS);
    return { deferred, timer };
  }

  #begin(): void {
    const batch = this.#next;
    this.#next = undefined;
    this.#busy = batch !== undefined;
    if (!batch) return;
    const end = (settle: () => void): void => {
      clearTimeout(batch.timer);
      settle();
      this.#begin();
    };
    this.#read().then(
      () => end(batch.deferred.resolve),
      (cause: unknown) => end(() => batch.deferred.reject(busy(cause))),
    );
  }
}

function busy(cause: unknown): DomainError {
  const error = new DomainError('busy');
  error.cause = cause;
  return error;
}
