import type { Fault } from './fault.ts';
import { blobBit } from './nemesis/blob-bit.ts';
import { freezeRedis } from './nemesis/freeze-redis.ts';
import { fullMemory } from './nemesis/full-memory.ts';
import { killAll } from './nemesis/kill-all.ts';
import { killEngine } from './nemesis/kill-engine.ts';
import { killRedis } from './nemesis/kill-redis.ts';
import { powerLoss } from './nemesis/power-loss.ts';
import { redisBit } from './nemesis/redis-bit.ts';
import { rollback } from './nemesis/rollback.ts';
import { zombie } from './nemesis/zombie.ts';

/** Everything that a run does to the product. */
export const FAULTS: readonly Fault[] = [
  killAll,
  killRedis,
  killEngine,
  zombie,
  freezeRedis,
  rollback,
  powerLoss,
  fullMemory,
  blobBit,
  redisBit,
];
