/** A small country for tests: two senders, three recipients, two démarches. Fictitious SIRETs. */

export interface Org {
  type: string;
  companyRegister: string;
  branchCode: string;
}

export const DGS: Org = { type: 'OSL', companyRegister: '13000000000017', branchCode: '00000' };
export const DILA: Org = { type: 'OSL', companyRegister: '13000000000025', branchCode: '00000' };
export const ORLY: Org = { type: 'SI', companyRegister: '21940000000016', branchCode: '94054' };
export const MEAUX: Org = { type: 'SI', companyRegister: '21770000000024', branchCode: '77284' };
/** exists, subscribed to nothing */
export const LENS: Org = { type: 'SI', companyRegister: '21620000000032', branchCode: '62498' };
/** never created */
export const NOWHERE: Org = { type: 'SI', companyRegister: '21990000000040', branchCode: '99999' };

export const keyOf = ({ type, companyRegister, branchCode }: Org): string => `${type}-${companyRegister}-${branchCode}`;

export const organization = (org: Org, name: string) => ({
  ...org,
  name,
  code: null,
  country: 'France',
  postalCode: '94310',
  territory: 'Île-de-France',
  email: `${org.branchCode}@commune.test`,
  phoneNumber: '0123456789',
  status: 'Actif',
});

export const process = (code: string, osl: Org, changes: Record<string, unknown> = {}) => ({
  code,
  name: `Démarche ${code}`,
  description: null,
  isActivated: true,
  osl,
  attachmentFormatsEnabled: ['application/pdf', 'application/xml', 'text/xml'],
  siAttachmentFormatsEnabled: ['application/pdf', 'text/plain'],
  attachmentTypesEnabled: ['DD_Certificatdedeces', 'VA_CertificatdeDeces'],
  attachmentMaxSizeEnabled: 5_000_000,
  statusBeforeFileDeletion: 'CLOSED',
  timeBeforeFileDeletion: 4,
  timeBeforeArchiving: 30,
  timeBeforeFolderDeletion: 365,
  messageToTransmitter: true,
  messageWithStatus: true,
  authorizedAwaiting: true,
  subscriptionValidation: 'Auto',
  legalJustification: null,
  ...changes,
});

export const subscription = (processCode: string, subscriber: Org, changes: Record<string, unknown> = {}) => ({
  datapassId: 0,
  processCode,
  subscriber,
  notificationFrequency: 'Unitaire',
  localAdministrator: { email: 'mairie@commune.test', firstName: 'Ada', lastName: 'Exemple' },
  accessMode: 'API',
  status: 'Actif',
  email: `${subscriber.branchCode}@commune.test`,
  ...changes,
});

/** Bytes that begin like a PDF, of that length. */
export function pdf(length: number, seed = 'a'): Buffer {
  const start = `%PDF-1.4\n% ${seed}\n`;
  return Buffer.from(start.padEnd(length, seed).slice(0, length));
}

export interface FolderPlan {
  processCode?: string;
  externalId?: string;
  to?: Org[];
  files?: { type?: string; mimeType?: string; fileName?: string; size?: number; for?: number[] }[];
}

/** A folder as a sender describes it; every file is for every case unless told. */
export function folder({
  processCode = 'CERTDC',
  externalId = 'DGS-CERTDC-0000000000001',
  to = [ORLY],
  files = [{}],
}: FolderPlan = {}) {
  const cases = to.map((recipient, index) => ({
    recipient,
    externalId: `${externalId}-${String(index + 1).padStart(2, '0')}`,
    partnerAttributes: null,
  }));
  return {
    processCode,
    externalId,
    applicant: { firstName: 'George', lastName: 'Exemple', email: null },
    cases,
    attachments: files.map((file, index) => ({
      fileName: file.fileName ?? `pièce n° ${index + 1}.pdf`,
      type: file.type ?? 'DD_Certificatdedeces',
      size: file.size ?? 200,
      mimeType: file.mimeType ?? 'application/pdf',
      recipients: (file.for ?? cases.map((_, number) => number)).map((number) => cases[number]?.externalId),
    })),
  };
}
