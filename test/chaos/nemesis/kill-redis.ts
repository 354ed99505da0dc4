import type { Fault } from '../fault.ts';

/** Redis dies without a word, and is started again on its file. */
export const killRedis: Fault = {
  name: 'kill-redis',
  layout: 'one',
  async act(site) {
    await site.killRedis();
    await site.startRedis();
  },
};
