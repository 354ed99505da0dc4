import type { Fault } from '../fault.ts';

/** The all-in-one process dies without a word, and is started again. */
export const killAll: Fault = {
  name: 'kill-all',
  layout: 'one',
  async act({ members }) {
    for (const member of members) {
      await member.kill();
      await member.start();
    }
  },
};
