/** Keyboard shortcuts: each does what a visible link or button does. */
import { catalogue } from './typography.ts';

export const keysText = catalogue({
  title: 'Raccourcis clavier',
  intro: 'Chaque raccourci fait ce que fait un bouton ou un lien visible. Ils ne jouent pas pendant que vous écrivez.',
  key: 'Touche',
  does: 'Effet',
  rows: {
    j: 'Dossier suivant, dans la liste ou depuis un dossier',
    k: 'Dossier précédent, dans la liste ou depuis un dossier',
    x: 'Cocher ou décocher le dossier, dans la liste',
    Entrée: 'Ouvrir le dossier choisi dans la liste',
    p: 'Prendre en charge le dossier ouvert',
    a: 'Accuser réception du dossier ouvert',
    r: 'Accuser réception du dossier ouvert et télécharger ses pièces',
    t: 'Traiter le dossier ouvert et passer au suivant',
    d: 'Télécharger toutes les pièces du dossier ouvert',
    z: 'Annuler la décision qui attend son envoi',
    e: 'Exporter en tableur la liste affichée',
    '/': 'Chercher un dossier',
    'g puis a': 'Aller à l’accueil',
    'g puis d': 'Aller à la liste des dossiers',
    '?': 'Afficher cette aide',
  },
  on: 'Les raccourcis sont actifs.',
  off: 'Les raccourcis sont désactivés.',
  turnOff: 'Désactiver les raccourcis',
  turnOn: 'Activer les raccourcis',
  close: 'Fermer',
  said: { on: 'Les raccourcis clavier sont activés.', off: 'Les raccourcis clavier sont désactivés.' },
});
