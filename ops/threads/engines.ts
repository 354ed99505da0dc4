/** The engines of one process, each in a thread of its own: a core each, and the API never waits for their decisions. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { openEraser } from '#api/main.ts';
import { bridgeEngine } from '#engine/bridge/api-end.ts';
import type { Config } from '#engine/config.ts';
import type { Local } from '#engine/local.ts';
import { startEngine } from '#engine/main.ts';
import type { Look } from '#engine/telemetry/metrics.ts';
import type { Given, Order, Word } from './engine.ts';

const ENTRY = new URL('./engine.ts', import.meta.url);

export interface Engines {
  /** what each thread says of itself */
  look(): Promise<Look[]>;
  /** Hands over all partitions, then ends the threads. */
  stop(): Promise<void>;
}

/**
 * Starts `config.engines` threads, or one engine in this thread when that is 0.
 * @param local the API's, which sees their partitions as its own process's
 * @param onDeath a thread that ends unasked takes what it held in memory with it: the process has no reason to go on
 * @throws the error of the first one that cannot start, by its name; the others are stopped
 */
export async function startEngines(
  config: Config,
  local: Local | undefined,
  onDeath: (reason: string) => void,
): Promise<Engines> {
  if (config.engines === 0) return startHere(config, local);
  const threads = Array.from({ length: config.engines }, (_, index) => new EngineThread(config, index, local, onDeath));
  const started = await Promise.allSettled(threads.map((thread) => thread.started));
  const stop = async (): Promise<void> => {
    await Promise.all(threads.map((thread) => thread.stop()));
  };
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { stop, look: () => Promise.all(threads.map((thread) => thread.look())) };
}

async function startHere(config: Config, local: Local | undefined): Promise<Engines> {
  const blobs = await openEraser(config);
  try {
    const engine = await startEngine(config, (names) => blobs.remove(names), local);
    return {
      // `/metrics` of this thread shows its figures already.
      look: async () => [{ counted: [], reasons: [...(await engine.look()).reasons, ...(await blobs.check())] }],
      async stop() {
        await engine.stop();
        await blobs.close();
      },
    };
  } catch (error) {
    await blobs.close();
    throw error;
  }
}

class EngineThread {
  readonly started: Promise<void>;
  readonly #worker: Worker;
  readonly #looking = new Map<number, (seen: Look) => void>();
  #asked = 0;
  #ending = false;
  #stopped: (() => void) | undefined;

  constructor(config: Config, index: number, local: Local | undefined, onDeath: (reason: string) => void) {
    const channel = local && new MessageChannel();
    const given: Given = { config: { ...config, member: memberOf(config, index) }, api: channel?.port2 };
    if (channel && local) bridgeEngine(channel.port1, local);
    const transferList: MessagePort[] = channel ? [channel.port2] : [];
    this.#worker = new Worker(ENTRY, { workerData: given, transferList, name: `engine ${index + 1}` });
    this.started = new Promise((resolve, reject) => {
      const end = (reason: string): void => {
        if (this.#ending) return;
        reject(new Error(reason));
        onDeath(reason);
      };
      this.#worker.on('message', (word: Word) => {
        if (word === 'started') resolve();
        else if (word === 'stopped') this.#stopped?.();
        else if ('look' in word) this.#saw(word.look, word.seen);
        else this.#failed(word.failed, reject);
      });
      this.#worker.on('error', (error) => end(error.stack ?? error.message));
      this.#worker.on('exit', (code) => end(`an engine's thread ended with ${code}`));
    });
  }

  look(): Promise<Look> {
    this.#asked += 1;
    const number = this.#asked;
    return new Promise((resolve) => {
      this.#looking.set(number, resolve);
      this.#order({ look: number });
    });
  }

  async stop(): Promise<void> {
    if (!this.#ending) {
      this.#ending = true;
      await new Promise<void>((resolve) => {
        this.#stopped = resolve;
        this.#worker.once('exit', () => resolve());
        this.#order('stop');
      });
    }
    await this.#worker.terminate();
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  #saw(number: number, seen: Look): void {
    this.#looking.get(number)?.(seen);
    this.#looking.delete(number);
  }

  /** By name, since errors lose their class between threads and `ops/life.ts` knows them by it. */
  #failed({ name, message }: { name: string; message: string }, reject: (error: Error) => void): void {
    this.#ending = true;
    this.#stopped?.();
    reject(Object.assign(new Error(message), { name }));
  }
}

/** The first engine bears the process's own name. */
const memberOf = ({ member }: Config, index: number): string => (index === 0 ? member : `${member}/${index + 1}`);
