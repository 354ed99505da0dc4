/** What is said about a case: to its sender, among colleagues, and the forms it is written in. */
import { catalogue, counted } from './typography.ts';

export const talkText = catalogue({
  heading: 'Échanges',
  empty: 'Aucun échange pour l’instant.',
  voice: {
    mine: 'Vous, à l’émetteur',
    ours: 'Votre organisation, à l’émetteur',
    sender: 'L’émetteur, à votre organisation',
    note: 'Note interne — non visible de l’usager',
  },
  asked: 'Compléments demandés',
  decided: (status: string) => `Avec l’état « ${status} »`,
  unsent: 'Envoi inachevé : l’émetteur ne le voit pas',
  read: 'Reçu par l’émetteur',
  files: (count: number) => counted(count, 'fichier joint', 'fichiers joints'),
  answeredHint: 'L’émetteur a répondu à votre demande de compléments. Sa réponse est dans les échanges.',
  toAnswer: 'Voir la réponse',

  note: 'Ajouter une note interne',
  noteLabel: 'Votre note',
  noteHint:
    'Lue par vos collègues seulement. L’émetteur voit qu’une note a été ajoutée, par qui et quand ; il n’en voit jamais le texte, l’usager non plus.',
  noteSend: 'Enregistrer la note',
  noteDone: 'Note enregistrée : seuls vos collègues peuvent la lire.',
  noteMissing: 'Écrivez la note.',
  noteLong: 'La note ne peut pas dépasser 1 000 caractères.',

  write: 'Écrire à l’émetteur',
  writeLabel: 'Votre message',
  writeHint: 'Transmis au service qui a déposé le dossier, qui peut le faire suivre à l’usager. Signé de votre nom.',
  writeStatus: 'État du dossier après ce message',
  writeSame: 'Ne pas changer',
  writeSend: 'Envoyer le message',
  writeDone: 'Message envoyé à l’émetteur.',
  writeMissing: 'Écrivez le message.',
  writeLong: 'Le message ne peut pas dépasser 1 000 caractères.',
  noWriting: 'Cette démarche n’accepte pas les messages à l’émetteur.',
  statusGone: 'Cet état n’est plus possible : le dossier a changé entre-temps. Rien n’a été envoyé.',

  busy: 'Le service ne répond pas pour le moment. Rien n’a été envoyé ; votre texte est conservé : renvoyez-le dans une minute.',
  refused:
    'Cet envoi n’a pas été accepté pour ce dossier. Votre texte est conservé : rouvrez le dossier, relisez-le, puis recommencez.',
});

/** What was typed and not sent. */
export const draftText = catalogue({
  found: 'Votre texte a été conservé',
  hint: 'Il n’a pas été envoyé : votre session s’était terminée, ou le service ne répondait pas. Il est de nouveau dans le formulaire : relisez-le, puis envoyez-le.',
  moved: 'Il n’a pas été envoyé : le dossier a changé. Il est de nouveau dans le formulaire.',
  files: 'Les fichiers que vous aviez choisis y sont aussi.',
  undone: 'Décision annulée : votre texte est revenu',
  undoneHint:
    'Rien n’a été envoyé. Ce que vous aviez écrit est de nouveau dans le formulaire : corrigez-le, puis envoyez-le.',
  drop: 'Effacer ce texte',
  dropped: 'Texte effacé.',
});
