import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { Journal } from '#engine/journal/journal.ts';
import type { Client } from '#engine/redis/connect.ts';
import { keysOf } from '#engine/redis/keys.ts';

const KEEP_BYTES = 1024 ** 3;

/** A folder for a journal, gone with the test. */
export function journalFolder(): { folder: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'relais-journal-'));
  return { folder: join(dir, 'journal'), remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export const openJournal = (folder: string, damaged: string[] = [], keepBytes = KEEP_BYTES): Promise<Journal> =>
  Journal.open({ folder, keepBytes, onDamage: (segment, line) => damaged.push(`${segment}:${line}`) });

export type Image = Map<string, Buffer>;

/** All keys as a replica would have them now. */
export async function imageOf(redis: Client, wanted: (key: string) => boolean = () => true): Promise<Image> {
  const names = (await redis.keys('*')).filter(wanted);
  const image: Image = new Map();
  const dumps = await Promise.all(names.map((name) => redis.dumpBuffer(name)));
  for (const [index, name] of names.entries()) {
    const dump = dumps[index];
    if (dump) image.set(name, dump);
  }
  return image;
}

/** The server becomes what it was, at once: as when a replica that lagged is promoted, or an old file is put back. */
export async function rollBack(
  redis: Client,
  image: Image,
  wanted: (key: string) => boolean = () => true,
): Promise<void> {
  const names = (await redis.keys('*')).filter(wanted);
  const transaction = redis.multi();
  for (const name of names) transaction.del(name);
  for (const [name, dump] of image) if (wanted(name)) transaction.restore(name, 0, dump);
  await transaction.exec();
}

/** What must be as before once all is mended: everything but leases, members, and marks that only grow. */
export async function contentOf(redis: Client): Promise<Record<string, unknown>> {
  const leases = new Set(Array.from({ length: ALL_PARTITIONS }, (_, partition) => keysOf(partition).lease));
  const found: Record<string, unknown> = {};
  for (const name of (await redis.keys('*')).sort()) {
    if (leases.has(name) || name.startsWith('{hub}')) continue;
    const kind = await redis.type(name);
    if (kind === 'stream') found[name] = await redis.xrange(name, '-', '+');
    else if (kind === 'hash') found[name] = sorted(await redis.hgetall(name));
    else if (kind === 'zset') found[name] = await redis.zrange(name, '0', '-1', 'WITHSCORES');
    else found[name] = await redis.get(name);
  }
  return found;
}

const sorted = (hash: Record<string, string>): [string, string][] => Object.entries(hash).sort();
