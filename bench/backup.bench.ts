/**
 * Backup: time and size of a hub's copy while it takes deposits, of the next one, and of the hub put back from it.
 *
 * `--cases=N --file=BYTES --towns=N --rate=N` deposits a second meanwhile. The key-by-key way into another server: `--into=server`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { backUp, type Made } from '#ops/backup/backup.ts';
import { restore } from '#ops/backup/restore.ts';
import { startRedis } from '#ops/redis/server.ts';
import { type Line, pour } from './lot.ts';
import { option, progress } from './measure.ts';
import { depositBody } from './native.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { tokenOf } from './token.ts';
import { settle, type Town } from './town.ts';

const cases = option('cases', 100_000);
const fileBytes = option('file', 2_000);
const townCount = option('towns', 1_000);
const rate = option('rate', 50);
const into = process.argv.includes('--into=server');
const MS = 1_000;
const MB = 1_048_576;
const WINDOW = 500;

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { masterKey, data, blobs, redisUrl } = stage.config;
  const { sender, towns } = await settle(hub, masterKey, townCount, false);
  const token = await tokenOf(product.url, sender, 'OSL');
  const bodies = depositBody(fileBytes);
  let [serial, answered] = [0, 0];
  const line = (): Line => {
    serial += 1;
    const [key, town] = [`backup-${process.pid}-${serial}`, serial % townCount];
    return {
      key,
      town,
      due: performance.now(),
      text: bodies((towns[town] as Town).identity, `"idempotencyKey":"${key}",`),
    };
  };
  const tell = progress('cases', cases);
  const lot = (next: () => Line | 'later' | undefined, connections: number) =>
    pour({
      url: product.url,
      token,
      connections,
      window: WINDOW,
      next,
      delivered() {
        answered += 1;
        tell(answered);
      },
      refused: (text) => console.error(text),
    });
  await lot(() => (serial < cases ? line() : undefined), 4);

  let [over, latest] = [false, 0];
  const began = performance.now();
  const before = serial;
  const meanwhile = lot(() => {
    if (over) return undefined;
    return serial - before >= ((performance.now() - began) * rate) / MS ? 'later' : line();
  }, 1);
  const to = join(stage.folder, 'backups');
  const save = (): Promise<Made> =>
    backUp({ data, blobs, redisUrl, masterKey, to, passphrase: undefined, copies: undefined });
  const first = await save();
  latest = answered;
  const second = await save();
  over = true;
  await meanwhile;
  await product.stop();

  const target = into ? await startRedis({ dir: join(stage.folder, 'other') }) : undefined;
  const from = performance.now();
  const again = join(stage.folder, 'again');
  const { keys } = await restore(
    second.folder,
    { data: again, blobs: join(again, 'blobs'), redisUrl: target?.url ?? '', kept: new Set() },
    masterKey,
  );
  const restored = (performance.now() - from) / MS;
  const at = performance.now();
  const next = await stage.start(
    'all',
    { HUB_MASTER_KEY: masterKey.toString('hex'), HUB_REDIS_URL: target?.url ?? '' },
    again,
  );
  const up = (performance.now() - at) / MS;
  await next.stop();
  await target?.stop();
  const redis = readFileSync(join(second.folder, 'redis/0.rdb')).length;
  report(
    'backup',
    `${cases} cases with a file of ${fileBytes} B each by batch, ${rate} more a second during the backups (${answered - latest} of them answered during the second); one process \`hub start\`, one Redis, backup on the same disk and cores. Put back into ${into ? 'another server, key by key' : 'the hub’s own server'}: ${keys} keys.`,
    [
      { name: 'backup', value: first.seconds, unit: 's' },
      { name: '… its size', value: first.bytes / MB, unit: 'MB' },
      { name: '… of which Redis’ snapshot', value: redis / MB, unit: 'MB' },
      { name: 'the next backup', value: second.seconds, unit: 's' },
      { name: '… written, not linked', value: second.written / MB, unit: 'MB' },
      { name: 'all read, checked and put back', value: restored, unit: 's' },
      { name: '… until the hub runs on it', value: up, unit: 's' },
    ],
    stage.redisVersion,
  );
} finally {
  await stage.close();
}
