import { join } from 'node:path';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { connect, disconnect, reach } from '#engine/redis/connect.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { ClusterNodes } from '#ops/redis/nodes.ts';
import { probe } from '#ops/redis/probe.ts';
import { lastPort, startRedis } from '#ops/redis/server.ts';

/** The servers that hold the records: the hub's own, one of the operator's, or the masters of a cluster. */
export interface Servers {
  /** for a client, as HUB_REDIS_URL names them */
  url: string;
  /** one a master */
  masters(): Promise<string[]>;
  cluster: boolean;
  /** Ends the one that was started to be read. */
  close(): Promise<void>;
}

export const isClusterUrl = (url: string): boolean => url.startsWith('cluster:') || url.includes(',');

const loopback = (port: number): string => `redis://127.0.0.1:${port}`;
const nothing = async (): Promise<void> => undefined;

/** @param given HUB_REDIS_URL; '': the hub's own, which is started when no hub runs */
export async function serversOf(given: string, data: string): Promise<Servers> {
  if (given !== '') {
    const cluster = isClusterUrl(given);
    return { url: given, cluster, masters: cluster ? () => mastersOf(given) : async () => [given], close: nothing };
  }
  const dir = join(data, 'redis');
  const port = lastPort(dir);
  if (port !== 0 && (await isOn(port, dir)))
    return { url: loopback(port), cluster: false, masters: async () => [loopback(port)], close: nothing };
  const server = await startRedis({ dir });
  return { url: server.url, cluster: false, masters: async () => [server.url], close: () => server.stop() };
}

/** Whether the server of a port is the one of a folder: ports are used again. */
async function isOn(port: number, dir: string): Promise<boolean> {
  if ((await probe(port)).state !== 'ready') return false;
  const client = connect(loopback(port), () => undefined);
  try {
    return String(((await client.call('CONFIG', 'GET', 'dir')) as string[])[1]) === dir;
  } finally {
    await disconnect(client);
  }
}

async function mastersOf(url: string): Promise<string[]> {
  const [first] = url.replace(/^cluster:/, '').split(',') as [string];
  const nodes = await ClusterNodes.open(url);
  try {
    return nodes.masters
      .filter(({ ranges }) => ranges.length > 0)
      .map(({ host, port, ranges }) => {
        const address = new URL(first);
        [address.hostname, address.port] = [host, String(port)];
        // What it serves belongs to what it is: a slot that moves makes it another.
        address.hash = ranges.map((range) => range.join('-')).join('_');
        return String(address);
      })
      .sort();
  } finally {
    await nodes.close();
  }
}

/** Number of the last commit of each partition that has one. */
export async function turnsOf(url: string): Promise<Map<number, number>> {
  const client = connect(url, () => undefined);
  try {
    await reach(client);
    const turns = new Map<number, number>();
    for (let partition = 0; partition < ALL_PARTITIONS; partition += 1) {
      const turn = Number(await client.hget(keysOf(partition).lease, 'turn'));
      if (turn > 0) turns.set(partition, turn);
    }
    return turns;
  } finally {
    await disconnect(client);
  }
}
