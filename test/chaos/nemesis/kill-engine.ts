import type { Fault } from '../fault.ts';

/** One of two engines dies without a word: the other takes its partitions, then it comes back. */
export const killEngine: Fault = {
  name: 'kill-engine',
  layout: 'split',
  async act({ engines }, random) {
    const engine = random.pick(engines);
    await engine.kill();
    await engine.start();
  },
};
