import type { Client, Credentials } from './client.ts';
import { Refused } from './client.ts';
import { crowd } from './crowd.ts';
import type { AccessMode } from './france/access.ts';
import type { Demarche } from './france/demarche.ts';
import type { France, Recipient } from './france/recipients.ts';
import { everyRecipient } from './france/recipients.ts';
import type { Sender } from './france/senders.ts';
import { senders } from './france/senders.ts';
import { subscribersOf } from './france/subscriptions.ts';
import type { Ledger } from './ledger.ts';
import type { Identity } from './wire.ts';
import { identityText } from './wire.ts';

/** Enrolment calls in flight: many, as the hub gathers them into batches and syncs each once. */
const width = 512;

export interface Enrolment {
  /** Under an ADMIN token. */
  admin: Client;
  ledger: Ledger;
  france: France;
  demarches: readonly Demarche[];
  modeOf: (recipient: Recipient) => AccessMode;
  onStep: (what: string, done: number, total: number) => void;
  signal?: AbortSignal;
}

/** A démarche as one recipient subscribes to it. */
export interface Wish {
  demarche: Demarche;
  recipient: Recipient;
  key: string;
}

/**
 * Creates organizations, démarches and subscriptions through `/referential/v1`. May be run again at any time: what the
 * ledger holds is not asked for, what the hub says exists already is taken as it is.
 */
export async function enrol(enrolment: Enrolment): Promise<void> {
  const { admin, ledger, demarches } = enrolment;
  await forgetOtherHub(admin, ledger);
  const organizations = [...senders.map(senderBody), ...everyRecipient(enrolment.france).map(recipientBody)];
  await step(enrolment, 'organizations', organizations, (body) => create(admin, 'organizations', body));
  await step(enrolment, 'processes', demarches, ({ process }) => create(admin, 'processes', process));
  const wishes = wishesOf(enrolment).filter((wish) => !ledger.subscription(wish.key));
  await step(enrolment, 'subscriptions', wishes, (wish) => subscribe(enrolment, wish));
}

/** Every subscription of the demo. */
export function wishesOf({ demarches, france }: Pick<Enrolment, 'demarches' | 'france'>): Wish[] {
  return demarches.flatMap((demarche) =>
    subscribersOf(demarche, france).map((recipient) => ({
      demarche,
      recipient,
      key: subscriptionKey(demarche, recipient),
    })),
  );
}

export function subscriptionKey(demarche: Demarche, recipient: Recipient): string {
  return `${demarche.code} ${identityText(recipient.identity)}`;
}

/** Credentials of a sender, asked for once. */
export function senderCredentials(admin: Client, ledger: Ledger, sender: Sender): Promise<Credentials> {
  return credentials(admin, ledger, sender.code, { scope: 'OSL', organization: sender.identity });
}

/** Credentials of a recipient's software for one démarche, asked for once. */
export function softwareCredentials(admin: Client, ledger: Ledger, key: string): Promise<Credentials> {
  const subscriptionId = ledger.subscription(key);
  if (!subscriptionId) throw new Error(`no subscription ${key}`);
  return credentials(admin, ledger, key, { scope: 'SI', subscriptionId });
}

type ClientBody = { scope: 'OSL'; organization: Identity } | { scope: 'SI'; subscriptionId: string };

async function credentials(admin: Client, ledger: Ledger, name: string, body: ClientBody): Promise<Credentials> {
  const known = ledger.client(name);
  if (known) return known;
  const { clientId, clientSecret } = await admin.post<Credentials>('/admin/v1/clients', body);
  const granted = { clientId, clientSecret, scope: body.scope };
  ledger.addClient(name, granted);
  return granted;
}

// The ledger of a hub whose data was removed speaks of subscriptions that do not exist.
async function forgetOtherHub(admin: Client, ledger: Ledger): Promise<void> {
  const id = ledger.anySubscription();
  if (!id) return;
  try {
    await admin.get(`/referential/v1/subscriptions/${id}`);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 404) throw error;
    ledger.clear();
  }
}

async function step<T>(
  { ledger, onStep, signal }: Enrolment,
  name: string,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  if (ledger.isDone(name)) return;
  let done = 0;
  onStep(name, done, items.length);
  await crowd(
    items,
    width,
    async (item) => {
      await work(item);
      onStep(name, ++done, items.length);
    },
    signal,
  );
  ledger.finish(name);
}

export async function create(admin: Client, what: 'organizations' | 'processes', body: unknown): Promise<void> {
  try {
    await admin.post(`/referential/v1/${what}`, body);
  } catch (error) {
    if (!isThere(error)) throw error;
  }
}

export async function subscribe(
  { admin, ledger, modeOf }: Pick<Enrolment, 'admin' | 'ledger' | 'modeOf'>,
  { demarche, recipient, key }: Wish,
): Promise<void> {
  const body = subscriptionBody(demarche, recipient, modeOf(recipient));
  try {
    const { id } = await admin.post<{ id: string }>('/referential/v1/subscriptions', body);
    ledger.addSubscription(key, id);
  } catch (error) {
    if (!isThere(error)) throw error;
    const { companyRegister, branchCode } = recipient.identity;
    const query = `companyRegister=${companyRegister}&processCode=${encodeURIComponent(demarche.code)}`;
    const found = await admin.get<{ id: string; subscriber: Identity }[]>(`/referential/v1/subscriptions?${query}`);
    const own = found.find((one) => one.subscriber.branchCode === branchCode);
    if (!own) throw error;
    ledger.addSubscription(key, own.id);
  }
}

function isThere(error: unknown): boolean {
  return error instanceof Refused && error.status === 400 && error.message.includes('already exists');
}

function senderBody({ identity, name, code, postalCode, territory }: Sender): unknown {
  const email = `exploitation@${code.toLowerCase()}-demo.test`;
  return {
    ...identity,
    name,
    code,
    country: 'France',
    postalCode,
    territory,
    email,
    phoneNumber: null,
    status: 'Actif',
  };
}

/** An organisation as the hub is told of it. */
export function recipientBody({ identity, name, code, postalCode, territory, email }: Recipient): unknown {
  return {
    ...identity,
    name,
    code,
    country: 'France',
    postalCode,
    territory,
    email,
    phoneNumber: null,
    status: 'Actif',
  };
}

/** E-mails announce cases to those who open them on the portal; software polls instead. */
export function subscriptionBody(demarche: Demarche, recipient: Recipient, accessMode: AccessMode): unknown {
  const now = new Date().toISOString();
  return {
    datapassId: 0,
    processCode: demarche.code,
    subscriber: recipient.identity,
    notificationFrequency: accessMode === 'PORTAIL' ? 'unitaire' : 'Aucune',
    localAdministrator: {
      email: recipient.email,
      firstName: 'Administration',
      lastName: 'Démo',
      function: 'Administration locale',
      phoneNumber: null,
      mobileNumber: null,
    },
    delegationActor: null,
    accessMode,
    status: 'Actif',
    email: recipient.email,
    activateDateTime: now,
    validateDateTime: now,
    rejectDateTime: null,
    endDateTime: null,
    rejectionReason: null,
  };
}
