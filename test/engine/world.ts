import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Acceptor } from '#engine/client/accept.ts';
import { Asks } from '#engine/client/ask.ts';
import { Node, type NodeWatch } from '#engine/cluster/node.ts';
import type { Behaviour } from '#engine/domain/behaviour.ts';
import type { Command } from '#engine/domain/commands.ts';
import type { Answer, Job } from '#engine/domain/decision.ts';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { Calls } from '#engine/redis/calls.ts';
import { type Client, connect, loadFunctions } from '#engine/redis/connect.ts';
import { keysOf, partitionOfKey, replyChannel } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';
import { startRedis } from '#ops/redis/server.ts';

/** Parts of the engine started apart, over a real Redis, with any behaviour: what engine tests are made of. */
export interface Engine {
  node: Node;
  jobs: Job[];
  events: string[];
  stop(): Promise<void>;
  /** Ends all its connections at once, as a killed process would. */
  crash(): void;
}

export interface World {
  url: string;
  redis: Client;
  engine(member: string, behaviour: Behaviour, runJob?: (job: Job) => Promise<void>): Promise<Engine>;
  api(
    behaviour: Behaviour,
    options?: { backlog?: number; timeoutMs?: number },
  ): Promise<{ ask(partition: number, command: Command): Promise<Answer>; asks: Asks }>;
  close(): Promise<void>;
}

const CELL_BYTES = 64 * 1024 * 1024;

export async function openWorld(extra: Record<string, string> = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'relais-engine-'));
  const server = await startRedis({ dir, extra });
  const closers: (() => unknown)[] = [];
  const open = (): Client => {
    const client = connect(server.url, () => undefined);
    closers.push(() => client.disconnect());
    return client;
  };
  const redis = open();
  await loadFunctions(redis);
  return {
    url: server.url,
    redis,
    async engine(member, behaviour, runJob) {
      const [main, reading, subscriber] = [open(), open(), open()];
      const jobs: Job[] = [];
      const events: string[] = [];
      const watch: NodeWatch = {
        committed: () => undefined,
        fault: (partition, kind, error) => events.push(`fault ${partition} ${kind} ${(error as Error).message}`),
        laneError: (from, to, error) => events.push(`lane ${from} ${to} ${error.message}`),
        taken: (partition) => events.push(`taken ${partition}`),
        lost: (partition, error) => events.push(`lost ${partition} ${(error as Error).message}`),
        dropped: (partition) => events.push(`dropped ${partition}`),
        jobFailed: (partition, kind) => events.push(`job ${partition} ${kind}`),
        trouble: (error) => events.push(`trouble ${(error as Error).message}`),
      };
      const run =
        runJob ??
        (async (job: Job) => {
          jobs.push(job);
        });
      const node = new Node(member, behaviour, new Calls(main, 2), new Reads(reading), run, CELL_BYTES, watch);
      subscriber.on('smessage', (channel: string) => {
        if (channel.endsWith('wake')) node.wake(partitionOfKey(channel));
        else node.freed();
      });
      for (let partition = 0; partition < ALL_PARTITIONS; partition += 1) {
        await subscriber.ssubscribe(keysOf(partition).wake, keysOf(partition).free);
      }
      await node.start();
      return {
        node,
        jobs,
        events,
        stop: () => node.stop(),
        crash: () => {
          for (const client of [main, reading, subscriber]) client.disconnect();
        },
      };
    },
    async api(behaviour, options = {}) {
      const [main, subscriber] = [open(), open()];
      const name = `test${Math.random().toString(36).slice(2)}`;
      const acceptor = new Acceptor(new Calls(main), options.backlog ?? 100_000, () => undefined);
      const asks = new Asks(name, acceptor, options.timeoutMs ?? 15_000, behaviour.actorOf);
      subscriber.on('smessage', (_channel: string, payload: string) => asks.receive(payload));
      for (let partition = 0; partition < ALL_PARTITIONS; partition += 1)
        await subscriber.ssubscribe(replyChannel(partition, name));
      closers.push(() => asks.close());
      return { ask: (partition, command) => asks.ask(partition, command), asks };
    },
    async close() {
      for (const close of closers.reverse()) close();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
