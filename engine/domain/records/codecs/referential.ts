import type { Id } from '../../ids.ts';
import type { OrganizationId } from '../../organization.ts';
import type { ClientState, Partnership, Right } from '../client.ts';
import type { OrganizationState } from '../organization.ts';
import type { HoldRule, ProcessState } from '../process.ts';
import type { Person, SubscriptionIndexState, SubscriptionState } from '../subscription.ts';
import { flag, identityOf, identityRow, orNull, personOf, personRow, type Row, trim } from './field.ts';

export const encodeOrganization = (state: OrganizationState): Row =>
  trim([
    state.type,
    state.companyRegister,
    state.branchCode,
    state.name,
    state.postalCode,
    state.territory,
    state.status,
    state.created,
    state.updated,
    state.email,
    state.code,
    state.country,
    state.phoneNumber,
  ]);

export const decodeOrganization = (row: Row): OrganizationState => ({
  ...identityOf(row),
  name: row[3] as string,
  postalCode: row[4] as string,
  territory: row[5] as string,
  status: row[6] as string,
  created: row[7] as number,
  updated: orNull(row[8]),
  email: orNull(row[9]),
  code: orNull(row[10]),
  country: orNull(row[11]),
  phoneNumber: orNull(row[12]),
});

export const encodeProcess = (state: ProcessState): Row =>
  trim([
    state.code,
    state.name,
    state.description,
    flag(state.isActivated),
    identityRow(state.osl),
    state.attachmentFormatsEnabled,
    state.siAttachmentFormatsEnabled,
    state.attachmentTypesEnabled,
    state.attachmentMaxSizeEnabled,
    state.statusBeforeFileDeletion,
    state.timeBeforeFileDeletion,
    state.timeBeforeArchiving,
    state.timeBeforeFolderDeletion,
    flag(state.messageToTransmitter),
    flag(state.messageWithStatus),
    flag(state.authorizedAwaiting),
    flag(state.subscriptionValidation === 'Auto'),
    state.created,
    state.updated,
    state.legalJustification,
    state.hold && [state.hold.hours, state.hold.fallback && identityRow(state.hold.fallback)],
    state.timeBeforeDeadline,
  ]);

export const decodeProcess = (row: Row): ProcessState => ({
  code: row[0] as string,
  name: row[1] as string,
  description: orNull(row[2]),
  isActivated: row[3] === 1,
  osl: identityOf(row[4] as Row),
  attachmentFormatsEnabled: row[5] as string[],
  siAttachmentFormatsEnabled: row[6] as string[],
  attachmentTypesEnabled: row[7] as string[],
  attachmentMaxSizeEnabled: row[8] as number,
  statusBeforeFileDeletion: row[9] as ProcessState['statusBeforeFileDeletion'],
  timeBeforeFileDeletion: row[10] as number,
  timeBeforeArchiving: row[11] as number,
  timeBeforeFolderDeletion: row[12] as number,
  messageToTransmitter: row[13] === 1,
  messageWithStatus: row[14] === 1,
  authorizedAwaiting: row[15] === 1,
  subscriptionValidation: row[16] === 1 ? 'Auto' : 'Manual',
  created: row[17] as number,
  updated: orNull(row[18]),
  legalJustification: orNull(row[19]),
  hold: holdRuleOf(row[20]),
  timeBeforeDeadline: orNull(row[21]),
});

function holdRuleOf(value: unknown): HoldRule | null {
  if (value === null || value === undefined) return null;
  const [hours, fallback] = value as [number, Row | null];
  return { hours, fallback: fallback && identityOf(fallback) };
}

/** A person's row begins with an address, an organisation's with null. */
const delegateRow = (actor: Person | OrganizationId | null): Row | null => {
  if (actor === null) return null;
  return 'email' in actor ? personRow(actor) : [null, ...identityRow(actor)];
};
function delegateOf(value: unknown): Person | OrganizationId | null {
  if (value === null || value === undefined) return null;
  const row = value as Row;
  return row[0] === null ? identityOf(row.slice(1)) : personOf(row);
}

export const encodeSubscription = (state: SubscriptionState): Row =>
  trim([
    state.id,
    state.datapassId,
    state.processCode,
    identityRow(state.subscriber),
    state.notificationFrequency,
    personRow(state.localAdministrator),
    state.status,
    state.creationDateTime,
    state.accessMode,
    state.email,
    state.activateDateTime,
    state.validateDateTime,
    state.updateDateTime,
    delegateRow(state.delegationActor),
    state.rejectDateTime,
    state.endDateTime,
    state.rejectionReason,
    state.version || null,
  ]);

export const decodeSubscription = (row: Row): SubscriptionState => ({
  id: row[0] as Id,
  datapassId: row[1] as number | string,
  processCode: row[2] as string,
  subscriber: identityOf(row[3] as Row),
  notificationFrequency: row[4] as string,
  localAdministrator: personOf(row[5] as Row),
  status: row[6] as SubscriptionState['status'],
  creationDateTime: row[7] as number,
  accessMode: orNull(row[8]),
  email: orNull(row[9]),
  activateDateTime: orNull(row[10]),
  validateDateTime: orNull(row[11]),
  updateDateTime: orNull(row[12]),
  delegationActor: delegateOf(row[13]),
  rejectDateTime: orNull(row[14]),
  endDateTime: orNull(row[15]),
  rejectionReason: orNull(row[16]),
  version: (row[17] as number | null | undefined) ?? 0,
});

export const encodeSubscriptionIndex = (state: SubscriptionIndexState): Row => state.ids;
export const decodeSubscriptionIndex = (row: Row): SubscriptionIndexState => ({ ids: row as Id[] });

export const encodeClient = (state: ClientState): Row =>
  trim([
    state.clientId,
    state.scope,
    state.organization,
    state.secret,
    state.created,
    state.subscription,
    state.previousSecret,
    state.previousUntil,
    state.revoked,
    state.rotated,
    state.partner && [state.partner.processes, state.partner.rights],
  ]);

export const decodeClient = (row: Row): ClientState => ({
  clientId: row[0] as string,
  scope: row[1] as ClientState['scope'],
  organization: row[2] as string,
  secret: row[3] as string,
  created: row[4] as number,
  subscription: orNull(row[5]),
  previousSecret: orNull(row[6]),
  previousUntil: orNull(row[7]),
  revoked: orNull(row[8]),
  rotated: orNull(row[9]),
  partner: partnershipOf(row[10]),
});

function partnershipOf(value: unknown): Partnership | null {
  const row = value as [string[], Right[]] | null | undefined;
  return row ? { processes: row[0], rights: row[1] } : null;
}
