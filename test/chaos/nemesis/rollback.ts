import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

/** What is answered between the copy and its return is in no Redis any more: the journal must bring it back. ms */
const LATER_MS = 500;
const MORE_MS = 2_500;

/** An older Redis is put back, as a backup or a replica that was behind. */
export const rollback: Fault = {
  name: 'rollback',
  layout: 'one',
  async act(site, random) {
    const folder = join(site.store.dir, 'appendonlydir');
    const older = join(site.dir, 'older');
    rmSync(older, { recursive: true, force: true });
    cpSync(folder, older, { recursive: true });
    await pause(LATER_MS + random.below(MORE_MS));
    await site.killRedis();
    rmSync(folder, { recursive: true });
    cpSync(older, folder, { recursive: true });
    await site.store.start();
  },
};
