import { deepEqual, equal, rejects } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { connect, disconnect, reach } from '#engine/redis/connect.ts';
import { digestOf } from '#ops/backup/digest.ts';
import { layDown } from '#ops/backup/load.ts';
import { NoSnapshot, takeSnapshot } from '#ops/backup/rdb.ts';
import { freePort, startRedis } from '#ops/redis/server.ts';

const dir = mkdtempSync(join(tmpdir(), 'relais-rdb-'));
after(() => rmSync(dir, { recursive: true, force: true }));

/** Longer than what a socket gives at once, so that the mark at the end comes in pieces now and then. */
const KEYS = 40;
const LONG = 100_000;

describe('the snapshot of a server', () => {
  for (const diskless of ['yes', 'no']) {
    it(`holds what was written before it was asked for, sent ${diskless === 'yes' ? 'as it is made' : 'from a file'}`, async () => {
      const server = await startRedis({ dir: join(dir, diskless), extra: { 'repl-diskless-sync': diskless } });
      const path = join(dir, `${diskless}.rdb`);
      const written = new Map<string, string>(
        Array.from({ length: KEYS }, (_, at) => [`key ${at}`, randomBytes(LONG).toString('base64')] as const),
      );
      try {
        const client = connect(server.url, () => undefined);
        await reach(client);
        for (const [key, value] of written) await client.set(key, value);
        await client.call('BGSAVE');
        // A snapshot was under way: ours must not be that one.
        await client.set('key 9999', 'yes');
        written.set('key 9999', 'yes');
        await disconnect(client);
        const { bytes, sha256 } = await takeSnapshot(server.url, path);
        equal(sha256, await digestOf(path));
        equal(bytes > KEYS * LONG, true);
      } finally {
        await server.stop();
      }
      const again = join(dir, `${diskless}-again`);
      layDown(path, again);
      const other = await startRedis({ dir: again });
      try {
        const client = connect(other.url, () => undefined);
        await reach(client);
        const found = new Map<string, string | null>();
        for (const key of written.keys()) found.set(key, await client.get(key));
        equal(await client.dbsize(), written.size);
        deepEqual(found, written);
        await disconnect(client);
      } finally {
        await other.stop();
      }
    });
  }

  it('is given to who knows the password, and refused in words otherwise', async () => {
    const server = await startRedis({ dir: join(dir, 'closed') });
    const client = connect(server.url, () => undefined);
    await reach(client);
    await client.call('ACL', 'SETUSER', 'saver', 'on', '>sesame', '+@all', '~*');
    await disconnect(client);
    const refused = (url: string) => takeSnapshot(url, join(dir, 'none.rdb'));
    try {
      const { bytes } = await takeSnapshot(server.url.replace('//', '//saver:sesame@'), join(dir, 'closed.rdb'));
      equal(bytes > 0, true);
      await rejects(
        refused(server.url.replace('//', '//saver:wrong@')),
        (error) =>
          error instanceof NoSnapshot &&
          /gives no snapshot: WRONGPASS/.test(error.message) &&
          !/wrong@/.test(error.message),
      );
    } finally {
      await server.stop();
    }
    await rejects(refused(`redis://127.0.0.1:${await freePort()}`), /gives no snapshot: .*ECONNREFUSED/);
  });
});
