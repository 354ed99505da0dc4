/** Lists as files: the buttons above a list, the page of an export, those of the team. */
import { catalogue, counted } from './typography.ts';

const cases = (count: number): string => counted(count, 'dossier', 'dossiers');

export const exportText = catalogue({
  title: 'Exports',
  one: 'Export de la liste',
  lead: 'Les listes exportées par votre équipe depuis trois jours. Chaque fichier est effacé 72 heures après avoir été demandé.',
  caption: 'Exports, le plus récent d’abord',
  none: 'Aucun export',
  noneHint: 'Ouvrez la liste des dossiers, filtrez-la si besoin, puis choisissez « Exporter en tableur ».',
  toList: 'Aller à la liste des dossiers',
  sameList: 'Revoir cette liste',
  column: { asked: 'Demandé le', by: 'Par', filter: 'Contenu', rows: 'Dossiers', file: 'Fichier' },
  format: { ods: 'tableur (ODS)', csv: 'CSV' },
  software: 'un logiciel',
  download: 'Télécharger',
  downloadOf: (asked: string) => `Télécharger l’export demandé le ${asked}`,
  state: {
    waiting: () => 'En attente : un autre export se termine.',
    running: (rows: number) => `En préparation : ${cases(rows)} jusqu’ici.`,
    done: (rows: number) => `Prêt : ${cases(rows)}.`,
    failed: () => 'Cet export n’a pas pu être fait. Recommencez depuis la liste.',
  },
  short: { waiting: 'en attente', running: 'en préparation', done: 'prêt', failed: 'échoué' },
  background: 'Vous pouvez quitter cette page : le fichier vous attendra ici, et dans les exports récents.',
  late: 'Les tout derniers changements peuvent manquer à ce fichier.',
  asOf: (when: string) => `Ce que dit ce fichier date du ${when}.`,
  expires: (when: string) => `Il sera effacé le ${when}.`,
  columns:
    'Numéro, demandeur, démarche, agent, dates, échéance et état : ce que montre la liste, rien de plus. Chaque téléchargement est inscrit dans le journal des consultations.',
  refresh: 'Actualiser',
  tooMany: 'Trois de vos exports sont déjà en préparation. Attendez la fin de l’un d’eux, puis recommencez.',
});

/** A filter in words. */
export const filterText = catalogue({
  process: (name: string) => `démarche « ${name} »`,
  status: (label: string) => `état « ${label} »`,
  from: (day: string) => `reçus depuis le ${day}`,
  to: (day: string) => `reçus jusqu’au ${day}`,
  due: (hours: string) => (hours === '48' ? 'échéance dans les 48 heures' : 'échéance dans les sept jours'),
  unread: 'que personne n’a ouverts',
  mine: 'attribués à celui qui demande',
  nobody: 'attribués à personne',
  assignee: (name: string) => `attribués à ${name}`,
  q: (words: string) => `contenant « ${words} »`,
});
