import { listSubscriptions, live } from '#lib/server/hub/subscriptions.ts';

/** Démarches an organisation subscribes to, by name. */
export async function processesOf(token: string): Promise<{ code: string; name: string }[]> {
  const found = live(await listSubscriptions(token));
  return found
    .map(({ processCode, processName }) => ({ code: processCode, name: processName ?? processCode }))
    .sort((a, b) => a.name.localeCompare(b.name, 'fr'));
}
