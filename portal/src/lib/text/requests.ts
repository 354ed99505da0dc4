/** Requests for documents: what is asked for, by démarche, and how it is said. */
import { catalogue } from './typography.ts';

/** What is missing most often. */
const pieces = catalogue({
  identity: 'Pièce d’identité en cours de validité, recto et verso',
  home: 'Justificatif de domicile de moins de six mois',
  family: 'Livret de famille',
  birth: 'Acte de naissance de moins de trois mois',
  parents: 'Pièce d’identité du représentant légal',
  host: 'Attestation de l’hébergeant et sa pièce d’identité',
  nationality: 'Justificatif de nationalité française',
  power: 'Procuration ou mandat',
  readable: 'Nouvel envoi de la pièce illisible',
  signed: 'Formulaire complété et signé',
});

const BY_DEMARCHE: Readonly<Record<string, readonly string[]>> = {
  recensementCitoyen: [pieces.identity, pieces.family, pieces.parents, pieces.nationality, pieces.readable],
  InscriptionListesElectorales: [pieces.identity, pieces.home, pieces.host, pieces.nationality, pieces.readable],
  depotDossierPACS: [pieces.identity, pieces.birth, pieces.signed, pieces.readable],
  EtatCivil: [pieces.identity, pieces.power, pieces.readable],
};

/** Pieces an agent may tick for this démarche. */
export const piecesOf = (code: string): readonly string[] =>
  BY_DEMARCHE[code] ?? [pieces.identity, pieces.home, pieces.signed, pieces.readable];

export const requestText = catalogue({
  summary: 'Demander des pièces',
  again: 'Demander d’autres pièces',
  hint: 'Le dossier passe « En attente de compléments ». L’émetteur reçoit la liste et votre message, et les fait suivre à l’usager.',
  legend: 'Pièces à demander',
  more: 'Précisions',
  moreHint: 'Autre pièce, raison de la demande, délai. 800 caractères au plus.',
  send: 'Demander ces pièces',
  nothing: 'Cochez au moins une pièce, ou écrivez ce qui manque.',
  list: 'Pièces demandées :',
});
