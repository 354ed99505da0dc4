import { connect, disconnect } from '#engine/redis/connect.ts';
import { type RedisCluster, startCluster } from '#ops/redis/cluster.ts';
import { moveSlots, PARTITION_OF_SLOT } from '#ops/redis/mover.ts';
import { ClusterNodes } from '#ops/redis/nodes.ts';
import { until } from '../engine/world.ts';
import type { Fault } from './fault.ts';
import type { Store } from './store.ts';

/** Faults of one server's files, and a relay before one server, mean nothing here. */
const APPLY = [
  'kill-all',
  'kill-api',
  'kill-engine',
  'kill-redis',
  'kill-both',
  'storm',
  'rolling-restart',
  'zombie',
  'freeze-redis',
  'blob-bit',
];

/** Slots with a partition, moved in one round. */
const MOVES = 5;

/** Partitions change masters under load, one after the other. */
const moving: Fault = {
  name: 'move-slots',
  layout: 'split',
  async act({ store }, random) {
    const slots = [...PARTITION_OF_SLOT.keys()];
    for (let move = 0; move < MOVES; move += 1) {
      const nodes = await ClusterNodes.open(store.url);
      const masters = nodes.masters.map(({ at }) => at);
      await nodes.close();
      await moveSlots(store.url, [random.pick(slots)], random.pick(masters));
    }
  },
};

/** What of a run's faults strikes a cluster, and what only a cluster knows. */
export const onCluster = (faults: readonly Fault[]): Fault[] =>
  [...faults.filter(({ name }) => APPLY.includes(name)), moving].map((fault) => ({ ...fault, store: 'cluster' }));

/** Three masters with a replica each. What strikes Redis strikes one master, another each time, which its replica replaces. */
export class ClusterStore implements Store {
  readonly #cluster: RedisCluster;
  #turn = 0;
  #struck: number[] = [];
  #frozen: number[] = [];

  private constructor(cluster: RedisCluster) {
    this.#cluster = cluster;
  }

  /** @param env HUB_DURABILITY says what the servers' settings have to keep */
  static async open(dir: string, env: NodeJS.ProcessEnv): Promise<ClusterStore> {
    const replicated = env['HUB_DURABILITY'] === 'replicated';
    const least = replicated ? (env['HUB_REPLICAS'] ?? '1') : '0';
    return new ClusterStore(await startCluster(dir, { 'min-replicas-to-write': least }));
  }

  get url(): string {
    return this.#cluster.url;
  }

  get dir(): never {
    throw new Error('a cluster has no one folder');
  }

  signal(name: NodeJS.Signals): void {
    const servers = [...this.#cluster.masters, ...this.#cluster.replicas];
    if (name === 'SIGSTOP') this.#frozen = [servers[this.#turn % servers.length]?.pid ?? 0];
    this.#turn += 1;
    for (const pid of this.#frozen) process.kill(pid, name);
  }

  async kill(): Promise<number> {
    const masters = (await this.#rows()).filter(({ role }) => role === 'master');
    const [port, heirs] = [masters[this.#turn % masters.length]?.port ?? 0, masters.map((each) => each.port)];
    this.#turn += 1;
    await this.#cluster.kill(port);
    this.#struck.push(port);
    await until('a replica takes its place', async () =>
      (await this.#rows()).some((row) => row.role === 'master' && !heirs.includes(row.port)),
    );
    return 1;
  }

  async start(): Promise<void> {
    for (const port of this.#struck.splice(0)) {
      await this.#cluster.start(port);
      await until('it follows its successor', async () =>
        (await this.#rows()).some((row) => row.port === port && row.role === 'slave' && row.follows),
      );
    }
  }

  stop(): Promise<void> {
    return this.#cluster.stop();
  }

  /** One master's replica, and the master with it when nobody is to take its place. @returns what starts them again */
  async lose(what: 'replica' | 'pair'): Promise<() => Promise<void>> {
    const lost = [this.#cluster.replicas[0], ...(what === 'pair' ? [this.#cluster.masters[0]] : [])];
    const ports = lost.map((server) => server?.port ?? 0);
    for (const port of ports) await this.#cluster.kill(port);
    return async () => {
      for (const port of ports.toReversed()) await this.#cluster.start(port);
    };
  }

  async #rows(): Promise<{ port: number; role: string; follows: boolean }[]> {
    const servers = [...this.#cluster.masters, ...this.#cluster.replicas];
    const rows = await Promise.all(
      servers.map(async ({ url, port }) => {
        const client = connect(url, () => undefined);
        try {
          const info = await client.info('replication');
          return { port, role: /role:(\w+)/.exec(info)?.[1] ?? '', follows: info.includes('master_link_status:up') };
        } catch {
          return undefined;
        } finally {
          await disconnect(client);
        }
      }),
    );
    return rows.filter((row) => row !== undefined);
  }
}
