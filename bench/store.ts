import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, disconnect } from '#engine/redis/connect.ts';
import { startCluster } from '#ops/redis/cluster.ts';
import { type RedisServer, startRedis } from '#ops/redis/server.ts';

/** The Redis of a bench, as `--durability=` and `--cluster` say. */
export interface Store {
  /** the one server, or a cluster's first master */
  redis: RedisServer;
  /** for HUB_REDIS_URL */
  url: string;
  /** of all servers */
  pids: number[];
  /** its data folder */
  folder: string;
  /** HUB_DURABILITY */
  level: string;
  /** what is said beside a figure */
  words: string;
  stop(): Promise<void>;
}

/** `followed`: the level `fsync` on a server that has a replica, which nobody waits for: what the replica itself costs. */
const CHOICES = ['fsync', 'followed', 'replicated', 'everysec'];
const LOOK_MS = 20;

export async function openStore(dir: string): Promise<Store> {
  const given = process.argv.find((word) => word.startsWith('--durability='))?.replace('--durability=', '') ?? 'fsync';
  if (!CHOICES.includes(given)) throw new RangeError(`--durability=${given}: ${CHOICES.join(' ')}`);
  const [followed, waited] = [given === 'followed' || given === 'replicated', given === 'replicated'];
  const extra = {
    'repl-diskless-sync-delay': '0',
    ...(given === 'everysec' && { appendfsync: 'everysec' }),
    ...(waited && { 'min-replicas-to-write': '1' }),
  };
  const folder = join(dir, 'redis');
  if (process.argv.includes('--cluster')) {
    const cluster = await startCluster(folder, extra);
    return {
      redis: cluster.masters[0] as RedisServer,
      url: cluster.url,
      pids: [...cluster.masters, ...cluster.replicas].map(({ pid }) => pid),
      folder,
      level: given === 'followed' ? 'fsync' : given,
      words: `durability ${given}, three masters and three replicas on the same cores`,
      stop: cluster.stop,
    };
  }
  const redis = await startRedis({ dir: folder, extra });
  const servers = [redis];
  const level = given === 'followed' ? 'fsync' : given;
  if (followed) {
    const replicaof = `127.0.0.1 ${redis.port}`;
    servers.push(await startRedis({ dir: join(dir, 'replica'), extra: { ...extra, replicaof } }));
    const client = connect(redis.url, () => undefined);
    while (!(await client.info('replication')).includes('state=online')) await pause(LOOK_MS);
    await disconnect(client);
  }
  return {
    redis,
    url: redis.url,
    pids: servers.map(({ pid }) => pid),
    folder,
    level,
    words: `durability ${level}${followed ? ', one replica on the same cores' : ''}`,
    async stop() {
      for (const server of servers.reverse()) await server.stop();
    },
  };
}
