import type { Redis } from 'ioredis';
import { type Client, isCluster } from './connect.ts';
import { reloadFunctions } from './format.ts';
import { functionName } from './library.ts';
import { Shards } from './shards.ts';

/**
 * Function calls of one process, sent together: one batch in flight, the next gathers meanwhile. On one server a
 * batch is one call of `batch.lua`, so that under `appendfsync always` it pays one fsync and not one per 16 kB of
 * input (decision record 002). In a cluster each master has its own batches, of single calls, and one that does not
 * answer keeps none of the others waiting. With `replicas`, each batch is followed by one WAIT on its connection.
 */
interface Call {
  name: string;
  keys: readonly string[];
  args: readonly (string | number)[];
  /** it holds requests from outside: to be refused, alone, when Redis is full */
  outside: boolean;
  /** times it was sent and did nothing */
  tries: number;
  resolve: (reply: unknown) => void;
  reject: (error: Error) => void;
}

/** What waits for one server, and what is on its way there. */
interface Queue {
  waiting: Call[];
  flying: number;
}

/** Calls sent in one batch: bounds how long Redis serves nobody else. */
const CALLS_PER_BATCH = 512;
/**
 * Bytes of one batch, one call at least: same reason, and while Redis applies one batch the process decides the next.
 * Without this limit a draining engine and Redis wait for each other in turn.
 */
const BYTES_PER_BATCH = 256 * 1024;
/** A call that did nothing, its slot being elsewhere or its function unknown, is sent again as often. */
const TRIES = 5;
/** Replicas have as long to say that they have a batch, ms: below a call's deadline, which would say less. */
const REPLICAS_MS = 2_000;

/** Done on the master, and too few replicas have it: not to be answered. The effect stays, and a retry finds it. */
export class Unreplicated extends Error {
  constructor(reached: number, wanted: number) {
    super(`${reached} of ${wanted} replicas have it after ${REPLICAS_MS} ms`);
    this.name = 'Unreplicated';
  }
}

/** Replies, or errors in their places, and why what was done does not count. */
interface Sent {
  replies: unknown[];
  short: Error | undefined;
}

export class Calls {
  /** replicas that have what a settled call wrote; with any, answers follow the call instead of being part of it */
  readonly replicas: number;
  readonly #client: Client;
  readonly #shards: Shards | undefined;
  readonly #sources: (() => void)[] = [];
  readonly #limit: number;
  readonly #queues = new Map<string, Queue>();
  readonly #onTrip: ((ms: number) => void) | undefined;
  #armed = false;

  /**
   * @param inFlight batches on their way at once, to one server
   * @param onTrip told how long each batch took that was answered, replicas included
   */
  constructor(client: Client, inFlight = 1, replicas = 0, onTrip?: (ms: number) => void) {
    this.#onTrip = onTrip;
    this.#client = client;
    this.#shards = isCluster(client) ? new Shards(client) : undefined;
    this.#limit = inFlight;
    this.replicas = replicas;
  }

