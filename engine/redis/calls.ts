import { type Client, isCluster, loadFunctions } from './connect.ts';
import { functionName } from './library.ts';

/**
 * Function calls of one process, sent together: one batch in flight, the next gathers meanwhile. On one server a
 * batch is one call of `batch.lua`, so that under `appendfsync always` it pays one fsync and not one per 16 kB of
 * input (decision record 002). A cluster gets the calls one by one, each on its slot's connection.
 */
interface Call {
  name: string;
  keys: readonly string[];
  args: readonly (string | number)[];
  /** it holds requests from outside: to be refused, alone, when Redis is full */
  outside: boolean;
  resolve: (reply: unknown) => void;
  reject: (error: Error) => void;
}

/** Calls sent in one batch: bounds how long Redis serves nobody else. */
const CALLS_PER_BATCH = 512;
/**
 * Bytes of one batch, one call at least: same reason, and while Redis applies one batch the process decides the next.
 * Without this limit a draining engine and Redis wait for each other in turn.
 */
const BYTES_PER_BATCH = 256 * 1024;

export class Calls {
  readonly #client: Client;
  readonly #single: boolean;
  readonly #sources: (() => void)[] = [];
  readonly #limit: number;
  #queue: Call[] = [];
  #flying = 0;
  #armed = false;

  /** @param inFlight batches on their way at once */
  constructor(client: Client, inFlight = 1) {
    this.#client = client;
    this.#single = !isCluster(client);
    this.#limit = inFlight;
  }

  /** @param outside over maxmemory it is refused (`isFull`) and nothing of it is written */
  call(
    name: string,
    keys: readonly string[],
    args: readonly (string | number)[],
    outside = name === 'accept',
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ name, keys, args, outside, resolve, reject });
      this.arm();
    });
  }

  /** Asked for its calls just before each batch leaves: what gathers until then travels together. */
  source(gather: () => void): void {
    this.#sources.push(gather);
  }

  arm(): void {
    if (this.#armed || this.#flying >= this.#limit) return;
    this.#armed = true;
    setImmediate(() => {
      this.#armed = false;
      this.#flush();
    });
  }

  #flush(): void {
    this.#armed = true;
    for (const gather of this.#sources) gather();
    this.#armed = false;
    if (this.#queue.length === 0) return;
    const batch = this.#queue.splice(0, this.#fitting());
    this.#flying += 1;
    const sent = this.#single && batch.length > 1 ? this.#together(batch) : this.#apart(batch);
    sent.finally(() => {
      this.#flying -= 1;
      this.arm();
    });
    this.arm();
  }

  #fitting(): number {
    let [count, bytes] = [0, 0];
    for (const { args } of this.#queue) {
      for (const arg of args) if (typeof arg === 'string') bytes += arg.length;
      if (count > 0 && bytes > BYTES_PER_BATCH) break;
      count += 1;
      if (count === CALLS_PER_BATCH) break;
    }
    return count;
  }

  /** One command for all: refused as a whole over maxmemory when some are from outside; the others then go again. */
  async #together(batch: readonly Call[]): Promise<void> {
    const outside = batch.some((call) => call.outside);
    let replies: unknown[];
    try {
      replies = await this.#batch(outside ? 'accepts' : 'batch', batch);
    } catch (error) {
      if (unknownFunction(error as Error)) return this.#reload(batch);
      const again = outside && isFull(error) ? batch.filter((call) => !call.outside) : [];
      for (const call of batch) if (!again.includes(call)) call.reject(error as Error);
      if (again.length > 0) await this.#together(again);
      return;
    }
    for (const [index, call] of batch.entries()) {
      const reply = replies[index];
      if (reply instanceof Error) call.reject(reply);
      else call.resolve(reply);
    }
  }

  #batch(name: 'accepts' | 'batch', batch: readonly Call[]): Promise<unknown[]> {
    const keys: string[] = [];
    const args: (string | number)[] = [];
    for (const call of batch) {
      for (const key of call.keys) keys.push(key);
      args.push(call.name, call.keys.length, call.args.length);
      for (const arg of call.args) args.push(arg);
    }
    return this.#fcall(name, keys, args) as Promise<unknown[]>;
  }

  async #apart(batch: readonly Call[]): Promise<void> {
    const missing: Call[] = [];
    await Promise.all(
      batch.map(async (call) => {
        try {
          call.resolve(await this.#alone(call));
        } catch (error) {
          if (unknownFunction(error as Error)) missing.push(call);
          else call.reject(error as Error);
        }
      }),
    );
    if (missing.length > 0) await this.#reload(missing);
  }

  async #alone(call: Call): Promise<unknown> {
    const { name, keys, args, outside } = call;
    // Its own flags are those of requests from outside.
    if (outside === (name === 'accept')) return this.#fcall(name, keys, args);
    const [reply] = await this.#batch(outside ? 'accepts' : 'batch', [call]);
    if (reply instanceof Error) throw reply;
    return reply;
  }

  /** A new master, or a server restarted empty, does not know our functions: such a call did nothing. */
  async #reload(calls: readonly Call[]): Promise<void> {
    try {
      await loadFunctions(this.#client);
    } catch (error) {
      for (const call of calls) call.reject(error as Error);
      return;
    }
    for (const call of calls) this.#alone(call).then(call.resolve, call.reject);
  }

  #fcall(name: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.#client.fcall(functionName(name), keys.length, ...keys, ...args);
  }
}

/** Redis is over maxmemory: nothing of the call was written. */
export const isFull = (error: unknown): boolean => error instanceof Error && error.message.startsWith('OOM');

/** A call refused by its own checks, before anything was written (turn.lua), or for lack of memory. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Error && /^(?:FENCED|BEHIND|HOLE|GAP|OOM) /.test(error.message);

/** A server that does not know our functions: the call did nothing. */
export const unknownFunction = (error: Error): boolean => error.message.includes('Function not found');
