/** The demonstration space, which only the demo has. */
import { catalogue } from './typography.ts';

export const demo = catalogue({
  title: 'Démonstration',
  heading: 'Espace de démonstration : Valbourg-l’Exemple',
  lead: 'Une commune qui n’existe pas, des dossiers inventés : essayez tout, rien ne peut mal tourner. Aucun courriel ne sort de cette machine.',
  who: 'Qui jouer',
  whoList: {
    agent: '« Camille Valbourg-Essai » traite les dossiers : à choisir d’abord.',
    administrator:
      '« Dominique Valbourg-Essai » invite les agents et règle les abonnements : un second facteur lui est demandé.',
  },
  start: 'Commencer',
  tasks: 'Six tâches à essayer',
  taskList: {
    first: 'En Camille : ouvrez le dossier qui attend depuis le plus longtemps.',
    second: 'Accusez réception, et prenez tous ses fichiers d’un coup.',
    third: 'Terminez-le par « Traiter et suivant » : le suivant s’ouvre.',
    fourth: 'Refusez un dossier de Pacs, en écrivant pourquoi. Voyez votre nom et votre qualité dans l’historique.',
    fifth: 'Choisissez de recevoir chaque matin un message pour l’état civil.',
    sixth: 'En Dominique : invitez un collègue pour une seule démarche, puis retirez-lui son accès.',
  },
  helpLink: 'Comment faire ? Chaque tâche est expliquée dans l’aide.',
  reset: 'Tout recommencer',
  resetLead:
    'Les dossiers en cours sont terminés, six nouveaux arrivent, les collègues invités s’en vont et les abonnements sont réactivés.',
  resetButton: 'Remettre l’espace à neuf',
  done: 'L’espace est neuf : six dossiers attendent.',
  failed: 'L’espace n’est pas encore prêt. Attendez quelques secondes, puis recommencez.',
  link: 'Découvrir avec l’espace de démonstration',
});
