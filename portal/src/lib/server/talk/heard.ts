/** What the sender said is on the agent's screen: it is acknowledged (contract §9), each event once. */
import { HubProblem } from '#lib/server/hub/call.ts';
import { acknowledge } from '#lib/server/hub/events.ts';
import { type Case, keyOf } from '#lib/server/hub/types.ts';

export async function hear(token: string, one: Case): Promise<void> {
  const ours = keyOf(one.recipient);
  const told = one.events.filter(
    ({ status, notification, transmitter }) => status === 'SENT' && notification && keyOf(transmitter) !== ours,
  );
  for (const { id } of told) {
    try {
      await acknowledge(token, one.id, id);
    } catch (error) {
      // A colleague read it at the same moment, or nothing more is taken: the page is shown all the same.
      if (!(error instanceof HubProblem) || error.status >= 500) throw error;
    }
  }
}
