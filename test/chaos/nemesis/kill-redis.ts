import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

/** Deaths of one round, and the time between two at most, ms: some come while the product finds its way again. */
const DEATHS = 5;
const BETWEEN_MS = 500;

/** Redis dies without a word, and is started again on its file. */
export const killRedis: Fault = {
  name: 'kill-redis',
  layout: 'one',
  async act(site, random) {
    for (let death = 0; death < DEATHS; death += 1) {
      await site.killRedis();
      await site.store.start();
      await pause(random.below(BETWEEN_MS));
    }
  },
};