  /** @param outside over maxmemory it is refused (`isFull`) and nothing of it is written */
  call(
    name: string,
    keys: readonly string[],
    args: readonly (string | number)[],
    outside = name === 'accept',
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#put({ name, keys, args, outside, tries: 0, resolve, reject });
    });
  }

  /** Whether one server may be away while others serve. */
  get several(): boolean {
    return this.#shards !== undefined;
  }

  /** Asked for its calls just before each batch leaves: what gathers until then travels together. */
  source(gather: () => void): void {
    this.#sources.push(gather);
  }

  arm(): void {
    if (this.#armed || !this.#room()) return;
    this.#armed = true;
    setImmediate(() => {
      this.#armed = false;
      this.#flush();
    });
  }

  #put(call: Call): void {
    const where = this.#shards?.where(call.keys[0] as string) ?? '';
    const queue = this.#queues.get(where);
    if (queue) queue.waiting.push(call);
    else this.#queues.set(where, { waiting: [call], flying: 0 });
    this.arm();
  }

  #room(): boolean {
    for (const { flying } of this.#queues.values()) if (flying < this.#limit) return true;
    return this.#queues.size === 0;
  }

  #flush(): void {
    this.#armed = true;
    for (const gather of this.#sources) gather();
    this.#armed = false;
    for (const [where, queue] of this.#queues) this.#leave(where, queue);
  }

  #leave(where: string, queue: Queue): void {
    if (queue.waiting.length === 0 || queue.flying >= this.#limit) return;
    const batch = queue.waiting.splice(0, fitting(queue.waiting));
    queue.flying += 1;
    const sent = this.#shards
      ? this.#toShard(this.#shards, where, batch)
      : this.#toServer(this.#client as Redis, batch);
    sent.finally(() => {
      queue.flying -= 1;
      this.arm();
    });
    this.arm();
  }

  /** One command for all: refused as a whole over maxmemory when some are from outside; the others then go again. */
  async #toServer(server: Redis, batch: readonly Call[]): Promise<void> {
    if (batch.length === 1) return this.#apart(server, batch);
    const outside = batch.some((call) => call.outside);
    const { replies, short } = await this.#counted(server, [this.#batch(server, outside ? 'accepts' : 'batch', batch)]);
    const [reply] = replies;
    if (reply instanceof Error) {
      if (unknownFunction(reply)) return this.#reload(batch, reply);
      const again = outside && isFull(reply) ? batch.filter((call) => !call.outside) : [];
      for (const call of batch) if (!again.includes(call)) call.reject(reply);
      if (again.length > 0) await this.#toServer(server, again);
      return;
    }
    for (const [index, call] of batch.entries()) settle(call, (reply as unknown[])[index], short);
  }

  async #toShard(shards: Shards, where: string, batch: readonly Call[]): Promise<void> {
    try {
      await this.#apart(await shards.open(where), batch);
    } catch (error) {
      await this.#elsewhere(shards, batch, error as Error);
    }
  }

  async #apart(server: Redis, batch: readonly Call[]): Promise<void> {
    const { replies, short } = await this.#counted(
      server,
      batch.map((call) => this.#alone(server, call)),
    );
    const [missing, moved]: [Call[], Call[]] = [[], []];
    for (const [index, call] of batch.entries()) {
      const reply = replies[index];
      if (this.#shards && reply instanceof Error && reply.message.startsWith('MOVED ')) moved.push(call);
      else if (reply instanceof Error && unknownFunction(reply)) missing.push(call);
      else settle(call, reply, short);
    }
    if (missing.length > 0) await this.#reload(missing, new Error('Function not found'));
    if (this.#shards && moved.length > 0) await this.#elsewhere(this.#shards, moved, new Error('MOVED too often'));
  }

  /** WAIT counts what its own connection has written: it goes the same way, right behind. */
  async #counted(server: Redis, commands: readonly Promise<unknown>[]): Promise<Sent> {
    const wanted = this.replicas;
    const sent = performance.now();
    const reached = wanted > 0 ? server.wait(wanted, REPLICAS_MS).catch((error: Error) => error) : undefined;
    const replies = await Promise.all(commands.map((command) => command.catch((error: Error) => error)));
    const count = await reached;
    this.#onTrip?.(performance.now() - sent);
    if (count === undefined) return { replies, short: undefined };
    if (count instanceof Error) return { replies, short: count };
    return { replies, short: count < wanted ? new Unreplicated(count, wanted) : undefined };
  }

  #batch(server: Redis, name: 'accepts' | 'batch', batch: readonly Call[]): Promise<unknown> {
    const keys: string[] = [];
    const args: (string | number)[] = [];
    for (const call of batch) {
      for (const key of call.keys) keys.push(key);
      args.push(call.name, call.keys.length, call.args.length);
      for (const arg of call.args) args.push(arg);
    }
    return fcall(server, name, keys, args);
  }

  async #alone(server: Redis, call: Call): Promise<unknown> {
    const { name, keys, args, outside } = call;
    // Its own flags are those of requests from outside.
    if (outside === (name === 'accept')) return fcall(server, name, keys, args);
    const [reply] = (await this.#batch(server, outside ? 'accepts' : 'batch', [call])) as unknown[];
    if (reply instanceof Error) throw reply;
    return reply;
  }

  /** A new master, or a server restarted empty, does not know our functions: such a call did nothing. */
  async #reload(calls: readonly Call[], error: Error): Promise<void> {
    try {
      await reloadFunctions(this.#client);
    } catch (failure) {
      for (const call of calls) call.reject(failure as Error);
      return;
    }
    for (const call of calls) this.#again(call, error);
  }

  /** Calls that did nothing: what they want lies elsewhere, or was not reached. */
  async #elsewhere(shards: Shards, calls: readonly Call[], error: Error): Promise<void> {
    await Promise.all(
      calls.map(async (call) => {
        try {
          await shards.learn(call.keys[0] as string);
          this.#again(call, error);
        } catch (failure) {
          call.reject(failure as Error);
        }
      }),
    );
  }

  #again(call: Call, error: Error): void {
    call.tries += 1;
    if (call.tries < TRIES) this.#put(call);
    else call.reject(error);
  }
}

function fitting(calls: readonly Call[]): number {
  let [count, bytes] = [0, 0];
  for (const { args } of calls) {
    for (const arg of args) if (typeof arg === 'string') bytes += arg.length;
    if (count > 0 && bytes > BYTES_PER_BATCH) break;
    count += 1;
    if (count === CALLS_PER_BATCH) break;
  }
  return count;
}

/** A refusal wrote nothing and is told as it is; only what was done may not count. */
function settle(call: Call, reply: unknown, short: Error | undefined): void {
  if (reply instanceof Error) call.reject(reply);
  else if (short) call.reject(short);
  else call.resolve(reply);
}

const fcall = (
  server: Redis,
  name: string,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> => server.fcall(functionName(name), keys.length, ...keys, ...args);

/** Redis is over maxmemory: nothing of the call was written. */
export const isFull = (error: unknown): boolean => error instanceof Error && error.message.startsWith('OOM');

/**
 * A call refused before anything was written: by its own checks (turn.lua), for lack of memory or of replicas, because its
 * slot is being moved or nobody serves it, or because it was never sent.
 */
const REFUSALS = /^(?:FENCED|BEHIND|HOLE|GAP|OOM|NOREPLICAS|TRYAGAIN|ASK|MOVED|CLUSTERDOWN|UNSENT) /;
export const isRefused = (error: unknown): boolean => error instanceof Error && REFUSALS.test(error.message);

/** Another owner has the partition: nothing was written. */
export const isFenced = (error: unknown): boolean => error instanceof Error && error.message.startsWith('FENCED');

/** A server that does not know our functions: the call did nothing. */
export const unknownFunction = (error: Error): boolean => error.message.includes('Function not found');
