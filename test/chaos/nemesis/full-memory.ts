import { setTimeout as pause } from 'node:timers/promises';
import { connect, disconnect } from '#engine/redis/connect.ts';
import type { Fault } from '../fault.ts';

/** ms */
const FULL_MS = 2_000;
const MORE_MS = 3_000;
/** Whatever Redis holds is more than that. */
const FULL = '1mb';

/** Redis is at its memory limit for some seconds: what comes from outside is refused, what was accepted is finished. */
export const fullMemory: Fault = {
  name: 'full-memory',
  layout: 'one',
  async act({ store }, random) {
    const client = connect(store.url, () => undefined);
    try {
      const before = (await client.call('CONFIG', 'GET', 'maxmemory')) as [string, string];
      await client.call('CONFIG', 'SET', 'maxmemory', FULL);
      await pause(FULL_MS + random.below(MORE_MS));
      await client.call('CONFIG', 'SET', 'maxmemory', before[1]);
    } finally {
      await disconnect(client);
    }
  },
};
