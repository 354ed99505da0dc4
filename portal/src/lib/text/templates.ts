/** Texts an organisation writes once, and uses in many cases. */
import { catalogue, counted } from './typography.ts';

export const templateKinds = catalogue({
  message: 'Message à l’émetteur',
  request: 'Demande de pièces',
  refusal: 'Refus',
});

export const templateText = catalogue({
  tab: 'Modèles',
  title: 'Modèles de textes',
  heading: (name: string) => `Modèles de textes de « ${name} »`,
  lead: 'Un modèle évite de retaper le même message. Il se choisit dans le dossier, se complète tout seul, et reste modifiable avant l’envoi.',
  caption: 'Modèles de l’organisation',
  count: (count: number) => counted(count, 'modèle', 'modèles'),
  empty: 'Aucun modèle pour l’instant.',
  readOnly: 'Les administrateurs de votre organisation écrivent ces modèles.',
  add: 'Ajouter un modèle',
  change: 'Modifier',
  changeWhich: (name: string) => `Modifier le modèle « ${name} »`,
  name: 'Nom',
  nameHint: 'Ce que vos collègues verront dans la liste. Exemple : acte introuvable',
  kind: 'Sert à',
  process: 'Démarche',
  all: 'Toutes les démarches',
  text: 'Texte',
  variables: 'Mots remplacés par ceux du dossier',
  save: 'Enregistrer le modèle',
  saved: (name: string) => `Modèle « ${name} » enregistré.`,
  remove: 'Supprimer ce modèle',
  removed: (name: string) => `Modèle « ${name} » supprimé.`,
  missingName: 'Donnez un nom au modèle',
  missingText: 'Écrivez le texte du modèle',
  missingKind: 'Choisissez à quoi sert le modèle',
  unknownVariable: (word: string) =>
    `« {${word}} » n’est pas un des mots que le portail remplace : leur liste est sous le texte`,
  tooLong: (most: number) => `Ce texte ne peut pas dépasser ${most} caractères`,
  nameLong: 'Le nom ne peut pas dépasser 80 caractères',
  help: 'Comment utiliser un modèle ?',
  full: 'Votre organisation a déjà cent modèles : supprimez-en un d’abord',
  gone: 'Ce modèle n’existe plus',
  pick: 'Modèle de texte',
  pickHint: 'Ajouté à la suite de ce que vous avez écrit.',
  pickFiles: 'À faire avant de choisir des fichiers.',
  none: 'Choisir un modèle',
  use: 'Utiliser',
});

/** What is between braces, and what it becomes. */
export const variableText = catalogue({
  numero: 'le numéro du dossier',
  demandeur: 'le prénom et le nom du demandeur',
  demarche: 'le nom de la démarche',
  date: 'la date du jour',
  agent: 'vos prénom, nom, qualité et service',
});
