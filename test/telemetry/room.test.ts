import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { roomOf } from '#engine/telemetry/room.ts';

/** Others write to the disk meanwhile: as much may come between two looks. Bytes. */
const MEANWHILE = 1024 * 1024 * 1024;

it('tells of a disk what df does, in bytes', async () => {
  const columns = ['size', 'avail', 'itotal', 'iavail'];
  const text = execFileSync('df', ['-B1', `--output=${columns.join()}`, tmpdir()], { encoding: 'utf8' });
  const [, line = ''] = text.trim().split('\n');
  const [size, avail, itotal] = line.trim().split(/ +/).map(Number);
  const found = await roomOf(tmpdir());
  deepEqual([found.size, found.inodes.all], [size, itotal]);
  ok(Math.abs(found.free - (avail as number)) < MEANWHILE, `${found.free} and ${avail}`);
  equal(found.inodes.free <= found.inodes.all, true);
});

it('leaves it to its caller what a folder that is not there means', async () => {
  await rejects(roomOf(join(tmpdir(), 'nothing', 'here')), { code: 'ENOENT' });
});
