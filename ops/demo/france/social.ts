import type { Definition } from './demarche.ts';
import { json, megabyte, pdf, xml } from './demarche.ts';

const base = {
  sender: 'CNAF',
  formats: [xml],
  maxSize: 50 * megabyte,
  purgeAt: 'CLOSED',
  purgeAfter: 15,
  archiveAfter: 30,
  removeAfter: 180,
  messages: false,
  validation: 'Manual',
  law: 'Code de l’action sociale et des familles, article L262-40',
  workflow: { mid: 'IN_PROGRESS', refuses: true, awaits: false },
  audience: { departements: true },
} as const satisfies Partial<Definition>;

/** Batches for the départements: one folder holds one file, or one of each type, of hundreds of recipients of the RSA. */
const batches: readonly Definition[] = [
  batch('RSABEI-RSABAI', 'RSA : bénéficiaires, flux quotidien', ['RSABEI', 'RSABAI'], 25_000),
  batch('RSABEM-RSABAM', 'RSA : bénéficiaires, flux mensuel', ['RSABEM', 'RSABAM'], 1_224),
  batch('RSABEX-RSABAX', 'RSA : bénéficiaires, flux exceptionnel', ['RSABEX', 'RSABAX'], 400),
  batch('RSAFIM', 'RSA : flux financier mensuel', ['RSAFIM', 'RSAFAM'], 1_224),
  batch('RSAFIX', 'RSA : flux financier exceptionnel', ['RSAFIX', 'RSAFAX'], 300),
  batch('RSACTM', 'RSA : contrôles, flux mensuel', ['RSACTM', 'RSACAM'], 1_224),
  batch('IRSACG-IRSDCG', 'RSA : instructions et décisions', ['IRSACG', 'IRSDCG'], 25_000),
  batch('MSABEI', 'RSA agricole : bénéficiaires, flux quotidien', ['MSABEI'], 12_000),
  batch('MSABEM', 'RSA agricole : bénéficiaires, flux mensuel', ['MSABEM'], 1_224),
  batch('MSABEX', 'RSA agricole : bénéficiaires, flux exceptionnel', ['MSABEX'], 200),
  batch('MSAFIM', 'RSA agricole : flux financier mensuel', ['MSAFIM'], 1_224),
  batch('GRO', 'PMI : déclarations de grossesse', ['GRO'], 5_000),
  batch('DSG', 'PMI : suivi de grossesse', ['DSG'], 5_000),
  batch('RSA', 'RSA : flux générique', ['documents'], 600),
];

/** Démarches of CNAF and SNATED for the départements, and the quotient familial for communes (contract sections 12 and 16.14). */
export const socialDefinitions: readonly Definition[] = [
  ...batches,
  { ...batch('SGR', 'PMI : signalements groupés', ['SGR'], 1_224), formats: ['application/zip'] },
  contacts('CAF-contact', 'Coordonnées des allocataires', 'CAFC', 5_000),
  contacts('ContactsAllocataires-BRSA', 'Coordonnées des allocataires bénéficiaires du RSA', 'CABR', 5_000),
  {
    ...base,
    code: 'FormulaireQF',
    name: 'Quotient familial',
    prefix: 'QF',
    types: ['FormulaireQF'],
    formats: [json, xml, pdf],
    maxSize: 5 * megabyte,
    validation: 'Auto',
    law: 'Code des relations entre le public et l’administration, article L114-8',
    workflow: { mid: 'SI_RECEIVED', refuses: true, awaits: false },
    audience: { communes: 2_500 },
    yearly: 90_000,
  },
  {
    ...base,
    sender: 'SNATED',
    code: 'SNATED',
    name: 'Informations préoccupantes du 119',
    prefix: 'SNATED',
    types: ['documents'],
    formats: [
      xml,
      pdf,
      'application/vnd.oasis.opendocument.text',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    answers: [pdf],
    maxSize: 20 * megabyte,
    messages: true,
    law: 'Code de l’action sociale et des familles, article L226-6',
    yearly: 40_000,
  },
];

function batch(code: string, name: string, types: readonly string[], yearly: number): Definition {
  return { ...base, code, name, prefix: code.split('-')[0] as string, types, yearly };
}

function contacts(code: string, name: string, prefix: string, yearly: number): Definition {
  const workflow = { mid: 'IN_PROGRESS', refuses: false, awaits: false } as const;
  return { ...base, code, name, prefix, types: ['coordonnees-allocataire'], formats: ['text/plain'], workflow, yearly };
}
