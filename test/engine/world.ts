import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Acceptor } from '#engine/client/accept.ts';
import { Asks } from '#engine/client/ask.ts';
import { DeadLetters } from '#engine/client/dead.ts';
import type { Behaviour } from '#engine/domain/behaviour.ts';
import type { Command } from '#engine/domain/commands.ts';
import type { Answer } from '#engine/domain/decision.ts';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import type { Local } from '#engine/local.ts';
import { Calls } from '#engine/redis/calls.ts';
import { Channels } from '#engine/redis/channels.ts';
import { type Client, connect, loadFunctions } from '#engine/redis/connect.ts';
import { recordKey, replyChannel } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';
import { startRedis } from '#ops/redis/server.ts';
import { type Engine, type EngineOptions, startEngine } from './engine.ts';

export type { Engine } from './engine.ts';

export interface Api {
  ask(partition: number, command: Command): Promise<Answer>;
  asks: Asks;
  dead: DeadLetters;
  /** Loses its answers from now on, as a broken subscription would. */
  deafen(): Promise<void>;
}

export interface World {
  url: string;
  redis: Client;
  engine(member: string, behaviour: Behaviour, options?: EngineOptions): Promise<Engine>;
  api(behaviour: Behaviour, options?: { backlog?: number; timeoutMs?: number; local?: Local }): Promise<Api>;
  /** What an actor of `toy.ts` was told to add, in the order it was decided. */
  added(partition: number, actor: string): Promise<string[]>;
  /** Ends the server without a word, then starts it again on its file and port. @param meanwhile given its data folder */
  killRedis(meanwhile?: (dir: string) => void): Promise<void>;
  close(): Promise<void>;
}

const LOOK_MS = 5;
const DEADLINE_MS = 15_000;

/** Waits for a condition of the outside world. @throws after a deadline, saying what was awaited */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${DEADLINE_MS} ms: ${what}`);
    await pause(LOOK_MS);
  }
}

/** Reads again while the test's own connection, to a server that was killed, is not back. @throws what the read says after a deadline */
export async function patiently<T>(read: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;)
    try {
      return await read();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(LOOK_MS);
    }
}

export async function openWorld(extra: Record<string, string> = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'relais-engine-'));
  let server = await startRedis({ dir, extra });
  const { url, port } = server;
  const closers: (() => unknown)[] = [];
  const open = (): Client => {
    const client = connect(url, () => undefined);
    closers.push(() => client.disconnect());
    return client;
  };
  const redis = open();
  await loadFunctions(redis);
  return {
    url,
    redis,
    engine: (member, behaviour, options) => startEngine(url, member, behaviour, options),
    async api(behaviour, options = {}) {
      const [main, subscriber] = [open(), open()];
      const name = `test${Math.random().toString(36).slice(2)}`;
      const acceptor = new Acceptor(new Calls(main), options.backlog ?? 100_000, () => undefined);
      const asks = new Asks(name, acceptor, options.timeoutMs ?? 15_000, behaviour.actorOf, options.local);
      options.local?.attach(name, (items) => asks.take(items));
      const channels = Array.from({ length: ALL_PARTITIONS }, (_, partition) => replyChannel(partition, name));
      await Channels.open(subscriber, [channels], {
        message: (_channel, payload) => asks.receive(payload),
        gap: () => undefined,
      });
      closers.push(() => asks.close());
      return {
        ask: (partition, command) => asks.ask(partition, command),
        asks,
        dead: new DeadLetters(new Reads(redis), (partition, command) => asks.ask(partition, command)),
        deafen: async () => {
          await Promise.all(channels.map((channel) => subscriber.sunsubscribe(channel)));
        },
      };
    },
    added: (partition, actor) => patiently(() => redis.zrange(recordKey(partition, `b${actor}`), '0', '-1')),
    async killRedis(meanwhile) {
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
      meanwhile?.(dir);
      server = await startRedis({ dir, extra, port });
    },
    async close() {
      for (const close of closers.reverse()) close();
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
