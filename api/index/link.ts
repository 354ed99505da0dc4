import { Worker } from 'node:worker_threads';
import type { Jobs } from '#api/bulk/jobs.ts';
import type { Search } from './search.ts';
import type { Answered, Given, Order, Word } from './thread.ts';
import type { Writing } from './writing.ts';

const ENTRY = new URL('./thread.ts', import.meta.url);
/** The writer keeps batches, the reader pages: neither grows. MB */
const HEAP_MB = 128;
/** A thread takes the process' young generation else, which is made for batches. MB */
const YOUNG_MB = 16;

type Methods<T> = { [N in keyof T]: T[N] extends (...given: infer A) => infer R ? (...given: A) => Promise<R> : never };

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/** A thread of the index, from the API's thread: `call('page', …)` is `Search.page`, answered later. */
export class Link<T extends Search | Writing | Jobs> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<void>;
  /** Orders of this moment: each message wakes the other thread up, which costs as much as a small answer. */
  #orders: Order[] = [];
  #serial = 0;
  #down = false;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#fail();
        resolve();
      });
    });
  }

  static reader = (folder: string) => Link.#open<Search>({ folder, kind: 'read' });
  static writer = (folder: string) => Link.#open<Writing>({ folder, kind: 'write' });
  static jobs = (folder: string) => Link.#open<Jobs>({ folder, kind: 'jobs' });

  /** @returns undefined: see `Word.opened` */
  static async #open<T extends Search | Writing | Jobs>(given: Given): Promise<Link<T> | undefined> {
    const worker = new Worker(ENTRY, {
      workerData: given,
      name: `index ${given.kind}`,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    const link = new Link<T>(worker);
    const opened = await new Promise<boolean>((resolve, reject) => {
      worker.on('error', reject);
      worker.once('exit', () => reject(new Error('the thread of the index ended')));
      worker.on('message', (word: Word) => {
        if ('opened' in word) resolve(word.opened);
        else for (const one of word) link.#answer(one);
      });
    });
    if (opened) return link;
    await link.#ended;
    return undefined;
  }

  /** Whether the thread is gone: whatever is asked of it fails. */
  get down(): boolean {
    return this.#down;
  }

  call<N extends keyof T & string>(
    name: N,
    ...values: Parameters<Methods<T>[N]>
  ): Promise<Awaited<ReturnType<Methods<T>[N]>>> {
    if (this.#down) return Promise.reject(new Error('the thread of the index is gone'));
    this.#serial += 1;
    const number = this.#serial;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#order({ number, name, values });
    });
  }

  /** After what was asked before. */
  async close(): Promise<void> {
    if (!this.#down) this.#order({ number: 0, name: undefined, values: [] });
    await this.#ended;
  }

  #order(order: Order): void {
    this.#orders.push(order);
    if (this.#orders.length > 1) return;
    setImmediate(() => {
      const orders = this.#orders;
      this.#orders = [];
      this.#worker.postMessage(orders);
    });
  }

  #answer({ number, value, error }: Answered): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (error === undefined) waiting?.resolve(value as never);
    else waiting?.reject(new Error(error));
  }

  #fail(): void {
    this.#down = true;
    for (const { reject } of this.#waiting.values()) reject(new Error('the thread of the index is gone'));
    this.#waiting.clear();
  }
}
