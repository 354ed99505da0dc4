import { ALL_PARTITIONS } from '../domain/placement.ts';
import type { Client } from './connect.ts';
import { keysOf } from './keys.ts';

const S = 1_000;
const US = 1_000;

/** Partitions that no process holds now: requests for them wait. */
export async function unowned(client: Client): Promise<number> {
  const owners = await Promise.all(
    Array.from({ length: ALL_PARTITIONS }, (_, partition) => client.hmget(keysOf(partition).lease, 'owner', 'until')),
  );
  const [seconds, micros] = await client.time();
  const now = Number(seconds) * S + Number(micros) / US;
  return owners.filter(([owner, until]) => !owner || Number(until) < now).length;
}
