import type { Budget } from './budget.ts';
import { HttpError, overloaded } from './errors.ts';
import { Inlet, type Shared } from './inlet.ts';
import { textOf, tooLarge } from './json.ts';
import type { Request } from './types.ts';

const MS_PER_S = 1000;

/** A body read whole into memory: JSON, a form, or bytes. One chunk, as nearly all are, is decoded without a copy. */
export class TextBody extends Inlet {
  readonly #called: Pick<Request, 'calledMethod' | 'path'>;
  readonly #maxBytes: number;
  readonly #budget: Budget;
  #parts: Buffer[] = [];
  #bytes = 0;
  #found: string | Buffer | undefined;
  #error: Error | undefined;
  readonly #binary: boolean;
  #waiting: { resolve(found: string | Buffer): void; reject(error: Error): void } | undefined;

  constructor(
    shared: Shared,
    budget: Budget,
    called: Pick<Request, 'calledMethod' | 'path'>,
    maxBytes: number,
    binary = false,
  ) {
    super(shared);
    this.#budget = budget;
    this.#called = called;
    this.#maxBytes = maxBytes;
    this.#binary = binary;
    if (budget.full) this.fail(overloaded('request bodies'));
  }

  /** @throws HttpError 400, 408, 413, 503, or ClientGone */
  text(): Promise<string> {
    return this.whole() as Promise<string>;
  }

  /** Text, or bytes when that was said. @throws as `text` */
  whole(): Promise<string | Buffer> {
    if (!this.open) return this.#error ? Promise.reject(this.#error) : Promise.resolve(this.#found as string);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  release(): void {
    this.#budget.give(this.#bytes);
    this.#bytes = 0;
    this.#parts = [];
  }

  protected accept(chunk: ArrayBuffer, last: boolean): void {
    const size = chunk.byteLength;
    if (this.#bytes + size > this.#maxBytes) {
      this.fail(tooLarge(this.#maxBytes));
      return;
    }
    this.#budget.take(size);
    this.#bytes += size;
    if (last)
      this.#decode(
        this.#parts.length === 0 ? Buffer.from(chunk) : Buffer.concat([...this.#parts, Buffer.from(chunk)]),
        this.#parts.length > 0,
      );
    else if (size > 0) this.#parts.push(Buffer.from(chunk.slice(0)));
  }

  protected fail(error: Error): void {
    this.#error ??= error;
    this.#parts = [];
    this.discard();
  }

  protected timeOut(): void {
    const seconds = this.shared.limits.bodyIdleMs / MS_PER_S;
    this.fail(new HttpError(408, `Request Timeout : no byte of the request body came for ${seconds} s`));
  }

  protected ended(): void {
    if (this.#found === undefined) this.#error ??= new Error('a body ended without text');
    if (this.#error) this.#waiting?.reject(this.#error);
    else this.#waiting?.resolve(this.#found as string);
    this.#waiting = undefined;
  }

  #decode(bytes: Buffer, joined: boolean): void {
    this.#parts = [];
    try {
      // what the socket lent is gone after this, what was put together is not
      if (this.#binary) this.#found = joined ? bytes : Buffer.from(bytes);
      else this.#found = textOf(this.#called, bytes);
    } catch (error) {
      this.#error = error as Error;
    }
  }
}
