import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { connect, disconnect } from '#engine/redis/connect.ts';
import { type Job, QUEUE, reachOf } from './queue.ts';

/** Jobs added in one command: what its documentation advises for many. */
const BULK = 200;
/** Such commands under way: while one is worked, the next is made. */
const ADDING = 4;
/** Jobs in the queue, not worked, beyond which nothing is added: a backlog is not throughput. */
const ROOM = 4_000;
const LOOK_MS = 20;

export interface BullRun {
  /** in mailboxes when the time was over */
  delivered: number;
  /** of those added, in no mailbox at the end */
  lost: number;
  seconds: number;
}

/** BullMQ over a Redis: one queue, one worker process, jobs in bulk: the best it offers, without an order per recipient. */
export class Bull {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #queue: Queue<Job>;
  readonly #port: number;

  private constructor(child: ChildProcess, queue: Queue<Job>, port: number) {
    this.#child = child;
    this.pid = child.pid as number;
    this.#queue = queue;
    this.#port = port;
  }

  static async open(port: number): Promise<Bull> {
    const worker = join(import.meta.dirname, 'worker.ts');
    const child = spawn(process.execPath, [worker, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    const queue = new Queue<Job>(QUEUE, {
      connection: reachOf(port),
      defaultJobOptions: { removeOnComplete: true, attempts: 1 },
    });
    await queue.waitUntilReady();
    return new Bull(child, queue, port);
  }

  /** Adds jobs for so long, as fast as the worker takes them. @param next the n-th deposit */
  async run(seconds: number, recipients: readonly string[], next: () => Job): Promise<BullRun> {
    const redis = connect(`redis://127.0.0.1:${this.#port}`, () => undefined);
    const boxed = async (): Promise<number> => {
      const pipeline = redis.pipeline();
      for (const recipient of recipients) pipeline.zcard(`box:${recipient}`);
      return ((await pipeline.exec()) ?? []).reduce((sum, [, count]) => sum + Number(count), 0);
    };
    const waiting = async (): Promise<number> => {
      const { waiting = 0, active = 0 } = await this.#queue.getJobCounts('waiting', 'active');
      return waiting + active;
    };
    const [begun, before] = [performance.now(), await boxed()];
    const end = begun + seconds * 1_000;
    let added = 0;
    const add = async (): Promise<void> => {
      while (performance.now() < end) {
        const jobs = Array.from({ length: BULK }, () => ({ name: 'deposit', data: next() }));
        await this.#queue.addBulk(jobs);
        added += BULK;
        while ((await waiting()) > ROOM) await pause(LOOK_MS);
      }
    };
    await Promise.all(Array.from({ length: ADDING }, add));
    const delivered = (await boxed()) - before;
    const took = (performance.now() - begun) / 1_000;
    while ((await waiting()) > 0) await pause(LOOK_MS);
    const lost = added - ((await boxed()) - before);
    await disconnect(redis);
    return { delivered, lost, seconds: took };
  }

  async close(): Promise<void> {
    await this.#queue.close();
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}
