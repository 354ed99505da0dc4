import { catalogue, counted } from './typography.ts';

export const home = catalogue({
  title: 'Accueil',
  hello: (firstName: string) => `Bonjour ${firstName}`,
  waits: 'Ce qui vous attend',
  tiles: {
    waiting: (count: number) => (count < 2 ? 'dossier à traiter' : 'dossiers à traiter'),
    unread: (count: number) => (count < 2 ? 'dossier avec du nouveau' : 'dossiers avec du nouveau'),
    overdue: (count: number) => (count < 2 ? 'dossier échu' : 'dossiers échus'),
    soon: (count: number) => (count < 2 ? 'échéance dans les 48 heures' : 'échéances dans les 48 heures'),
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
