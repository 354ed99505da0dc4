import { newest } from '../aof.ts';
import { flipBit } from '../bits.ts';
import type { Fault } from '../fault.ts';

/**
 * A bit of a stopped Redis' append-only file is wrong. When Redis refuses the file, its operator brings a sound copy;
 * when it does not see it, the product must.
 */
export const redisBit: Fault = {
  name: 'redis-bit',
  layout: 'one',
  async act(site, random) {
    await site.killRedis();
    const { path, size } = newest(site.store.dir);
    const mend = flipBit(path, random, size);
    try {
      await site.store.start();
    } catch {
      mend();
      await site.store.start();
    }
  },
};
