/** Reasons of a refusal, by démarche: sentences the applicant reads. */
import { catalogue } from './typography.ts';

export interface Reason {
  id: string;
  /** what the agent chooses */
  label: string;
  /** what is sent; '' = only what the agent writes */
  sentence: string;
}

const reasons = catalogue({
  incomplete: {
    label: 'Dossier incomplet',
    sentence: 'Votre demande est refusée : les pièces nécessaires à son examen n’ont pas été fournies.',
  },
  unreadable: {
    label: 'Pièces illisibles',
    sentence: 'Votre demande est refusée : les pièces fournies sont illisibles et n’ont pas pu être vérifiées.',
  },
  identity: {
    label: 'Identité non établie',
    sentence: 'Votre demande est refusée : les pièces fournies ne permettent pas d’établir votre identité.',
  },
  unfound: {
    label: 'Acte introuvable',
    sentence: 'Votre demande est refusée : aucun acte correspondant n’a été trouvé dans nos registres.',
  },
  unentitled: {
    label: 'Demandeur non habilité',
    sentence:
      'Votre demande est refusée : ce document ne peut être remis qu’à la personne concernée ou à certains de ses proches.',
  },
  duplicate: {
    label: 'Demande en double',
    sentence: 'Votre demande est refusée : une demande identique est déjà en cours ou a déjà reçu une réponse.',
  },
  home: {
    label: 'Domicile non établi',
    sentence: 'Votre demande est refusée : votre domicile dans la commune n’est pas établi par les pièces fournies.',
  },
  conditions: {
    label: 'Conditions non remplies',
    sentence: 'Votre demande est refusée : les conditions prévues par les textes ne sont pas remplies.',
  },
  other: { label: 'Autre motif, à écrire ci-dessous', sentence: '' },
});

type Key = keyof typeof reasons;
const COMMON: readonly Key[] = ['incomplete', 'unreadable', 'duplicate', 'conditions'];
const BY_DEMARCHE: Readonly<Record<string, readonly Key[]>> = {
  EtatCivil: ['unfound', 'unentitled', 'identity', 'incomplete', 'duplicate'],
  recensementCitoyen: ['incomplete', 'unreadable', 'identity', 'duplicate', 'conditions'],
  InscriptionListesElectorales: ['home', 'identity', 'incomplete', 'unreadable', 'duplicate', 'conditions'],
  depotDossierPACS: ['incomplete', 'unreadable', 'identity', 'conditions'],
};

/** Those of this démarche; the last one is for what no sentence says. */
export const reasonsOf = (code: string): Reason[] =>
  [...(BY_DEMARCHE[code] ?? COMMON), 'other' as const].map((id) => ({ id, ...reasons[id] }));

export const refusalText = catalogue({
  summary: 'Refuser la demande',
  hint: 'C’est une décision : elle est définitive et doit être motivée. L’usager lira le motif et le nom de son auteur.',
  legend: 'Motif du refus',
  more: 'Précisions pour l’usager',
  moreHint: 'Ce qui, dans ce dossier, justifie le refus. Obligatoire pour un autre motif. 750 caractères au plus.',
  author: 'Auteur de la décision',
  send: 'Refuser la demande',
  sendNext: 'Refuser et suivant',
  missingReason: 'Choisissez le motif du refus.',
  missingWords: 'Écrivez le motif : la loi veut qu’un refus soit motivé.',
});
