import type { Definition } from './demarche.ts';
import { megabyte, pdf, xml } from './demarche.ts';

const base = {
  sender: 'DILA',
  types: ['formulaire-XML', 'formulaire-PDF', 'piece-jointe'],
  formats: [pdf, xml],
  answers: [pdf],
  maxSize: 5 * megabyte,
  purgeAt: 'CLOSED',
  purgeAfter: 30,
  archiveAfter: 60,
  removeAfter: 365,
  messages: true,
  validation: 'Manual',
  workflow: { mid: 'SI_RECEIVED', refuses: true, awaits: false },
} as const satisfies Partial<Definition>;

const awaiting = { mid: 'SI_RECEIVED', refuses: true, awaits: true } as const;

/**
 * Démarches the workflow sheet names without more (contract section 12). The codes and the statuses are the sheet's;
 * titles of the obscure ones repeat the code, and types, recipients and volumes are the demo's.
 */
export const namedDefinitions: readonly Definition[] = [
  named('MD', 'Démarche MD', 'MD', ['MI'], 6_000),
  named('arnaqueInternet', 'Signalement d’une arnaque sur internet', 'ARNAQ', ['MI'], 30_000, awaiting),
  named('CasParCas', 'Examen au cas par cas d’un projet', 'CPC', ['MTE'], 3_000),
  named('certificat-non-pacs', 'Certificat de non-Pacs', 'CNP', ['MEAE'], 25_000),
  named('ChangementNomUsage', 'Changement de nom d’usage', 'CNU', ['MJ'], 12_000),
  named('CIPHYTO', 'Certificat individuel produits phytopharmaceutiques', 'CIPH', ['MASA'], 20_000),
  named('CR', 'Démarche CR', 'CR', ['MJ'], 4_000),
  named('DACIREXP', 'Démarche DACIREXP', 'DACE', ['MASA'], 1_500),
  named('DACIRORG', 'Démarche DACIRORG', 'DACO', ['MASA'], 500),
  named('delivrance_demat', 'Délivrance dématérialisée', 'DEMAT', ['MEAE'], 8_000),
  named('demarche_impr', 'Démarche imprimée', 'IMPR', ['MI'], 2_000),
  named('FCB', 'Démarche FCB', 'FCB', ['MTE'], 1_000),
  named(
    'INSRegistreFR',
    'Inscription au registre des Français établis hors de France',
    'REGFR',
    ['MEAE'],
    40_000,
    awaiting,
  ),
  named('pub-changement-nom', 'Publication d’une demande de changement de nom', 'PCN', ['MJ'], 5_000),
  named('PVPP', 'Démarche PVPP', 'PVPP', ['MASA'], 2_500),
  named('RDVSAS', 'Démarche RDVSAS', 'RDV', ['CNAM'], 4_000),
  named('RNIPP', 'Correction d’identité au répertoire des personnes physiques', 'RNIPP', ['INSEE'], 15_000),
  named('declarationDeGrossesse', 'Déclaration de grossesse', 'GROSS', ['CNAM', 'CAF', 'CCMSA'], 60_000),
];

function named(
  code: string,
  name: string,
  prefix: string,
  operators: readonly string[],
  yearly: number,
  workflow: Definition['workflow'] = base.workflow,
): Definition {
  return { ...base, code, name, prefix, workflow, audience: { operators }, yearly };
}
