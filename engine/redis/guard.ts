import { createHmac } from 'node:crypto';
import { FIRST_FORMAT, FORMATS } from '../domain/format.ts';
import { PARTITIONS } from '../domain/placement.ts';
import { type Client, isCluster, masters, replicas } from './connect.ts';
import { type Durability, FSYNC, type Level } from './durability.ts';
import { checkFormat, formatOf } from './format.ts';
import { CONTROL } from './keys.ts';

/**
 * What must hold before anything runs: the servers keep what they acknowledge, the hub was created with the same
 * partitions, and this process has the hub's master key. Refusing to start beats breaking the promise later.
 */
const SETTINGS: Record<string, readonly string[]> = {
  appendonly: ['yes'],
  'no-appendfsync-on-rewrite': ['no'],
  'aof-use-rdb-preamble': ['yes'],
  'maxmemory-policy': ['noeviction'],
};
const APPENDFSYNC: Record<Level, readonly string[]> = {
  fsync: ['always'],
  // A replica says that it has something once that is on its disk, only when it syncs each time itself.
  replicated: ['always'],
  everysec: ['everysec', 'always'],
};
type Server = ReturnType<typeof masters>[number];

/** A replica not heard of for longer does not count, s; 0 would count every one. */
const MOST_LAG = 10;
const LEAST_MAJOR = 7;

export class UnfitServer extends Error {
  /** a sentence each: what is wrong, where, and what it must be */
  readonly reasons: readonly string[];
  constructor(reasons: readonly string[]) {
    super(`this Redis cannot keep what Relais promises:\n${reasons.map((reason) => `  - ${reason}`).join('\n')}`);
    this.name = 'UnfitServer';
    this.reasons = reasons;
  }
}

/** @throws UnfitServer naming each setting that breaks the promise */
export async function guard(client: Client, durability: Durability = FSYNC): Promise<void> {
  const reasons: string[] = [];
  const all = masters(client);
  for (const master of all) {
    const where = all.length > 1 ? ` on ${master.options.host}:${master.options.port}` : '';
    const version = /redis_version:(\d+)\.(\S+)/.exec(await master.info('server'));
    if (Number(version?.[1] ?? 0) < LEAST_MAJOR)
      reasons.push(`version ${version?.[1]}.${version?.[2]}${where}: ${LEAST_MAJOR}.0 or later is needed`);
    reasons.push(...(await wrong(master, where, durability)));
  }
  const following = isCluster(client) ? replicas(client) : await replicasOf(client);
  for (const replica of following) {
    // One that is away promises nothing now; it must not keep the hub from starting.
    const where = ` on the replica ${replica.options.host}:${replica.options.port}`;
    reasons.push(...(await wrong(replica, where, durability).catch(() => [])));
    if (!isCluster(client)) replica.disconnect();
  }
  if (reasons.length > 0) throw new UnfitServer(reasons);
}

async function wrong(server: Server, where: string, { level, replicas: wanted }: Durability): Promise<string[]> {
  const reasons: string[] = [];
  const setting = async (name: string): Promise<string> => ((await server.config('GET', name)) as string[])[1] ?? '';
  for (const [name, allowed] of Object.entries({ ...SETTINGS, appendfsync: APPENDFSYNC[level] })) {
    const value = await setting(name);
    if (!allowed.includes(value)) reasons.push(`${name} is “${value}”${where}: set it to “${allowed[0]}”`);
  }
  if (level !== 'replicated') return reasons;
  const [least, lag] = [await setting('min-replicas-to-write'), await setting('min-replicas-max-lag')];
  if (Number(least) < wanted)
    reasons.push(`min-replicas-to-write is “${least}”${where}: set it to “${wanted}”, as HUB_REPLICAS is`);
  if (Number(lag) === 0 || Number(lag) > MOST_LAG)
    reasons.push(`min-replicas-max-lag is “${lag}”${where}: set it to “${MOST_LAG}”`);
  return reasons;
}

/** The replicas of one server, as it knows them: a cluster's are known to its client. */
async function replicasOf(client: Server): Promise<Server[]> {
  const info = await client.info('replication');
  return [...info.matchAll(/^slave\d+:ip=([^,]+),port=(\d+)/gm)].map(([, host, port]) => {
    const replica = client.duplicate({
      host: host as string,
      port: Number(port),
      retryStrategy: () => null,
      enableOfflineQueue: true,
    });
    replica.on('error', () => undefined);
    return replica;
  });
}

const markOf = (masterKey: Buffer): string => createHmac('sha256', masterKey).update('relais hub').digest('base64url');

/** Which hub a server holds, by the master key: changes nothing. */
export async function whose(client: Client, masterKey: Buffer): Promise<'nobody' | 'ours' | 'another'> {
  const key = await client.hget(CONTROL.meta, 'key');
  if (key === null) return 'nobody';
  return key === markOf(masterKey) ? 'ours' : 'another';
}

/**
 * Creates the hub's description at its first start, compares it afterwards.
 * @throws UnfitServer @throws UnfitFormat
 */
export async function describe(client: Client, masterKey: Buffer): Promise<void> {
  const key = markOf(masterKey);
  let meta = await client.hgetall(CONTROL.meta);
  if (meta['partitions'] === undefined || meta['key'] === undefined) {
    // Only at the first start: a full server would refuse it. One that has partitions and no format is older than formats.
    await client.hsetnx(CONTROL.meta, 'format', meta['partitions'] === undefined ? FORMATS.max : FIRST_FORMAT);
    await client.hsetnx(CONTROL.meta, 'partitions', PARTITIONS);
    await client.hsetnx(CONTROL.meta, 'key', key);
    meta = await client.hgetall(CONTROL.meta);
  }
  checkFormat(formatOf(meta));
  if (Number(meta['partitions']) !== PARTITIONS)
    throw new UnfitServer([
      `the hub was created with ${meta['partitions']} partitions, this version has ${PARTITIONS}`,
    ]);
  if (meta['key'] !== key)
    throw new UnfitServer(['the hub was created with another master key: give this process the same HUB_MASTER_KEY']);
}
