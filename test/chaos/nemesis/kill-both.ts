import type { Fault } from '../fault.ts';

/** The product and Redis die at the same moment, as when a machine stops; all are started again. */
export const killBoth: Fault = {
  name: 'kill-both',
  layout: 'one',
  async act(site) {
    await site.killAll();
    // As a machine starts its services: at once, none waiting for another.
    await Promise.all([site.store.start(), ...site.members.map((member) => member.bringUp())]);
  },
};
