import { SENDER, TOWN } from './samples.ts';

/** Bodies as clients in the field send them. */
export const organizationBody = (over: object = {}): Record<string, unknown> => ({
  ...TOWN,
  name: 'Mairie de Melun',
  postalCode: '77000',
  territory: 'Seine-et-Marne',
  email: 'mairie@melun.test',
  status: 'Actif',
  ...over,
});

export const processBody = (over: object = {}): Record<string, unknown> => ({
  code: 'EtatCivil',
  name: 'Demande d’acte de naissance',
  isActivated: true,
  osl: SENDER,
  attachmentFormatsEnabled: ['application/pdf', 'application/xml'],
  attachmentTypesEnabled: ['ActeEtatCivil-PDF', 'ActeEtatCivil-XML'],
  attachmentMaxSizeEnabled: 1_000_000,
  statusBeforeFileDeletion: 'CLOSED',
  timeBeforeFileDeletion: 4,
  timeBeforeArchiving: 30,
  timeBeforeFolderDeletion: 365,
  messageToTransmitter: true,
  subscriptionValidation: 'Auto',
  ...over,
});

export const subscriptionBody = (over: object = {}): Record<string, unknown> => ({
  datapassId: 0,
  processCode: 'EtatCivil',
  subscriber: TOWN,
  notificationFrequency: 'unitaire',
  localAdministrator: {
    email: 'Camille.FICTIF@melun.test',
    firstName: 'Camille',
    lastName: 'Fictif',
    function: 'secrétaire de mairie',
    phoneNumber: '+33160000000',
    mobileNumber: null,
  },
  ...over,
});
