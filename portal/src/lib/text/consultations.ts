/** Who read a case. */
import { catalogue } from './typography.ts';

export const consultationText = catalogue({
  title: 'Consultations',
  hint: 'Qui a lu ce dossier dans le portail, depuis douze mois. Vous le voyez parce que vous êtes administrateur.',
  show: 'Voir les consultations',
  older: 'Consultations plus anciennes',
  none: 'Aucune consultation conservée.',
  failed: 'Les consultations n’ont pas pu être lues. Réessayez dans un instant.',
  unknown: 'un agent qui n’est plus connu',
  caption: 'Consultations du dossier, la plus récente d’abord',
  when: 'Quand',
  who: 'Qui',
  read: 'Ce qui a été lu',
  what: {
    case: 'Le dossier',
    event: 'Un échange',
    file: 'Une pièce',
    list: 'Une liste où il figure',
    export: 'Une liste exportée où il figure',
  },
  namedFile: (name: string) => `La pièce ${name}`,
});
