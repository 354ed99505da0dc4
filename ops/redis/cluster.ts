/** A Redis Cluster of our own on loopback: three masters, a replica each. For tests and benchmarks. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, disconnect } from '#engine/redis/connect.ts';
import { freePort, type RedisServer, startRedis } from './server.ts';

export type RedisCluster = {
  /** For HUB_REDIS_URL. */
  url: string;
  masters: readonly RedisServer[];
  /** As the cluster was made: each the replica of the master of the same place. */
  replicas: readonly RedisServer[];
  /** Ends a server without a word. */
  kill(port: number): Promise<void>;
  /** Starts it again, on its folder and port: it follows whoever took its place. */
  start(port: number): Promise<void>;
  stop(): Promise<void>;
};

const MASTERS = 3;
const SLOTS = 16_384;
/** A node silent this long is held to be dead: short, or every test of a failover would wait. Milliseconds. */
const NODE_TIMEOUT_MS = 2_000;
const LOOK_MS = 20;
const FORMED_MS = 30_000;

/**
 * Starts the servers, shares the slots out evenly, and waits until every node serves and every replica follows.
 * @param dir one folder a server is made in it
 * @param extra more settings of every server, by the names of redis.conf
 */
export async function startCluster(dir: string, extra: Record<string, string> = {}): Promise<RedisCluster> {
  const servers: RedisServer[] = [];
  const buses: number[] = [];
  const settings: Record<string, string>[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    for (let place = 0; place < 2 * MASTERS; place += 1) {
      // Beside the usual port + 10,000, which a free port may not leave room for.
      const bus = await freePort();
      buses.push(bus);
      settings.push({
        'cluster-enabled': 'yes',
        'cluster-port': String(bus),
        'cluster-announce-ip': '127.0.0.1',
        'cluster-node-timeout': String(NODE_TIMEOUT_MS),
        'cluster-require-full-coverage': 'no',
        'repl-diskless-sync-delay': '0',
        ...extra,
      });
      servers.push(await startRedis({ dir: join(dir, String(place)), extra: settings[place] ?? {} }));
    }
    await form(servers, buses);
  } catch (error) {
    await stop();
    throw error;
  }
  const find = (port: number): [place: number, server: RedisServer] => {
    const place = servers.findIndex((server) => server.port === port);
    const server = servers[place];
    if (server === undefined) throw new RangeError(`no server on port ${port}`);
    return [place, server];
  };
  return {
    url: servers.map(({ url }) => url).join(','),
    get masters() {
      return servers.slice(0, MASTERS);
    },
    get replicas() {
      return servers.slice(MASTERS);
    },
    async kill(port) {
      const [, { pid, ended }] = find(port);
      process.kill(pid, 'SIGKILL');
      await ended;
    },
    async start(port) {
      const [place] = find(port);
      servers[place] = await startRedis({ dir: join(dir, String(place)), port, extra: settings[place] ?? {} });
    },
    stop,
  };
}

async function form(servers: readonly RedisServer[], buses: readonly number[]): Promise<void> {
  const clients = servers.map(({ url }) => connect(url, () => undefined));
  const every = async (what: string, holds: (text: string, place: number) => boolean, ...command: string[]) => {
    const deadline = performance.now() + FORMED_MS;
    for (const [place, client] of clients.entries()) {
      while (!holds(String(await client.call(...(command as [string, ...string[]]))), place)) {
        if (performance.now() > deadline) throw new Error(`the cluster was not formed: ${what}`);
        await pause(LOOK_MS);
      }
    }
  };
  try {
    for (const [place, client] of clients.entries()) {
      await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(place + 1));
      if (place >= MASTERS) continue;
      const [from, to] = [place, place + 1].map((edge) => Math.floor((SLOTS * edge) / MASTERS)) as [number, number];
      await client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to - 1));
    }
    for (const [place, { port }] of servers.entries())
      await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(buses[place]));
    const all = (text: string) => text.trim().split('\n').length === servers.length && !text.includes('handshake');
    await every('all know each other', all, 'CLUSTER', 'NODES');
    for (const [place, client] of clients.entries()) {
      if (place < MASTERS) continue;
      await client.call('CLUSTER', 'REPLICATE', String(await clients[place - MASTERS]?.call('CLUSTER', 'MYID')));
    }
    const follows = (text: string, place: number) => place < MASTERS || text.includes('master_link_status:up');
    await every('replicas follow', follows, 'INFO', 'replication');
    const replicas = (text: string) => text.match(/\bslave\b/g)?.length === MASTERS;
    await every('replicas are known', replicas, 'CLUSTER', 'NODES');
    await every('it serves', (text) => text.includes('cluster_state:ok'), 'CLUSTER', 'INFO');
  } finally {
    await Promise.all(clients.map(disconnect));
  }
}
