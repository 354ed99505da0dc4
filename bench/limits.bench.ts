/**
 * Limits: what the machine itself allows a deposit: one sync of the disk, Redis' thread, a JSON text, a digest, a round trip.
 *
 * `--seconds=S` each. Nothing of the product runs: these are the figures its budget is set against in docs/performance.md.
 */
import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Client, connect, disconnect } from '#engine/redis/connect.ts';
import { Latencies, option } from './measure.ts';
import { depositBody } from './native.ts';
import { type Figure, report } from './results.ts';
import { openStage } from './stage.ts';
import { town } from './town.ts';

const seconds = option('seconds', 3);
const MS = 1_000;
const US = 1_000;
/** A batch as the engine writes it: some sixty deposits. */
const BATCH = 64;
const KB = 1_024;
const LOOPS = 1_000;

const body = depositBody(300)(town(1));

function syncs(folder: string): Latencies {
  const file = openSync(join(folder, 'limits'), 'w');
  const bytes = Buffer.alloc(4 * KB, 'x');
  const times = new Latencies();
  for (const end = performance.now() + seconds * MS; performance.now() < end; ) {
    const t0 = performance.now();
    writeSync(file, bytes);
    fdatasyncSync(file);
    times.add(performance.now() - t0);
  }
  closeSync(file);
  return times;
}

/** µs of one call, in this thread. */
function eachUs(work: () => void): number {
  for (let warm = 0; warm < LOOPS; warm += 1) work();
  let done = 0;
  const begun = performance.now();
  for (const end = begun + seconds * MS; performance.now() < end; done += LOOPS)
    for (let loop = 0; loop < LOOPS; loop += 1) work();
  return ((performance.now() - begun) * US) / done;
}

/** Calls of Redis one after the other, ms each. */
async function calls(work: () => Promise<unknown>): Promise<Latencies> {
  const times = new Latencies();
  for (const end = performance.now() + seconds * MS; performance.now() < end; ) {
    const t0 = performance.now();
    await work();
    times.add(performance.now() - t0);
  }
  return times;
}

/** One batch as one command, as group commit sends it. */
const batch = (redis: Client): Promise<unknown> =>
  redis.mset(...Array.from({ length: BATCH }, (_, index) => [`limits:${index}`, body]).flat());

const stage = await openStage();
const redis = connect(stage.redis.url, (error) => console.error(error.message));
try {
  const sync = syncs(stage.folder);
  const ping = await calls(() => redis.ping());
  const lone = await calls(() => redis.set('limits', body));
  const together = await calls(() => batch(redis));
  const text = JSON.stringify(JSON.parse(body));
  const us = (name: string, value: number): Figure => ({ name, value, unit: 'µs' });
  report(
    'limits',
    `${seconds} s each, nothing of the product running, ${stage.durability}. Sync of 4 kB appended: ${sync}. A deposit's body has ${body.length} B.`,
    [
      us('one sync of the disk, median', sync.percentile(0.5) * US),
      us('… p99', sync.percentile(0.99) * US),
      us('round trip to Redis, PING, median', ping.percentile(0.5) * US),
      us('SET of one body, synced, median', lone.percentile(0.5) * US),
      us(`MSET of ${BATCH} bodies in one command, synced, for each body`, (together.percentile(0.5) * US) / BATCH),
      us(
        'JSON.parse of a body',
        eachUs(() => JSON.parse(body)),
      ),
      us(
        'SHA-256 of a body',
        eachUs(() => createHash('sha256').update(text).digest()),
      ),
      us(
        'CRC-32 of a body',
        eachUs(() => crc32(text)),
      ),
    ],
    stage.redisVersion,
  );
} finally {
  await disconnect(redis);
  await stage.close();
}
