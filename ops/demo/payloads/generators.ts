import type { Demarche } from '../france/demarche.ts';
import { contactList, socialBatch, zippedBatch } from './batches.ts';
import { buildingPermit, siteOpening } from './building.ts';
import { citizenCensus, civilRecord } from './civil.ts';
import { changeOfAddress } from './coordinates.ts';
import { deathCertificate } from './deaths.ts';
import { electoralRegistration } from './elections.ts';
import { familyQuotient, holidayWatch, plainForm } from './forms.ts';
import { concernNote } from './notes.ts';
import { pacs } from './pacs.ts';
import type { Generator } from './payload.ts';

const own: Readonly<Record<string, Generator>> = {
  AutorisationUrbanisme: buildingPermit,
  'CAF-contact': contactList,
  CERTDC: deathCertificate,
  'ContactsAllocataires-BRSA': contactList,
  DeclarationOuvertureChantier: siteOpening,
  EtatCivil: civilRecord,
  FormulaireQF: familyQuotient,
  InscriptionListesElectorales: electoralRegistration,
  JeChangeDeCoordonnees: changeOfAddress,
  OTV: holidayWatch,
  SGR: zippedBatch,
  SNATED: concernNote,
  depotDossierPACS: pacs,
  recensementCitoyen: citizenCensus,
};

/** The generator of a démarche's business files: its own, the batches of CNAF, or the plain form. */
export function generatorOf(demarche: Demarche): Generator {
  return own[demarche.code] ?? (demarche.sender.code === 'CNAF' ? socialBatch : plainForm);
}
