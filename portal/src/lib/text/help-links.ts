/** Links from pages to their part of the help: apart from its text, which these pages need not carry. */
import { catalogue } from './typography.ts';

export const helpLinks = catalogue({
  attribuer: 'Aide : prendre un dossier, ou le donner',
  lot: 'Aide : traiter plusieurs dossiers à la fois',
  completer: 'Aide : demander des pièces',
  ecrire: 'Aide : écrire à l’émetteur, avec des fichiers',
  exporter: 'Aide : exporter, imprimer un bordereau',
});
