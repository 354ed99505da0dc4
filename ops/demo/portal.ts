/** The portal of the demo: its client, its agents, and the provider they sign in with. */
import { agentTowns, type DemoAgent, demoAgents, inviteAgents } from './agents.ts';
import type { Client, Credentials } from './client.ts';
import type { AccessMode } from './france/access.ts';
import type { Recipient } from './france/recipients.ts';
import type { Ledger } from './ledger.ts';

/** Credentials of the portal, asked for once. */
export async function portalCredentials(admin: Client, ledger: Ledger): Promise<Credentials> {
  const known = ledger.client('portal');
  if (known) return known;
  const { clientId, clientSecret } = await admin.post<Credentials>('/admin/v1/clients', { scope: 'PORTAL' });
  const granted: Credentials = { clientId, clientSecret, scope: 'PORTAL' };
  ledger.addClient('portal', granted);
  return granted;
}

/** The people of the most populous towns that have no software. */
export function agentsOf(communes: readonly Recipient[], modeOf: (recipient: Recipient) => AccessMode): DemoAgent[] {
  return demoAgents(townsOf(communes, modeOf));
}

/** Where they work. */
export const townsOf = (communes: readonly Recipient[], modeOf: (recipient: Recipient) => AccessMode): Recipient[] =>
  communes.filter((one) => modeOf(one) === 'PORTAIL').slice(0, agentTowns);

/** Invites them once: an agent somebody withdrew in the demo stays so. */
export async function openPortal(admin: Client, ledger: Ledger, agents: readonly DemoAgent[]): Promise<Credentials> {
  const credentials = await portalCredentials(admin, ledger);
  if (!ledger.isDone('agents')) {
    await inviteAgents(admin, agents);
    ledger.finish('agents');
  }
  return credentials;
}
