import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../sim/random.ts';
import type { MovedClock } from '../clock.ts';
import type { Fault } from '../fault.ts';
import type { Site } from '../site.ts';

/** The time of day jumps by an hour, either way, and back. */
const HOUR_S = 3_600;
/** Long enough to be seen by all, and for load on both sides of the jump. ms */
const STAY_MS = 3_000;

async function jump(site: Site, random: Random): Promise<void> {
  const clock = site.clock as MovedClock;
  const hours = random.chance(1 / 2) ? 1 : -1;
  for (const way of [hours, 0, -hours, 0]) {
    clock.move(way * HOUR_S);
    await pause(STAY_MS);
    // Whoever lives or comes must find its way by what the others wrote under another clock.
    const engine = random.pick(site.engines);
    await site.kill(engine);
    await engine.start();
  }
}

/** The clock of the product's processes. */
export const productClock: Fault = { name: 'clock-product', layout: 'split', clock: 'product', act: jump };
/** The clock of Redis, by which leases, timers and dates go. */
export const redisClock: Fault = { name: 'clock-redis', layout: 'split', clock: 'redis', act: jump };
