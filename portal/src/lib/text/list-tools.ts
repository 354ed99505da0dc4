/** What is done with a list as a whole. Apart from the pages it leads to: the list carries no word it does not show. */
import { catalogue } from './typography.ts';

export const toolsText = catalogue({
  tools: 'Exporter et enregistrer cette liste',
  ods: 'Exporter en tableur',
  csv: 'Exporter en CSV',
  recent: 'Exports récents',
  slips: 'Imprimer les bordereaux (PDF)',
  saved: 'Vues enregistrées',
  manage: 'Gérer les vues',
  save: 'Enregistrer cette vue',
  saveHint: 'Les filtres et le tri d’aujourd’hui, à retrouver d’un clic.',
  name: 'Nom de la vue',
  share: 'La partager avec tous les agents de mon organisation',
  saveButton: 'Enregistrer la vue',
});
