/** Saved views: filters with a name, of one agent or shared. */
import { catalogue } from './typography.ts';

export const viewsText = catalogue({
  title: 'Vues enregistrées',
  lead: 'Une vue est une liste déjà filtrée et triée. Elle montre toujours les dossiers du moment.',
  none: 'Aucune vue enregistrée',
  noneHint: 'Dans la liste des dossiers, choisissez des filtres, puis « Enregistrer cette vue ».',
  toList: 'Aller à la liste des dossiers',
  open: 'Ouvrir',
  openView: (name: string) => `Ouvrir la vue ${name}`,
  mine: 'Visible de vous seul',
  sharedBy: (by: string) => `Partagée par ${by}`,
  sharedByMe: 'Partagée avec votre organisation',
  isFirst: 'La liste des dossiers commence par cette vue.',
  makeFirst: 'Commencer par cette vue',
  notFirst: 'Ne plus commencer par cette vue',
  rename: 'Renommer',
  shareNow: 'Partager avec mon organisation',
  keepMine: 'Ne plus partager',
  remove: 'Supprimer',
  labelled: (action: string, name: string) => `${action} : ${name}`,
  missingName: 'Donnez un nom à cette vue.',
  longName: 'Le nom ne peut pas dépasser 60 caractères.',
  tooMany: 'Trente vues au plus : supprimez-en une qui ne sert plus.',
  refused: 'Cette vue ne peut être changée que par la personne qui l’a faite, ou par un administrateur.',
  gone: 'Cette vue n’existe plus. Voici la liste des dossiers.',
  said: {
    saved: (name: string) => `La vue « ${name} » est enregistrée.`,
    changed: (name: string) => `La vue « ${name} » est modifiée.`,
    removed: (name: string) => `La vue « ${name} » est supprimée.`,
  },
});
