import type { Hub } from '#engine/client/hub.ts';
import type { Command } from '#engine/domain/commands.ts';

/** What the index hears of at once, because it is done through this process. */
export interface Listener {
  heard(command: Command): void;
}

const REFUSED = 400;

/** The hub, whose answered commands the index hears of: what a caller did is in the list it asks for next. */
export const hearing = (hub: Hub, listener: Listener): Hub => ({
  ...hub,
  async ask(partition, command) {
    const answer = await hub.ask(partition, command);
    if (answer.status < REFUSED) listener.heard(command);
    return answer;
  },
});
