import { truncateSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { newest } from '../aof.ts';
import type { Fault } from '../fault.ts';

/** What a disk that lied about its syncs may lose. Bytes. */
const LOST_BYTES = 500_000;

/** Of `everysec`: what was written longer ago is on disk, what came since may not be. ms */
const UNSYNCED_MS = 2_000;

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

/** With `everysec` no disk need lie: a machine that loses its power forgets what Redis had not synced yet. */
export const powerLossEverysec: Fault = {
  name: 'power-loss-everysec',
  layout: 'one',
  durability: 'everysec',
  async act(site) {
    const before = newest(site.store.dir);
    await pause(UNSYNCED_MS);
    await site.killRedis();
    const { path } = newest(site.store.dir);
    // A file begun since replaced one that was synced whole.
    if (path === before.path) truncateSync(path, before.size);
    await site.store.start();
  },
};
