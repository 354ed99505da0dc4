import type { Definition, Demarche } from './demarche.ts';
import { demarche, megabyte, pdf, xml } from './demarche.ts';
import { dilaDefinitions } from './dila.ts';
import { namedDefinitions } from './named.ts';
import { socialDefinitions } from './social.ts';

/** Communes of the pilot that receive death certificates. */
const certificateCommunes = 1_336;

const deathCertificate: Definition = {
  code: 'CERTDC',
  name: 'Certificats de décès',
  description:
    'Volet administratif et certificat complet pour la commune du décès, volet administratif pour celle du domicile.',
  sender: 'DGS',
  prefix: 'CERTDC',
  types: ['DD_Certificatdedeces', 'VA_CertificatdeDeces'],
  formats: [pdf, xml],
  maxSize: 5 * megabyte,
  purgeAt: 'IN_PROGRESS',
  purgeAfter: 4,
  archiveAfter: 30,
  removeAfter: 365,
  messages: false,
  validation: 'Auto',
  law: 'Code général des collectivités territoriales, articles L2223-42 et R2213-1-1 et suivants',
  workflow: { mid: 'IN_PROGRESS', refuses: false, awaits: false },
  audience: { communes: certificateCommunes },
  yearly: 600_000,
};

/** Every démarche of the demo. */
export const demarches: readonly Demarche[] = [
  deathCertificate,
  ...dilaDefinitions,
  ...socialDefinitions,
  ...namedDefinitions,
].map(demarche);
