import { createHmac } from 'node:crypto';
import { PARTITIONS } from '../domain/placement.ts';
import { type Client, masters, replicas } from './connect.ts';
import { CONTROL } from './keys.ts';

/**
 * What must hold before anything runs: the servers keep what they acknowledge, the hub was created with the same
 * partitions, and this process has the hub's master key. Refusing to start beats breaking the promise later.
 */
const SETTINGS: Record<string, readonly string[]> = {
  appendonly: ['yes'],
  appendfsync: ['always'],
  'no-appendfsync-on-rewrite': ['no'],
  'aof-use-rdb-preamble': ['yes'],
  'maxmemory-policy': ['noeviction'],
};
const LEAST_MAJOR = 7;

export class UnfitServer extends Error {
  constructor(reasons: readonly string[]) {
    super(`this Redis cannot keep what Relais promises:\n${reasons.map((reason) => `  - ${reason}`).join('\n')}`);
    this.name = 'UnfitServer';
  }
}

/** @throws UnfitServer naming each setting that breaks the promise */
export async function guard(client: Client): Promise<void> {
  const reasons: string[] = [];
  for (const master of masters(client)) {
    const where = masters(client).length > 1 ? ` on ${master.options.host}:${master.options.port}` : '';
    const version = /redis_version:(\d+)\.(\S+)/.exec(await master.info('server'));
    if (Number(version?.[1] ?? 0) < LEAST_MAJOR)
      reasons.push(`version ${version?.[1]}.${version?.[2]}${where}: ${LEAST_MAJOR}.0 or later is needed`);
    reasons.push(...(await wrong(master, where)));
  }
  for (const replica of replicas(client)) {
    // One that is away promises nothing now; it must not keep the hub from starting.
    reasons.push(
      ...(await wrong(replica, ` on the replica ${replica.options.host}:${replica.options.port}`).catch(() => [])),
    );
  }
  if (reasons.length > 0) throw new UnfitServer(reasons);
}

async function wrong(server: ReturnType<typeof masters>[number], where: string): Promise<string[]> {
  const reasons: string[] = [];
  for (const [name, allowed] of Object.entries(SETTINGS)) {
    const [, value] = (await server.config('GET', name)) as [string, string];
    if (!allowed.includes(value)) reasons.push(`${name} is “${value}”${where}: set it to “${allowed[0]}”`);
  }
  return reasons;
}

/** Creates the hub's description at its first start, compares it afterwards. */
export async function describe(client: Client, masterKey: Buffer): Promise<void> {
  const key = createHmac('sha256', masterKey).update('relais hub').digest('base64url');
  let meta = await client.hgetall(CONTROL.meta);
  if (meta['partitions'] === undefined || meta['key'] === undefined) {
    // Only at the first start: a full server would refuse it.
    await client.hsetnx(CONTROL.meta, 'partitions', PARTITIONS);
    await client.hsetnx(CONTROL.meta, 'key', key);
    meta = await client.hgetall(CONTROL.meta);
  }
  if (Number(meta['partitions']) !== PARTITIONS)
    throw new UnfitServer([
      `the hub was created with ${meta['partitions']} partitions, this version has ${PARTITIONS}`,
    ]);
  if (meta['key'] !== key)
    throw new UnfitServer(['the hub was created with another master key: give this process the same HUB_MASTER_KEY']);
}
