import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

/** Longer than a lease, which is 10 s: the other engine has taken the partitions when this one wakes. ms */
const FROZEN_MS = 14_000;
const MORE_MS = 4_000;

/** An engine is frozen until others have its partitions, and goes on as if nothing had been. */
export const zombie: Fault = {
  name: 'zombie',
  layout: 'split',
  async act({ engines }, random) {
    const engine = random.pick(engines);
    engine.signal('SIGSTOP');
    await pause(FROZEN_MS + random.below(MORE_MS));
    engine.signal('SIGCONT');
  },
};
