import { catalogue, counted } from './typography.ts';

/** The agent's own page. */
export const account = catalogue({
  title: 'Mon compte',
  name: 'Nom',
  email: 'Adresse électronique',
  fromProvider: 'Votre nom et votre adresse viennent de ProConnect.',
  signature: 'Ce que portent vos décisions',
  why: 'La loi veut qu’une décision nomme son auteur : prénom, nom, qualité et service.',
  quality: 'Qualité',
  qualityHint: 'Par exemple : officière d’état civil déléguée, secrétaire de mairie.',
  service: 'Service',
  serviceHint: 'Par exemple : état civil.',
  save: 'Enregistrer',
  saved: 'Votre compte est enregistré.',
  missing: 'Indiquez votre qualité.',
  tooLong: 'Cent caractères au plus.',
  organisations: 'Vos organisations',
});

export const home = catalogue({
  title: 'Accueil',
  hello: (firstName: string) => `Bonjour ${firstName}`,
  waits: 'Ce qui vous attend',
  tiles: {
    waiting: (count: number) => (count < 2 ? 'dossier à traiter' : 'dossiers à traiter'),
    unread: (count: number) => (count < 2 ? 'dossier avec du nouveau' : 'dossiers avec du nouveau'),
    progress: (count: number) => (count < 2 ? 'dossier en cours' : 'dossiers en cours'),
    awaiting: (count: number) =>
      count < 2 ? 'dossier en attente de compléments' : 'dossiers en attente de compléments',
  },
  oldest: 'À traiter d’abord',
  oldestHint: 'Les dossiers non terminés les plus anciens.',
  all: (count: number) => `Voir ${counted(count, 'dossier à traiter', 'dossiers à traiter')}`,
  nothing: 'Rien ne vous attend',
  nothingHint: 'Tous les dossiers reçus sont traités. Les nouveaux apparaîtront ici dès leur arrivée.',
  openOldest: 'Ouvrir le plus ancien',
  processes: 'Vos démarches',
});
