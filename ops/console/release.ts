/** Takes a partition from its owner and gives it up: whoever the plan names takes it anew, from what Redis has. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type PartitionView, readPartition, redisNow } from '#engine/client/partitions.ts';
import { PACE } from '#engine/partition/limits.ts';
import { Calls } from '#engine/redis/calls.ts';
import type { Client } from '#engine/redis/connect.ts';
import { keysOf } from '#engine/redis/keys.ts';

export interface Released {
  before: PartitionView;
  /** undefined: nobody has taken it in time */
  after: PartitionView | undefined;
  /** between the two, ms: requests for the partition got 503 */
  ms: number;
}

/** Its owner finds out at its next look, and takes it with its next comparison; an orphan is anyone's after three leases. ms */
export const TAKEN_MS = 40_000;
const LOOK_MS = 100;
const NONCE_BYTES = 6;

/** What the owner has under way is refused, as when a lease is lost: callers get 503 and try again. @throws Error when Redis fails */
export async function release(client: Client, number: number, replicas: number): Promise<Released> {
  const calls = new Calls(client, 1, replicas);
  const keys = keysOf(number);
  const before = await readPartition(client, number, await redisNow(client));
  const from = performance.now();
  const owner = `console#${randomBytes(NONCE_BYTES).toString('hex')}`;
  const held = await calls.call(
    'hold',
    [keys.lease],
    [owner, randomBytes(NONCE_BYTES).toString('hex'), PACE.leaseMs, ''],
  );
  await calls.call('drop', [keys.lease, keys.free], [(held as [string, string])[0]]);
  for (;;) {
    const after = await readPartition(client, number, await redisNow(client));
    const ms = performance.now() - from;
    if (after.owner !== '' && after.epoch > before.epoch) return { before, after, ms };
    if (ms > TAKEN_MS) return { before, after: undefined, ms };
    await delay(LOOK_MS);
  }
}
