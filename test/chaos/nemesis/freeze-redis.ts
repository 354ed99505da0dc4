import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

/** Below and above the 5 s after which the product gives a call up. ms */
const LEAST_MS = 1_000;
const MORE_MS = 7_000;

/** Redis answers nothing for some seconds, then does all that it was asked meanwhile. */
export const freezeRedis: Fault = {
  name: 'freeze-redis',
  layout: 'one',
  async act({ store }, random) {
    store.signal('SIGSTOP');
    await pause(LEAST_MS + random.below(MORE_MS));
    store.signal('SIGCONT');
  },
};
