import type { Fault } from '../fault.ts';

/** Deaths of one round. */
const DEATHS = 3;

/** The API's process dies without a word, its engines live: what it had accepted is decided, its clients do not know. */
export const killApi: Fault = {
  name: 'kill-api',
  layout: 'split',
  async act(site) {
    for (const member of site.members.filter(({ role }) => role === 'api')) {
      for (let death = 0; death < DEATHS; death += 1) {
        await site.kill(member);
        await member.start();
      }
    }
  },
};
