import { clockMissing } from './clock.ts';
import { diskMissing } from './disk.ts';
import type { Fault } from './fault.ts';
import { blobBit } from './nemesis/blob-bit.ts';
import { productClock, redisClock } from './nemesis/clock.ts';
import { freezeRedis } from './nemesis/freeze-redis.ts';
import { fullBlobs, fullJournal, fullRedis } from './nemesis/full-disk.ts';
import { fullMemory } from './nemesis/full-memory.ts';
import { killAll } from './nemesis/kill-all.ts';
import { killApi } from './nemesis/kill-api.ts';
import { killBoth } from './nemesis/kill-both.ts';
import { killEngine } from './nemesis/kill-engine.ts';
import { killRedis } from './nemesis/kill-redis.ts';
import { clientNetwork, redisNetwork } from './nemesis/network.ts';
import { powerLoss, powerLossEverysec } from './nemesis/power-loss.ts';
import { redisBit } from './nemesis/redis-bit.ts';
import { rollback } from './nemesis/rollback.ts';
import { rollingRestart } from './nemesis/rolling-restart.ts';
import { storm } from './nemesis/storm.ts';
import { zombie } from './nemesis/zombie.ts';

/** Everything that a run does to the product. */
export const FAULTS: readonly Fault[] = [
  killAll,
  killApi,
  killEngine,
  killRedis,
  killBoth,
  storm,
  rollingRestart,
  zombie,
  freezeRedis,
  ...redisNetwork,
  ...clientNetwork,
  productClock,
  redisClock,
  fullMemory,
  fullBlobs,
  fullRedis,
  fullJournal,
  rollback,
  powerLoss,
  powerLossEverysec,
  blobBit,
  redisBit,
];

/** Why these faults cannot be played on this machine, each reason once. */
export function missing(faults: readonly Fault[]): string[] {
  const reasons = [
    faults.some(({ clock }) => clock !== undefined) ? clockMissing() : undefined,
    faults.some(({ disk }) => disk !== undefined) ? diskMissing() : undefined,
  ];
  return reasons.filter((reason) => reason !== undefined);
}
