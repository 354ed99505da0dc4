import type { Fault } from '../fault.ts';

/** Deaths of one round: those that come soon after find it reading what the one before left. */
const DEATHS = 3;

/** The all-in-one process dies without a word, and is started again. */
export const killAll: Fault = {
  name: 'kill-all',
  layout: 'one',
  async act(site) {
    for (const member of site.members) {
      for (let death = 0; death < DEATHS; death += 1) {
        await site.kill(member);
        await member.start();
      }
    }
  },
};
