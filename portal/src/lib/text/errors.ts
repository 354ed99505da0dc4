/** Error pages: what happened, in one sentence, and what to do. */
import { catalogue } from './typography.ts';

export const errors = catalogue({
  400: {
    heading: 'Cette demande n’est pas complète',
    why: 'Il manque une information à ce qui a été envoyé.',
    remedy: 'Revenez à la page précédente et recommencez.',
  },
  401: {
    heading: 'Vous n’êtes plus connecté',
    why: 'Votre session est terminée.',
    remedy: 'Reconnectez-vous : vous reviendrez à cette page.',
  },
  403: {
    heading: 'Vous n’avez pas accès à cette page',
    why: 'Ce dossier, ou sa démarche, n’est pas de ceux que vous pouvez voir dans l’organisation choisie.',
    remedy:
      'Vérifiez l’organisation choisie en haut de la page. Si c’est la bonne, demandez cet accès à votre administrateur local.',
  },
  404: {
    heading: 'Page introuvable',
    why: 'Cette page ou ce dossier n’existe pas, ou n’existe plus.',
    remedy: 'Si vous avez copié l’adresse, vérifiez qu’elle est entière. Sinon, cherchez le dossier dans la liste.',
  },
  405: {
    heading: 'Cette action n’existe pas',
    why: 'Le portail ne sait pas faire ce qui vient d’être demandé à cette adresse.',
    remedy: 'Revenez à l’accueil et repartez de là.',
  },
  409: {
    heading: 'Le dossier a changé entre-temps',
    why: 'Un collègue, ou l’émetteur, a modifié ce dossier pendant que vous le consultiez. Rien n’a été envoyé.',
    remedy: 'Rouvrez le dossier pour voir son état actuel, puis décidez.',
  },
  410: {
    heading: 'Ce fichier n’est plus disponible',
    why: 'Les fichiers d’un dossier sont gardés le temps fixé par la démarche, puis supprimés.',
    remedy: 'Si vous en avez besoin, demandez-le à l’émetteur du dossier.',
  },
  413: {
    heading: 'C’est trop volumineux',
    why: 'Ce qui a été envoyé dépasse la taille permise.',
    remedy: 'Raccourcissez le texte ou réduisez le fichier, puis recommencez.',
  },
  422: {
    heading: 'Cette action n’est pas possible',
    why: 'Le service n’a pas accepté cette action pour ce dossier.',
    remedy: 'Rouvrez le dossier : sa page propose ce qui est possible maintenant.',
  },
  429: {
    heading: 'Trop de demandes en peu de temps',
    why: 'Pour rester rapide pour tous, le portail limite le nombre de pages demandées par minute.',
    remedy: 'Attendez une minute, puis rechargez la page.',
  },
  500: {
    heading: 'Une erreur est survenue',
    why: 'C’est une erreur du portail, pas de votre part.',
    remedy:
      'Rechargez la page. Si cela se répète, transmettez la référence ci-dessous à l’assistance : son adresse est à la page « Aide ».',
  },
  503: {
    heading: 'Le service est momentanément indisponible',
    why: 'Le service met trop de temps à répondre. Aucun dossier n’est perdu.',
    remedy: 'Attendez une minute, puis rechargez la page.',
  },
});

/** A page of an organisation's administrators, opened by somebody else. */
export const reservedText = catalogue({
  heading: 'Cette page est réservée à l’administrateur local',
  why: (organisation: string) =>
    `Seul l’administrateur local de « ${organisation} » gère les accès et les abonnements. Vous n’avez pas ce rôle.`,
  remedy: (names: string) =>
    names
      ? `Pour ouvrir un accès ou changer un abonnement, adressez-vous à : ${names}.`
      : 'Pour ouvrir un accès ou changer un abonnement, adressez-vous à l’administrateur local de votre organisation.',
  toOrganisation: 'Voir mon organisation',
});

/** 403, for who belongs to one organisation only: there is nothing to choose. */
export const onlyOneText = catalogue({
  why: 'Ce dossier, ou sa démarche, n’est pas de ceux que vous pouvez voir.',
  remedy: 'Si vous devez le traiter, demandez cet accès à votre administrateur local.',
});

export const errorWords = catalogue({
  remedy: 'Que faire ?',
  reload: 'Recharger la page',
  toCases: 'Voir la liste des dossiers',
  toHome: 'Revenir à l’accueil',
  signIn: 'Se reconnecter',
  reference: 'Référence :',
  code: (status: number) => `Code ${status}`,
});

/** For the page that stands where no other can be made (error.html). */
export const sentenceOf = (status: number): string => {
  const { why, remedy } = (errors as Record<number, { why: string; remedy: string }>)[status] ?? errors[500];
  return `${why} ${remedy}`;
};
