/** Files an agent sends back. */
import { catalogue, counted } from './typography.ts';

export const fileText = catalogue({
  write: 'Écrire à l’émetteur ou lui envoyer des fichiers',
  only: 'Envoyer des fichiers à l’émetteur',
  words: 'Message qui accompagne les fichiers',
  label: 'Fichiers à joindre',
  hint: (formats: string, largest: string) =>
    `Dix fichiers au plus. Formats acceptés : ${formats}. Taille : ${largest} au plus par fichier.`,
  send: 'Envoyer',
  sent: (count: number) => `${counted(count, 'fichier envoyé', 'fichiers envoyés')} à l’émetteur.`,
  missing: 'Choisissez au moins un fichier.',
  nothing: 'Écrivez un message, ou choisissez au moins un fichier.',
  noFiles: 'Cette démarche n’accepte pas de fichiers. Rien n’a été envoyé.',
  many: 'Dix fichiers au plus peuvent être envoyés en une fois. Rien n’a été envoyé : choisissez-les de nouveau.',
  large: (name: string, largest: string) =>
    `« ${name} » dépasse ${largest}. Rien n’a été envoyé : réduisez ce fichier, puis choisissez-les tous de nouveau.`,
  format: (name: string, formats: string) =>
    `« ${name} » n’est pas dans un format accepté (${formats}). Rien n’a été envoyé : choisissez de nouveau les fichiers.`,
  empty: (name: string) => `« ${name} » est vide. Rien n’a été envoyé : choisissez de nouveau les fichiers.`,
  refused: (name: string, before: number) =>
    `« ${name} » n’a pas été accepté : son contenu ne correspond pas à son format.${before > 0 ? ` ${counted(before, 'fichier avait été déposé avant lui et a été retiré', 'fichiers avaient été déposés avant lui et ont été retirés')}.` : ''} Rien n’a été envoyé à l’émetteur ; votre texte est conservé, les fichiers sont à choisir de nouveau.`,
  unknown:
    'Le service n’a pas répondu à la fin de l’envoi : nous ne savons pas si les fichiers sont partis. Rouvrez ce dossier dans une minute : les échanges disent s’ils sont envoyés, ou « Envoi inachevé ».',
  broken:
    'L’envoi s’est interrompu avant la fin. Rien n’a été envoyé à l’émetteur : choisissez de nouveau les fichiers.',
  room: 'Trop de fichiers sont en cours d’envoi en ce moment. Rien n’a été envoyé ; votre texte est conservé : recommencez dans quelques minutes.',
  kept: 'Fichiers déjà choisis',
  keptHint: 'Ils partiront avec le message. Décochez ceux que vous ne voulez plus envoyer.',
  more: 'Autres fichiers à joindre',
  keptGone:
    'Les fichiers déjà choisis n’ont été conservés que trente minutes. Rien n’a été envoyé ; votre texte est conservé : choisissez-les de nouveau.',
  tooMuch: 'L’ensemble dépasse la taille permise. Rien n’a été envoyé.',
});
