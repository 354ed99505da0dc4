import type { Fault } from '../fault.ts';

/** Deaths of one round. */
const DEATHS = 3;

/** One of two engines dies without a word: the other takes its partitions, then it comes back. */
export const killEngine: Fault = {
  name: 'kill-engine',
  layout: 'split',
  async act(site, random) {
    for (let death = 0; death < DEATHS; death += 1) {
      const engine = random.pick(site.engines);
      await site.kill(engine);
      await engine.start();
    }
  },
};
