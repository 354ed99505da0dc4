import type { Command, CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import { orgKey } from '../organization.ts';
import { agentIdOf } from '../records/agent.ts';
import {
  agentName,
  clientName,
  officeName,
  organizationName,
  processName,
  type RecordName,
  staffName,
  subscriptionIndexName,
  subscriptionName,
} from '../records/names.ts';
import { decideAbsence } from './absence.ts';
import * as agent from './agent.ts';
import * as client from './client.ts';
import * as office from './office.ts';
import * as organization from './organization.ts';
import * as passkey from './passkey.ts';
import * as process from './process.ts';
import * as subscription from './subscription.ts';
import { decideChange } from './subscription-change.ts';

/** The commands of the referential partition (`placement.REFERENTIAL`). */
export type ReferentialKind = Extract<
  Command['kind'],
  | `organization.${string}`
  | `process.${string}`
  | `subscription.${string}`
  | `client.${string}`
  | `agent.${string}`
  | `office.${string}`
>;
export type ReferentialCommand = CommandOf<ReferentialKind>;

interface Entry<K extends ReferentialKind> {
  decide(command: CommandOf<K>, decision: Decision): void;
  /** The record this command is about: its order and supervision go by it. */
  actor(command: CommandOf<K>): RecordName;
  /** Records surely needed, besides the actor's own. */
  reads?(command: CommandOf<K>): RecordName[];
}

const TABLE: { [K in ReferentialKind]: Entry<K> } = {
  'organization.create': {
    decide: organization.decideCreate,
    actor: (command) => organizationName(orgKey(command.organization)),
  },
  'organization.update': { decide: organization.decideUpdate, actor: (command) => organizationName(command.key) },
  'process.create': { decide: process.decideCreate, actor: (command) => processName(command.process.code) },
  'process.update': { decide: process.decideUpdate, actor: (command) => processName(command.code) },
  'process.suspend': { decide: process.decideSuspend, actor: (command) => processName(command.code) },
  'subscription.create': {
    decide: subscription.decideCreate,
    actor: ({ subscription: asked }) => subscriptionIndexName(asked.processCode, orgKey(asked.subscriber)),
    reads: ({ subscription: asked }) => [organizationName(orgKey(asked.subscriber)), processName(asked.processCode)],
  },
  'subscription.update': { decide: subscription.decideUpdate, actor: (command) => subscriptionName(command.id) },
  'subscription.activate': { decide: subscription.decideActivate, actor: (command) => subscriptionName(command.id) },
  'subscription.change': { decide: decideChange, actor: (command) => subscriptionName(command.id) },
  'client.create': {
    decide: client.decideCreate,
    actor: (command) => clientName(command.client.clientId),
    reads: ({ client: { organization: org, subscription: id, partner } }) => [
      ...(org ? [organizationName(orgKey(org))] : []),
      ...(id ? [subscriptionName(id)] : []),
      ...(partner?.processes ?? []).map(processName),
    ],
  },
  'client.rotate': { decide: client.decideRotate, actor: (command) => clientName(command.clientId) },
  'client.revoke': { decide: client.decideRevoke, actor: (command) => clientName(command.clientId) },
  'agent.invite': {
    decide: agent.decideInvite,
    actor: ({ email }) => agentName(agentIdOf(email)),
    reads: ({ org, processes }) => [
      ...[organizationName(org), staffName(org), officeName(org)],
      ...(processes ?? []).map(processName),
    ],
  },
  'agent.sign': { decide: agent.decideSign, actor: (command) => agentName(command.agent) },
  'agent.update': {
    decide: agent.decideUpdate,
    actor: (command) => agentName(command.agent),
    reads: ({ org }) => (org === null ? [] : [staffName(org)]),
  },
  'agent.withdraw': {
    decide: agent.decideWithdraw,
    actor: (command) => agentName(command.agent),
    reads: ({ org }) => [staffName(org)],
  },
  'agent.notices': {
    decide: agent.decideNotices,
    actor: (command) => agentName(command.agent),
    reads: ({ notices }) => notices.map(({ process }) => processName(process)),
  },
  'agent.tell': {
    decide: agent.decideTell,
    actor: (command) => agentName(command.agent),
    reads: ({ waiting }) => waiting.map(({ process }) => processName(process)),
  },
  'agent.suspend': { decide: agent.decideSuspend, actor: (command) => agentName(command.agent) },
  'agent.enrol': {
    decide: passkey.decideEnrol,
    actor: (command) => agentName(command.agent),
    reads: ({ org }) => [organizationName(org), officeName(org)],
  },
  'agent.passkey.add': { decide: passkey.decideAdd, actor: (command) => agentName(command.agent) },
  'agent.passkey.rename': { decide: passkey.decideRename, actor: (command) => agentName(command.agent) },
  'agent.passkey.remove': { decide: passkey.decideRemovePasskey, actor: (command) => agentName(command.agent) },
  'agent.passkey.use': { decide: passkey.decideUse, actor: (command) => agentName(command.agent) },
  'agent.absence': {
    decide: decideAbsence,
    actor: (command) => agentName(command.agent),
    reads: ({ absence }) => (absence === null ? [] : [agentName(absence.substitute)]),
  },
  'office.passkeys': {
    decide: office.decidePasskeys,
    actor: (command) => officeName(command.org),
    reads: ({ org }) => [organizationName(org)],
  },
  'office.template.put': {
    decide: office.decideTemplate,
    actor: (command) => officeName(command.org),
    reads: ({ template: { process } }) => (process === null ? [] : [processName(process)]),
  },
  'office.template.remove': { decide: office.decideRemoveTemplate, actor: (command) => officeName(command.org) },
};

/** Kind and command are of the same entry by construction; TypeScript cannot relate the two. */
const entry = (command: ReferentialCommand): Entry<ReferentialKind> =>
  TABLE[command.kind] as unknown as Entry<ReferentialKind>;

export const isReferential = (command: Command): command is ReferentialCommand => Object.hasOwn(TABLE, command.kind);

export const decideReferential = (command: ReferentialCommand, decision: Decision): void =>
  entry(command).decide(command, decision);

export const actorOfReferential = (command: ReferentialCommand): RecordName => entry(command).actor(command);

export const readsOfReferential = (command: ReferentialCommand): RecordName[] => {
  const { actor, reads } = entry(command);
  return [actor(command), ...(reads?.(command) ?? [])];
};
