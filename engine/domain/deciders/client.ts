import type { CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import { type OrgKey, orgKey } from '../organization.ts';
import type { ClientState, Partnership } from '../records/client.ts';
import { clientName, organizationName, processName, subscriptionName } from '../records/names.ts';

/**
 * Credentials of a partner's software. A client of scope SI is bound to one subscription and through it to one
 * organisation and one démarche; a client of scope OSL to one known organisation of type OSL (contract §1); a PARTNER to
 * one known organisation of either type and to démarches of its own.
 */
export function decideCreate(command: CommandOf<'client.create'>, decision: Decision): void {
  const asked = command.client;
  const name = clientName(asked.clientId);
  if (decision.get(name)) decision.refuse('clientExists', asked.clientId);
  const state: ClientState = {
    clientId: asked.clientId,
    scope: asked.scope,
    organization: asked.scope === 'SI' ? subscriberOf(asked, decision) : organizationOf(asked, decision),
    subscription: asked.scope === 'SI' ? asked.subscription : null,
    partner: asked.scope === 'PARTNER' ? partnershipOf(asked, decision) : null,
    secret: asked.secret,
    previousSecret: null,
    previousUntil: null,
    revoked: null,
    created: decision.now,
    rotated: null,
  };
  decision.put(name, state);
  decision.count('client.created');
  decision.reply(201, state);
}

/** A new secret; the one before stays valid for `overlapMs`, so that software can change it without a gap. */
export function decideRotate(command: CommandOf<'client.rotate'>, decision: Decision): void {
  const name = clientName(command.clientId);
  const stored = decision.get(name);
  if (!stored) decision.refuse('clientUnknown');
  if (stored.revoked !== null) decision.refuse('rule', `Client ${command.clientId} is revoked: create another one`);
  const overlaps = command.overlapMs > 0;
  const state: ClientState = {
    ...stored,
    secret: command.secret,
    previousSecret: overlaps ? stored.secret : null,
    previousUntil: overlaps ? decision.now + command.overlapMs : null,
    rotated: decision.now,
  };
  decision.put(name, state);
  decision.count('client.rotated');
  decision.reply(200, state);
}

/** Ends secrets and tokens alike, for good. Repeated: same answer, no effect. */
export function decideRevoke(command: CommandOf<'client.revoke'>, decision: Decision): void {
  const name = clientName(command.clientId);
  const stored = decision.get(name);
  if (!stored) decision.refuse('clientUnknown');
  if (stored.revoked !== null) {
    decision.reply(200, stored);
    return;
  }
  const state: ClientState = { ...stored, previousSecret: null, previousUntil: null, revoked: decision.now };
  decision.put(name, state);
  decision.count('client.revoked');
  decision.reply(200, state);
}

type Asked = CommandOf<'client.create'>['client'];

function subscriberOf(asked: Asked, decision: Decision): OrgKey {
  if (asked.subscription === null) decision.refuse('rule', 'A client of scope SI needs a subscription');
  const subscription = decision.get(subscriptionName(asked.subscription));
  if (!subscription) decision.refuse('rule', 'The subscription of this client does not exist');
  if (subscription.status === 'Refusé') decision.refuse('rule', 'A refused subscription gives no credentials');
  if (subscription.subscriber.type !== 'SI') {
    decision.refuse('rule', 'A client of scope SI needs a subscription of an organization of type SI');
  }
  return orgKey(subscription.subscriber);
}

function organizationOf(asked: Asked, decision: Decision): OrgKey {
  if (asked.scope === 'AGENT') decision.refuse('rule', 'Agents sign in: there are no credentials of scope AGENT');
  if (asked.scope === 'PORTAL') return '';
  if (asked.organization === null) decision.refuse('rule', `A client of scope ${asked.scope} needs an organization`);
  const key = orgKey(asked.organization);
  if (asked.scope !== 'OSL' && asked.scope !== 'PARTNER') return key;
  const { type } = asked.organization;
  if (type !== 'OSL' && (asked.scope === 'OSL' || type !== 'SI')) {
    const types = asked.scope === 'OSL' ? 'OSL' : 'OSL or SI';
    decision.refuse('rule', `A client of scope ${asked.scope} needs an organization of type ${types}`);
  }
  if (!decision.get(organizationName(key))) decision.refuse('rule', `Organization ${key} does not exist`);
  return key;
}

function partnershipOf(asked: Asked, decision: Decision): Partnership {
  const processes = [...new Set(asked.partner?.processes)];
  const rights = [...new Set(asked.partner?.rights)].sort();
  if (processes.length === 0 || rights.length === 0) {
    decision.refuse('rule', 'A client of scope PARTNER needs process codes and rights');
  }
  decision.need(processes.map(processName));
  for (const code of processes) {
    if (!decision.get(processName(code))) decision.refuse('rule', `Process ${code} does not exist`);
  }
  return { processes, rights };
}
