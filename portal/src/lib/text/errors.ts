/** Error pages: what happened, in one sentence, and what to do. */
import { catalogue } from './typography.ts';

export const errors = catalogue({
  400: {
    heading: 'Cette demande n’est pas complète',
    why: 'Le portail n’a pas compris ce qui a été envoyé.',
    remedy: 'Revenez à la page précédente et recommencez.',
  },
  401: {
    heading: 'Vous n’êtes plus connecté',
    why: 'Votre session est terminée.',
    remedy: 'Reconnectez-vous : vous reviendrez à cette page.',
  },
  403: {
    heading: 'Cette page ne vous est pas ouverte',
    why: 'Votre compte n’a pas d’habilitation pour ce dossier ou cette démarche, dans l’organisation choisie.',
    remedy:
      'Vérifiez l’organisation choisie en haut de la page, ou demandez l’habilitation à votre administrateur local.',
  },
  404: {
    heading: 'Page introuvable',
    why: 'Cette page ou ce dossier n’existe pas, ou n’existe plus.',
    remedy: 'Si vous avez copié l’adresse, vérifiez qu’elle est entière. Sinon, cherchez le dossier dans la liste.',
  },
  405: {
    heading: 'Cette action n’existe pas',
    why: 'L’adresse ne permet pas ce qui est demandé.',
    remedy: 'Revenez à l’accueil.',
  },
  409: {
    heading: 'Le dossier a changé entre-temps',
    why: 'Un collègue, ou l’émetteur, a modifié ce dossier pendant que vous le consultiez. Rien n’a été envoyé.',
    remedy: 'Rouvrez le dossier pour voir son état actuel, puis décidez.',
  },
  410: {
    heading: 'Ce fichier n’est plus disponible',
    why: 'Les fichiers sont supprimés à l’échéance prévue par la démarche.',
    remedy: 'Si vous en avez besoin, demandez-le à l’émetteur du dossier.',
  },
  413: {
    heading: 'C’est trop volumineux',
    why: 'Ce qui a été envoyé dépasse la taille permise.',
    remedy: 'Raccourcissez le texte ou réduisez le fichier, puis recommencez.',
  },
  422: {
    heading: 'Cette action n’est pas possible',
    why: 'Le hub a refusé cette action pour ce dossier.',
    remedy: 'Rouvrez le dossier : la page propose les actions possibles dans son état actuel.',
  },
  429: {
    heading: 'Trop de demandes en peu de temps',
    why: 'Le portail limite le nombre de demandes par minute.',
    remedy: 'Attendez une minute, puis rechargez la page.',
  },
  500: {
    heading: 'Une erreur est survenue',
    why: 'C’est une erreur du portail, pas de votre part.',
    remedy: 'Rechargez la page. Si cela se répète, transmettez la référence ci-dessous à votre support.',
  },
  503: {
    heading: 'Le service est momentanément indisponible',
    why: 'Le hub ne répond pas assez vite. Aucun dossier n’est perdu.',
    remedy: 'Attendez une minute, puis rechargez la page.',
  },
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
