import type { CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import { type AgentState, membershipOf } from '../records/agent.ts';
import { officeName, organizationName } from '../records/names.ts';
import { ENROLMENT_MS, ENROLMENT_PAUSE_MS, MAX_PASSKEYS, type Passkey } from '../records/passkey.ts';
import { change, known } from './agent-state.ts';

/** Passkeys of agents (decision 026). Signatures were verified by the API process: what is decided here is what follows. */

/** The way to a new passkey, for who has lost the others: those end with it, so that who found one is out. */
export function decideEnrol(command: CommandOf<'agent.enrol'>, decision: Decision): void {
  const { org, link } = command;
  const stored = known(command.agent, decision);
  if (membershipOf(stored, org) === undefined) decision.refuse('agentUnknown');
  if (decision.get(officeName(org))?.passkeys == null) decision.refuse('conflict', 'No passkeys in this organization');
  const sent = stored.enrolment === null ? 0 : stored.enrolment.until - ENROLMENT_MS;
  if (decision.now - sent < ENROLMENT_PAUSE_MS) decision.refuse('tooMany');
  const employer = decision.get(organizationName(org))?.name ?? '';
  decision.job({ kind: 'mail', body: { to: stored.email, employer, link: link.sealed } });
  change(decision, stored, { passkeys: [], enrolment: { hash: link.hash, until: decision.now + ENROLMENT_MS } });
}

/** A new passkey. An invitation makes one, once: 410 when it was used, replaced, or is over. 200 with the agent. */
export function decideAdd(command: CommandOf<'agent.passkey.add'>, decision: Decision): void {
  const { enrolment, passkey } = command;
  const stored = known(command.agent, decision);
  if (stored.suspended !== null || stored.memberships.length === 0) decision.refuse('forbidden');
  if (enrolment !== null) {
    const isOpen = stored.enrolment?.hash === enrolment && decision.now < stored.enrolment.until;
    if (!isOpen) decision.refuse('gone', 'This invitation was used, or is over');
  }
  if (stored.passkeys.some(({ id }) => id === passkey.id)) decision.refuse('conflict', 'This passkey is known');
  if (stored.passkeys.length >= MAX_PASSKEYS) {
    decision.refuse('conflict', `An agent has at most ${MAX_PASSKEYS} passkeys`);
  }
  const made: Passkey = { ...passkey, created: decision.now, used: null };
  decision.count('agent.passkeys');
  change(decision, stored, {
    passkeys: [...stored.passkeys, made],
    ...(enrolment !== null && { enrolment: null }),
  });
}

export function decideRename(command: CommandOf<'agent.passkey.rename'>, decision: Decision): void {
  const { passkey, name } = command;
  replaced(decision, known(command.agent, decision), passkey, (one) => ({ ...one, name }));
}

/** The last one of who cannot sign in otherwise stays: 409. */
export function decideRemovePasskey(command: CommandOf<'agent.passkey.remove'>, decision: Decision): void {
  const stored = known(command.agent, decision);
  const passkeys = stored.passkeys.filter(({ id }) => id !== command.passkey);
  if (passkeys.length === stored.passkeys.length) decision.refuse('passkeyUnknown');
  if (passkeys.length === 0 && stored.subject === null) decision.refuse('conflict', 'Nothing else to sign in with');
  change(decision, stored, { passkeys });
}

/**
 * A signature was right. A counter that does not grow means that two devices have the key (WebAuthn §6.1.1): neither is let
 * in by it. One that is always 0 counts nothing, as with passkeys that several devices share.
 */
export function decideUse(command: CommandOf<'agent.passkey.use'>, decision: Decision): void {
  const { passkey, counter, synced } = command;
  const stored = known(command.agent, decision);
  const found = stored.passkeys.find(({ id }) => id === passkey) ?? decision.refuse('passkeyUnknown');
  if ((counter > 0 || found.counter > 0) && counter <= found.counter) {
    decision.count('agent.passkey-cloned');
    decision.refuse('conflict', 'The counter of this passkey went back');
  }
  replaced(decision, stored, passkey, (one) => ({ ...one, counter, synced, used: decision.now }));
}

function replaced(decision: Decision, stored: AgentState, id: string, by: (one: Passkey) => Passkey): void {
  if (!stored.passkeys.some((one) => one.id === id)) decision.refuse('passkeyUnknown');
  change(decision, stored, { passkeys: stored.passkeys.map((one) => (one.id === id ? by(one) : one)) });
}
