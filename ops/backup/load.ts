import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, connect, disconnect, reach } from '#engine/redis/connect.ts';
import { startRedis } from '#ops/redis/server.ts';
import { keysIn } from './target.ts';

/**
 * A snapshot put back: as the base of the append-only file of the hub's own server, or key by key into servers of the
 * operator's, whatever their number and their slots.
 */
const BASE = 'appendonly.aof.1.base.rdb';
const MANIFEST = `file ${BASE} seq 1 type b\n`;
const PRIVATE_FOLDER = 0o700;
const PRIVATE = 0o600;
/** Keys asked for at once. */
const PAGE = '500';

/** Lays a snapshot down where a server of ours reads it when it starts. */
export function layDown(rdb: string, dir: string): void {
  const folder = join(dir, 'appendonlydir');
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  copyFileSync(rdb, join(folder, BASE));
  writeFileSync(join(folder, 'appendonly.aof.manifest'), MANIFEST, { mode: PRIVATE });
}

/** Has the hub's own server read it once. @returns its keys */
export async function readOnce(dir: string): Promise<number> {
  const server = await startRedis({ dir });
  try {
    return await keysIn(server.url);
  } finally {
    await server.stop();
  }
}

/**
 * Copies what snapshots hold to servers of the operator's.
 * @param beside a folder with room for the largest of them
 * @returns keys copied
 */
export async function loadInto(url: string, rdbs: readonly string[], beside: string): Promise<number> {
  const target = connect(url, () => undefined);
  try {
    await reach(target);
    let keys = 0;
    for (const rdb of rdbs) {
      const dir = await mkdtemp(join(beside, 'redis-loading-'));
      try {
        layDown(rdb, dir);
        const server = await startRedis({ dir });
        try {
          keys += await copy(server.url, target);
        } finally {
          await server.stop();
        }
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    }
    return keys;
  } finally {
    await disconnect(target);
  }
}

async function copy(from: string, target: Client): Promise<number> {
  const source = connect(from, () => undefined);
  try {
    await reach(source);
    let keys = 0;
    let cursor = '0';
    do {
      const [next, page] = (await source.call('SCAN', cursor, 'COUNT', PAGE)) as [string, string[]];
      // A key may come twice in a scan.
      await Promise.all([...new Set(page)].map((key) => move(source, target, key)));
      keys += page.length;
      cursor = next;
    } while (cursor !== '0');
    return keys;
  } finally {
    await disconnect(source);
  }
}

async function move(source: Client, target: Client, key: string): Promise<void> {
  const [until, text] = await Promise.all([source.call('PEXPIRETIME', key), source.dumpBuffer(key)]);
  if (text === null) return;
  const expires = Number(until);
  await target.restore(key, Math.max(0, expires), text, ...(['REPLACE', 'ABSTTL'] as const));
}
