import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../fault.ts';

/** Deaths of one round. */
const DEATHS = 12;
/** Between two, at most: less than a process takes to start. ms */
const BETWEEN_MS = 800;

/** Whatever lives dies, one after the other, also while it starts or while what it needs is away. */
export const storm: Fault = {
  name: 'storm',
  layout: 'split',
  weight: 5,
  async act(site, random) {
    const starts = new Map(site.members.map((member) => [member, Promise.resolve()]));
    for (let death = 0; death < DEATHS; death += 1) {
      const victim = random.below(site.members.length + 1);
      const member = site.members[victim];
      if (member === undefined) {
        await site.killRedis();
        await site.store.start();
      } else {
        await site.kill(member);
        // One that dies while it starts says so to its service manager, which is us.
        starts.set(
          member,
          member.start().catch(() => undefined),
        );
      }
      await pause(random.below(BETWEEN_MS));
    }
    await Promise.all(starts.values());
    for (const member of site.members) if (!member.runs) await member.bringUp();
  },
};
