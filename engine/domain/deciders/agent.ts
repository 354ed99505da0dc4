import type { CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import { orgOf } from '../organization.ts';
import { type AgentState, agentIdOf, type Membership, mailOfAgent, membershipOf } from '../records/agent.ts';
import { agentName, officeName, organizationName, processName } from '../records/names.ts';
import { ENROLMENT_MS } from '../records/passkey.ts';
import { change, known } from './agent-state.ts';
import { enter, leave, mustKeepAdministrator } from './staff.ts';

/** Organisations of one agent: an intercommunality's has some tens. */
const MAX_MEMBERSHIPS = 200;

/** A place in an organisation that exists, for démarches that exist; who is not known yet is made. 201 with the agent. */
export function decideInvite(command: CommandOf<'agent.invite'>, decision: Decision): void {
  const { org, role } = command;
  const email = mailOfAgent(command.email);
  const id = agentIdOf(email);
  const stored = decision.get(agentName(id));
  if (orgOf(org).type !== 'SI') decision.refuse('rule', 'Agents work for an organization of type SI');
  if (decision.get(organizationName(org)) === undefined) decision.refuse('rule', `Organization ${org} does not exist`);
  const processes = knownProcesses(command.processes, decision);
  const kept = stored?.memberships ?? [];
  // Who was withdrawn from everywhere and comes back may be another person by now: an address outlives its clerk.
  const isKnown = kept.length > 0;
  const passkeys = isKnown ? (stored?.passkeys ?? []) : [];
  const enrolment = isKnown ? (stored?.enrolment ?? null) : null;
  const hasPasskeys = decision.get(officeName(org))?.passkeys != null;
  // Who has one already signs in with it here too.
  const link = hasPasskeys && passkeys.length === 0 ? command.link : undefined;
  if (stored && membershipOf(stored, org)) decision.refuse('agentExists');
  if (kept.length >= MAX_MEMBERSHIPS) decision.refuse('rule', `An agent has at most ${MAX_MEMBERSHIPS} organizations`);
  const state: AgentState = {
    id,
    email,
    subject: isKnown ? (stored?.subject ?? null) : null,
    givenName: stored?.givenName ?? command.givenName,
    familyName: stored?.familyName ?? command.familyName,
    quality: stored?.quality ?? command.quality,
    service: stored?.service ?? command.service,
    memberships: [...kept, { org, role, processes, since: decision.now, absence: null }],
    national: stored?.national ?? false,
    suspended: stored?.suspended ?? null,
    notices: stored?.notices ?? [],
    toldUpTo: stored?.toldUpTo ?? null,
    digested: stored?.digested ?? null,
    passkeys,
    enrolment: link ? { hash: link.hash, until: decision.now + ENROLMENT_MS } : enrolment,
    created: stored?.created ?? decision.now,
    updated: stored ? decision.now : null,
  };
  enter(decision, org, id, role);
  decision.put(agentName(id), state);
  if (command.isTold) {
    const employer = decision.get(organizationName(org))?.name ?? '';
    const body = { to: email, employer, ...(link ? { link: link.sealed } : hasPasskeys && { key: true }) };
    decision.job({ kind: 'mail', body });
  }
  decision.count('agent.invited');
  decision.reply(201, state);
}

/** A verified sign-in: binds the account at the first one, and takes the names it says. 200 with the agent. */
export function decideSign(command: CommandOf<'agent.sign'>, decision: Decision): void {
  const stored = known(command.agent, decision);
  if (stored.suspended !== null || stored.memberships.length === 0) decision.refuse('forbidden');
  if (stored.subject !== null && stored.subject !== command.subject) decision.refuse('agentBound');
  const said = {
    subject: command.subject,
    givenName: command.givenName ?? stored.givenName,
    familyName: command.familyName ?? stored.familyName,
  };
  const same =
    said.subject === stored.subject && said.givenName === stored.givenName && said.familyName === stored.familyName;
  if (same) decision.reply(200, stored);
  else change(decision, stored, said);
}

/** What is absent stays. `org`: whose place `role` and `processes` change. 200 with the agent. */
export function decideUpdate(command: CommandOf<'agent.update'>, decision: Decision): void {
  const stored = known(command.agent, decision);
  const { org, role, processes, quality, service, national } = command;
  let { memberships } = stored;
  if (org !== null) {
    const before = membershipOf(stored, org) ?? decision.refuse('agentUnknown');
    const after: Membership = {
      ...before,
      ...(role !== undefined && { role }),
      ...(processes !== undefined && { processes: knownProcesses(processes, decision) }),
    };
    if (before.role === 'administrator' && after.role !== 'administrator') {
      mustKeepAdministrator(decision, org, stored.id, true);
    }
    if (after.role !== before.role) {
      leave(decision, org, stored.id);
      enter(decision, org, stored.id, after.role);
    }
    memberships = memberships.map((one) => (one.org === org ? after : one));
  }
  change(decision, stored, {
    memberships,
    ...(quality !== undefined && { quality }),
    ...(service !== undefined && { service }),
    ...(national !== undefined && { national }),
  });
}

/** Takes a place away. The agent stays known: it is what keeps a first administrator from coming back by itself. */
export function decideWithdraw(command: CommandOf<'agent.withdraw'>, decision: Decision): void {
  const stored = known(command.agent, decision);
  const membership = membershipOf(stored, command.org) ?? decision.refuse('agentUnknown');
  if (membership.role === 'administrator') mustKeepAdministrator(decision, command.org, stored.id, false);
  leave(decision, command.org, stored.id);
  decision.count('agent.withdrawn');
  change(decision, stored, { memberships: stored.memberships.filter((one) => one !== membership) });
}

/** Shuts an agent out of everything, or lets it in again; repeated, the same answer and no effect. */
export function decideSuspend(command: CommandOf<'agent.suspend'>, decision: Decision): void {
  const stored = known(command.agent, decision);
  if ((stored.suspended !== null) === command.suspended) decision.reply(200, stored);
  else change(decision, stored, { suspended: command.suspended ? decision.now : null });
}

/** From now on: what came before was not asked for. 200 with the agent. */
export function decideNotices(command: CommandOf<'agent.notices'>, decision: Decision): void {
  const stored = known(command.agent, decision);
  const { notices } = command;
  knownProcesses(
    notices.map(({ process }) => process),
    decision,
  );
  const had = stored.notices.some(({ frequency }) => frequency === 'each');
  change(decision, stored, { notices, ...(!had && { toldUpTo: decision.now }) });
}

/** Writes what waits for an agent, once: with the mark in the same commit. */
export function decideTell(command: CommandOf<'agent.tell'>, decision: Decision): void {
  const { digest, after, upTo, waiting } = command;
  const stored = known(command.agent, decision);
  const isLate = after !== (digest ? stored.digested : stored.toldUpTo);
  if (isLate || stored.suspended !== null) {
    decision.reply(200, stored);
    return;
  }
  decision.need(waiting.map(({ process }) => processName(process)));
  const named = waiting.map(({ process, cases }) => ({
    name: decision.get(processName(process))?.name ?? process,
    cases,
  }));
  decision.job({ kind: 'mail', body: { to: stored.email, agent: stored.id, digest, waiting: named } });
  decision.count(digest ? 'agent.digests' : 'agent.told');
  change(decision, stored, digest ? { digested: upTo } : { toldUpTo: upTo });
}

function knownProcesses(asked: readonly string[] | null, decision: Decision): readonly string[] | null {
  if (asked === null) return null;
  const processes = [...new Set(asked)];
  decision.need(processes.map(processName));
  const unknown = processes.find((code) => decision.get(processName(code)) === undefined);
  if (unknown !== undefined) decision.refuse('rule', `Process ${unknown} does not exist`);
  return processes;
}
