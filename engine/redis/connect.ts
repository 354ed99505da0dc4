import { Cluster, Redis } from 'ioredis';
import { LIBRARY, librarySource } from './library.ts';

/** A connection to a standalone server or to a cluster; both speak the same commands. */
export type Client = Redis | Cluster;

/** A call that Redis has not answered by then has an unknown outcome; the caller re-reads, never repeats blindly. ms */
const CALL_DEADLINE_MS = 5_000;
const CONNECT_DEADLINE_MS = 5_000;
const KEEP_ALIVE_MS = 5_000;
const RETRY_STEP_MS = 50;
const RETRY_MAX_MS = 1_000;

const retry = (times: number): number => Math.min(times * RETRY_STEP_MS, RETRY_MAX_MS);

/** No automatic re-send: a repeated write would be applied twice. */
const common = {
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: CALL_DEADLINE_MS,
  connectTimeout: CONNECT_DEADLINE_MS,
  /** A host that vanished closes nothing: its connection is given up with the first call it does not answer. */
  socketTimeout: CALL_DEADLINE_MS,
  /** A server that became a replica: the address may lead to its successor by now. */
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  keepAlive: KEEP_ALIVE_MS,
  enableReadyCheck: true,
};

/**
 * @param url `redis://…` or `rediss://…` for one server; `cluster:` in front, or several separated by commas, for
 *   a cluster.
 */
export function connect(url: string, onError: (error: Error) => void): Client {
  const urls = url.replace(/^cluster:/, '').split(',');
  const first = urls[0] as string;
  const client =
    urls.length > 1 || url.startsWith('cluster:')
      ? new Cluster(urls, {
          redisOptions: { ...common, autoResubscribe: true, ...credentials(first) },
          clusterRetryStrategy: retry,
          // Any other value has the library send a write again whose connection broke before its answer.
          retryDelayOnFailover: 0,
          enableOfflineQueue: true,
          scaleReads: 'master',
        })
      : new Redis(first, { ...common, autoResubscribe: false, retryStrategy: retry, enableOfflineQueue: true });
  client.on('error', onError);
  // Only the first connection is waited for: what fails later is refused at once, or it would pile up as long as the
  // server is away and be done when nobody waits any more.
  client.once('ready', () => {
    client.options.enableOfflineQueue = false;
  });
  return client;
}

/** Ends a connection in good order, or at once when its server is away. */
export async function disconnect(client: Client): Promise<void> {
  await client.quit().catch(() => undefined);
  // A cluster that was just looking at its slots opens connections again after the farewell.
  client.disconnect();
}

function credentials(url: string): { username?: string; password?: string } {
  const parsed = new URL(url);
  return {
    ...(parsed.username ? { username: decodeURIComponent(parsed.username) } : {}),
    ...(parsed.password ? { password: decodeURIComponent(parsed.password) } : {}),
  };
}

export const isCluster = (client: Client): client is Cluster => client instanceof Cluster;

/** Every server that executes functions: the masters of a cluster, or the one server. */
export const masters = (client: Client): Redis[] => (isCluster(client) ? client.nodes('master') : [client]);

/** What may become a master of a cluster; nothing is known of the replicas of one server. */
export const replicas = (client: Client): Redis[] => (isCluster(client) ? client.nodes('slave') : []);

/**
 * Functions are not copied between the masters of a cluster: each gets them. One that has them is left alone, for a
 * full server refuses to load, and an engine that starts there is what drains it.
 */
export async function loadFunctions(client: Client, source = librarySource()): Promise<void> {
  await Promise.all(
    masters(client).map(async (master) => {
      const known = (await master.function('LIST', 'LIBRARYNAME', LIBRARY, 'WITHCODE')) as unknown[][];
      if (!known.flat().includes(source)) await master.function('LOAD', 'REPLACE', source);
    }),
  );
}
