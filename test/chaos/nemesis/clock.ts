import { setTimeout as pause } from 'node:timers/promises';
import { connect, disconnect } from '#engine/redis/connect.ts';
import type { Random } from '../../sim/random.ts';
import type { MovedClock } from '../clock.ts';
import type { Fault } from '../fault.ts';
import type { Member } from '../member.ts';
import type { Site } from '../site.ts';

/** The time of day jumps by an hour, either way, and back. */
const HOUR_S = 3_600;
const MS_PER_S = 1_000;
/** Long enough to be seen by all, and for load on both sides of the jump. ms */
const STAY_MS = 3_000;

/** Between a moved clock and what it should say, at most. ms */
const NEAR_MS = 60_000;

/** What the moved clock says: of Redis, or in the headers of an engine's answer. ms */
async function timeOf({ store }: Site, moved: Fault['clock'], engine: Member): Promise<number> {
  if (moved === 'product') return Date.parse((await fetch(`${engine.url}/health/live`)).headers.get('date') ?? '');
  const client = connect(store.url, () => undefined);
  try {
    const [seconds] = (await client.time()) as unknown as [string];
    return Number(seconds) * MS_PER_S;
  } finally {
    await disconnect(client);
  }
}

async function jump(moved: Fault['clock'], site: Site, random: Random): Promise<void> {
  const clock = site.clock as MovedClock;
  const hours = random.chance(1 / 2) ? 1 : -1;
  for (const way of [hours, 0, -hours, 0]) {
    clock.move(way * HOUR_S);
    await pause(STAY_MS);
    // Whoever lives or comes must find its way by what the others wrote under another clock.
    const engine = random.pick(site.engines);
    await site.kill(engine);
    await engine.start();
    // A clock that stayed where it was would prove nothing.
    const ahead = (await timeOf(site, moved, engine)) - Date.now();
    if (!(Math.abs(ahead - way * HOUR_S * MS_PER_S) < NEAR_MS))
      throw new Error(`the clock of ${moved} is ${ahead} ms ahead, not ${way} h: it was not moved`);
  }
}

const jumping = (moved: 'product' | 'redis'): Fault => ({
  name: `clock-${moved}`,
  layout: 'split',
  clock: moved,
  act: (site, random) => jump(moved, site, random),
});

/** The clock of the product's processes. */
export const productClock = jumping('product');
/** The clock of Redis, by which leases, timers and dates go. */
export const redisClock = jumping('redis');
