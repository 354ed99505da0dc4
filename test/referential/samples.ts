import type { NewSubscription } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { type Id, KIND, newId } from '#engine/domain/ids.ts';
import type { OrganizationId } from '#engine/domain/organization.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';

export const TOWN: OrganizationId = { type: 'SI', companyRegister: '21770288300018', branchCode: '77288' };
export const SENDER: OrganizationId = { type: 'OSL', companyRegister: '13000918600011', branchCode: '00000' };

export const organization = (org: OrganizationId): CommandOf<'organization.create'>['organization'] => ({
  ...org,
  name: 'Mairie de Melun',
  code: null,
  country: 'France',
  postalCode: '77000',
  territory: 'Seine-et-Marne',
  email: 'mairie@melun.test',
  phoneNumber: null,
  status: 'Actif',
});

export const process = (code: string): CommandOf<'process.create'>['process'] => ({
  code,
  name: 'Demande d’acte de naissance',
  description: null,
  isActivated: true,
  osl: SENDER,
  attachmentFormatsEnabled: ['application/pdf'],
  siAttachmentFormatsEnabled: [],
  attachmentTypesEnabled: ['ActeEtatCivil-PDF'],
  attachmentMaxSizeEnabled: 1_000_000,
  statusBeforeFileDeletion: 'CLOSED',
  timeBeforeFileDeletion: 4,
  timeBeforeArchiving: 30,
  timeBeforeFolderDeletion: 365,
  messageToTransmitter: true,
  messageWithStatus: true,
  authorizedAwaiting: true,
  subscriptionValidation: 'Auto',
  legalJustification: null,
});

export const subscription = (over: Partial<NewSubscription> = {}): NewSubscription => ({
  datapassId: 14632,
  processCode: 'EtatCivil',
  subscriber: TOWN,
  notificationFrequency: 'unitaire',
  localAdministrator: { email: 'maire@melun.test', firstName: 'Camille', lastName: 'Fictif' },
  delegationActor: null,
  accessMode: 'API',
  status: null,
  email: 'etat-civil@melun.test',
  activateDateTime: null,
  validateDateTime: null,
  rejectDateTime: null,
  endDateTime: null,
  rejectionReason: null,
  ...over,
});

export const freshId = (ms: number): Id => newId(KIND.other, REFERENTIAL, ms);
