/**
 * Moving a slot: how long a partition is paused while it goes to another master, by the records it holds.
 *
 * `--cases=N`: records of a case's size in the partition. A cluster of three masters and three replicas on these cores.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, disconnect } from '#engine/redis/connect.ts';
import { keysOf, recordKey } from '#engine/redis/keys.ts';
import { startCluster } from '#ops/redis/cluster.ts';
import { moveSlots, PARTITION_OF_SLOT } from '#ops/redis/mover.ts';
import { option, spread } from './measure.ts';
import { report } from './results.ts';

const cases = option('cases', 20_000);
const PARTITION = 5;
/** What a case costs in memory, `./hub bench memory`. */
const CASE_BYTES = 973;
const AT_ONCE = 200;
const S = 1_000;

const dir = mkdtempSync(join(process.env['HUB_BENCH_DIR'] ?? tmpdir(), 'relais-move-'));
const cluster = await startCluster(dir);
const client = connect(cluster.url, () => undefined);
try {
  const text = 'x'.repeat(CASE_BYTES);
  await spread(cases, AT_ONCE, (index) => client.set(recordKey(PARTITION, `c${index}`), text));
  await client.zadd(
    recordKey(PARTITION, 'b1'),
    ...Array.from({ length: cases }, (_, index) => [index, `n${index}`]).flat(),
  );
  await client.hset(keysOf(PARTITION).lease, 'token', '1:a', 'owner', '', 'until', 0);
  const slot = [...PARTITION_OF_SLOT].find(([, partition]) => partition === PARTITION)?.[0] as number;
  const [moved] = await moveSlots(cluster.url, [slot], `127.0.0.1:${cluster.masters[1]?.port}`);
  const version = /redis_version:(\S+)/.exec(String(await client.call('INFO', 'server')))?.[1] ?? 'unknown';
  report(
    'move',
    `One partition of ${cases} records of ${CASE_BYTES} B and a box of as many entries; three masters and three replicas on the same cores, appendfsync always, no other load.`,
    [
      { name: 'paused', value: moved?.pausedMs ?? Number.NaN, unit: 'ms' },
      { name: 'keys moved', value: ((moved?.keys ?? 0) * S) / (moved?.pausedMs ?? 1), unit: '/s' },
    ],
    version,
  );
} finally {
  await disconnect(client);
  await cluster.stop();
  rmSync(dir, { recursive: true, force: true });
}
