/** What agents know of each other's work: attribution, presence, decisions that wait, conflicts. */
import { catalogue } from './typography.ts';

export const deskText = catalogue({
  assignee: 'Attribué à',
  assigneeIs: 'Attribué à :',
  nobody: 'Personne',
  anybody: 'Tout le monde',
  mine: 'Moi',
  me: 'Vous',
  heading: 'Qui s’en occupe ?',
  take: 'Prendre en charge',
  release: 'Libérer le dossier',
  giveTo: 'Attribuer à un collègue',
  colleague: 'Collègue',
  give: 'Attribuer',
  taken: 'Le dossier vous est attribué.',
  given: (who: string) => `Le dossier est attribué à ${who}.`,
  released: 'Le dossier n’est plus attribué.',
  takenMeanwhile: (who: string) =>
    who
      ? `Ce dossier vient d’être attribué à ${who}. Rien n’a été changé.`
      : 'Ce dossier vient d’être libéré. Rien n’a été changé.',
  unfit: 'Ce collègue n’a pas accès à cette démarche.',
  present: (who: string) => `${who} consulte ce dossier en ce moment.`,
  presentMany: (who: string) => `${who} consultent ce dossier en ce moment.`,
  and: ' et ',
  changed: 'Ce dossier vient de changer —',
  showChanged: 'afficher ce qu’il est à présent',
  formerly: 'un ancien collègue',
  stepTaken: 'Pris en charge',
  stepGiven: (who: string) => `Attribué à ${who}`,
  stepReleased: 'Libéré',
});

export const undoText = catalogue({
  heading: 'Décision en attente d’envoi',
  what: (status: string, who: string) => (who ? `« ${status} », par ${who}.` : `« ${status} ».`),
  leaves: (seconds: number) =>
    seconds > 0
      ? `Elle sera envoyée dans ${seconds} s. Jusque-là, vous pouvez l’annuler.`
      : 'Elle est en cours d’envoi.',
  leads: (status: string) => `bientôt « ${status} »`,
  undo: 'Annuler la décision',
  undoOf: (number: string) => `Annuler la décision sur le dossier ${number}`,
  undoShort: 'Annuler',
  undone: 'La décision est annulée : rien n’a été envoyé.',
  gone: 'Trop tard : la décision est partie.',
  decidedOf: (number: string, status: string, seconds: number) =>
    `Dossier ${number} : « ${status} » sera envoyé dans ${seconds} s.`,
});

export const conflictText = catalogue({
  heading: 'Rien n’a été envoyé',
  already: (who: string, at: string) =>
    who ? `Déjà traité par ${who} ${at}.` : `Ce dossier a changé ${at}, pendant que vous le consultiez.`,
  waits: (who: string) =>
    who ? `${who} vient de prendre une décision, qui va partir.` : 'Une décision vient d’être prise, et va partir.',
  now: (status: string) => `Le dossier est maintenant « ${status} ».`,
  decided: (status: string) => `Décision : « ${status} ».`,
  said: 'Son message :',
  again: 'La page montre le dossier tel qu’il est à présent : relisez-le avant de décider.',
});
