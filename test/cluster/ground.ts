import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Acceptor } from '#engine/client/accept.ts';
import { Asks } from '#engine/client/ask.ts';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import type { Local } from '#engine/local.ts';
import { Calls } from '#engine/redis/calls.ts';
import { Channels } from '#engine/redis/channels.ts';
import { type Client, connect, disconnect, loadFunctions } from '#engine/redis/connect.ts';
import { recordKey, replyChannel } from '#engine/redis/keys.ts';
import { type RedisCluster, startCluster } from '#ops/redis/cluster.ts';
import { type Engine, startEngine } from '../engine/engine.ts';
import { toyBehaviour } from '../engine/toy.ts';
import { openJournal } from '../journal/world.ts';

/** A cluster on loopback, with engines and API processes apart or as one. */
export interface Ground {
  cluster: RedisCluster;
  client: Client;
  open(): Promise<Client>;
  /** @param journal without it, Redis alone keeps what is answered */
  engine(member: string, local?: Local, journal?: boolean): Promise<Engine>;
  /** @param local the engine's, or it hears answers by the channels only */
  api(local?: Local): Promise<{ asks: Asks; channels: Channels }>;
  /** What an actor was told to add, in the order it was decided. */
  added(partition: number, actor: string): Promise<number[]>;
  /** Done before everything is closed, the last one first. */
  closing(act: () => unknown): void;
  close(): Promise<void>;
}

const BACKLOG = 100_000;
const ASK_MS = 15_000;

/** @param replicas that must have what is answered: the level `replicated`; none: `fsync` */
export async function openGround(replicas = 0): Promise<Ground> {
  const dir = mkdtempSync(join(tmpdir(), 'relais-ground-'));
  const closers: (() => unknown)[] = [];
  const cluster = await startCluster(join(dir, 'redis'), {
    'min-replicas-to-write': String(replicas),
  });
  const open = async (): Promise<Client> => {
    const client = connect(cluster.url, () => undefined);
    closers.push(() => disconnect(client));
    await once(client, 'ready');
    return client;
  };
  const client = await open();
  await loadFunctions(client);
  return {
    cluster,
    client,
    open,
    async engine(member, local, journaled = true) {
      const journal = journaled ? await openJournal(join(dir, `journal-${member}`)) : undefined;
      const engine = await startEngine(cluster.url, member, toyBehaviour, {
        replicas,
        ...(journal && { journal }),
        ...(local && { local }),
      });
      closers.push(async () => {
        await engine.stop();
        await journal?.close();
      });
      return engine;
    },
    async api(local) {
      const name = `api${Math.random().toString(36).slice(2)}`;
      const acceptor = new Acceptor(new Calls(await open(), 1, replicas), BACKLOG, () => undefined);
      const asks = new Asks(name, acceptor, ASK_MS, toyBehaviour.actorOf, local);
      local?.attach(name, (items) => asks.take(items));
      const names = Array.from({ length: ALL_PARTITIONS }, (_, partition) => [replyChannel(partition, name)]);
      const channels = await Channels.open(
        connect(cluster.url, () => undefined),
        names,
        {
          message: (_channel, payload) => asks.receive(payload),
          gap: () => asks.interrupt(),
        },
      );
      closers.push(() => channels.close());
      closers.push(() => asks.close());
      return { asks, channels };
    },
    added: async (partition, actor) => (await client.zrange(recordKey(partition, `b${actor}`), '0', '-1')).map(Number),
    closing: (act) => closers.push(act),
    async close() {
      for (const close of closers.reverse()) await close();
      await cluster.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
