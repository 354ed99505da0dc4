/** A public body or company that people notify of a change of address. */
export interface Operator {
  /** At most 10 characters (contract 5.9). */
  code: string;
  name: string;
  /** How often people choose it, relative to the others. */
  weight: number;
}

/**
 * The thirty operators of the demo. Public bodies bear their name, companies are invented; all their SIREN are
 * fictitious (see `fictitiousSiren`).
 */
export const operators: readonly Operator[] = [
  { code: 'CNAM', name: 'Caisse nationale de l’assurance maladie', weight: 95 },
  { code: 'DGFIP', name: 'Direction générale des finances publiques', weight: 92 },
  { code: 'ANTS', name: 'France Titres, système d’immatriculation des véhicules', weight: 70 },
  { code: 'CAF', name: 'Caisses d’allocations familiales, changements d’adresse', weight: 60 },
  { code: 'FRTRAVAIL', name: 'France Travail', weight: 38 },
  { code: 'CNAV', name: 'Caisse nationale d’assurance vieillesse', weight: 36 },
  { code: 'AGIRC', name: 'Agirc-Arrco', weight: 34 },
  { code: 'URSSAF', name: 'Urssaf Caisse nationale', weight: 18 },
  { code: 'CCMSA', name: 'Mutualité sociale agricole', weight: 14 },
  { code: 'SRE', name: 'Service des retraites de l’État', weight: 12 },
  { code: 'CNRACL', name: 'Caisse nationale de retraites des agents des collectivités locales', weight: 10 },
  { code: 'IRCANTEC', name: 'Ircantec', weight: 9 },
  { code: 'CPRP', name: 'Caisse de prévoyance et de retraite du personnel ferroviaire', weight: 4 },
  { code: 'CRPCEN', name: 'Caisse de retraite et de prévoyance des clercs et employés de notaires', weight: 2 },
  { code: 'ENIM', name: 'Établissement national des invalides de la marine', weight: 2 },
  { code: 'CAVIMAC', name: 'Caisse d’assurance vieillesse, invalidité et maladie des cultes', weight: 1 },
  { code: 'MEAE', name: 'Ministère de l’Europe et des affaires étrangères, service central d’état civil', weight: 8 },
  { code: 'MJ', name: 'Ministère de la justice', weight: 6 },
  { code: 'MI', name: 'Ministère de l’intérieur', weight: 6 },
  { code: 'MTE', name: 'Ministère de la transition écologique', weight: 3 },
  { code: 'MASA', name: 'Ministère de l’agriculture', weight: 3 },
  { code: 'INSEE', name: 'Institut national de la statistique et des études économiques', weight: 5 },
  { code: 'ELUMIERE', name: 'Électricité Lumière Claire (société fictive)', weight: 62 },
  { code: 'GAZBLEU', name: 'Gaz Flamme Bleue (société fictive)', weight: 33 },
  { code: 'RESEAUEL', name: 'Réseau Électrique des Plaines (société fictive)', weight: 20 },
  { code: 'EAUVIVE', name: 'Compagnie de l’Eau Vive (société fictive)', weight: 28 },
  { code: 'TELALPHA', name: 'Télécom Alphabet (société fictive)', weight: 30 },
  { code: 'MOBILUNE', name: 'Mobile de la Lune (société fictive)', weight: 22 },
  { code: 'MUTSANTE', name: 'Mutuelle Santé Exemplaire (société fictive)', weight: 26 },
  { code: 'ASSURHIV', name: 'Assurances de l’Hiver (société fictive)', weight: 24 },
];
