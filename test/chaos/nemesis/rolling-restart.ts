import type { Fault } from '../fault.ts';

/** Each process is told to stop and started again, one after the other, as when a new version is installed. */
export const rollingRestart: Fault = {
  name: 'rolling-restart',
  layout: 'split',
  async act({ members }) {
    for (const member of members) {
      if (!(await member.stop())) throw new Error(`${member.name} did not stop when it was told to`);
      await member.start();
    }
  },
};
