/** A town of the demo that ProConnect does not reach: its first person makes a passkey from an e-mail. */
import { setTimeout as sleep } from 'node:timers/promises';
import { agentTowns } from './agents.ts';
import type { Client } from './client.ts';
import type { AccessMode } from './france/access.ts';
import type { Recipient } from './france/recipients.ts';
import type { Mailbox } from './smtp.ts';

const EMAIL = 'teura@agents-demo.test';
const PERSON = {
  ...{ email: EMAIL, givenName: 'Teura', familyName: 'Tavana-Exemple' },
  ...{ quality: 'secrétaire générale', service: 'secrétariat', role: 'administrator', processCodes: null },
};
const LINK = /\S+\/connexion\/invitation\/[\w-]+/;
const TRIES = 100;
const PAUSE_MS = 100;

export interface KeyTown {
  town: string;
  person: string;
  /** where the passkey is made, or used once there is one */
  url: string;
}

interface Colleague {
  id: string;
  email: string;
  passkeys: number;
}

/** The first town without software that nobody else of the demo works for. */
export const keyTownOf = (
  communes: readonly Recipient[],
  modeOf: (one: Recipient) => AccessMode,
): Recipient | undefined => communes.filter((one) => modeOf(one) === 'PORTAIL')[agentTowns];

/** Invites its person, anew for as long as there is no passkey. May be run again. */
export async function openKeyTown(
  admin: Client,
  town: Recipient,
  mails: Pick<Mailbox, 'last'>,
  portalUrl: string,
): Promise<KeyTown> {
  const { type, companyRegister, branchCode } = town.identity;
  const organization = town.identity;
  const shown = { town: town.name, person: `${PERSON.givenName} ${PERSON.familyName}` };
  await admin.put(`/relais/v1/organizations/${type}-${companyRegister}-${branchCode}/passkeys`, { allowed: true });
  const staff = await admin.get<Colleague[]>(`/relais/v1/agents?${new URLSearchParams({ ...organization })}`);
  const known = staff.find(({ email }) => email === EMAIL);
  if (known !== undefined && known.passkeys > 0) return { ...shown, url: `${portalUrl}/connexion/cle` };
  const path = known === undefined ? '/relais/v1/agents' : `/relais/v1/agents/${known.id}/invitation`;
  const body = known === undefined ? { ...PERSON, organization } : { organization };
  // Started again within a minute: the invitation of before is good still, and its e-mail was shown then.
  await admin.post(path, body).catch((error: unknown) => {
    if ((error as { status?: number }).status !== 429) throw error;
  });
  return { ...shown, url: (await linkTo(mails)) ?? `${portalUrl}/connexion/cle` };
}

async function linkTo({ last }: Pick<Mailbox, 'last'>): Promise<string | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const found = last.findLast(({ to }) => to.includes(EMAIL));
    if (found) return LINK.exec(found.text)?.[0];
    await sleep(PAUSE_MS);
  }
  return undefined;
}
