import { truncateSync } from 'node:fs';
import { newest } from '../aof.ts';
import type { Fault } from '../fault.ts';

/** What a disk that lied about its syncs may lose. Bytes. */
const LOST_BYTES = 500_000;

/** The end of Redis' file is missing after a power loss, in the middle of a command as a rule. */
export const powerLoss: Fault = {
  name: 'power-loss',
  layout: 'one',
  async act(site, random) {
    await site.killRedis();
    const { path, size } = newest(site.store.dir);
    truncateSync(path, Math.max(0, size - 1 - random.below(LOST_BYTES)));
    await site.store.start();
  },
};
