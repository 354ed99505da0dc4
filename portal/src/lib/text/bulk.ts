/** The same for many cases: choosing them, the summary, what became of each. */
import { catalogue, counted } from './typography.ts';

const cases = (count: number): string => counted(count, 'dossier', 'dossiers');

export const bulkText = catalogue({
  back: 'Revenir à la liste',
  title: 'Vérifier avant de lancer',
  nothing: 'Aucun dossier n’est coché. Revenez à la liste, cochez des dossiers, ou choisissez tout le filtre.',
  none: 'Aucun des dossiers choisis ne peut recevoir cette action.',
  willDo: {
    accuser: (count: number) => `La réception de ${cases(count)} sera accusée.`,
    traiter: (count: number) => `${counted(count, 'dossier sera marqué', 'dossiers seront marqués')} « Traité ».`,
    refuser: (count: number) => `${counted(count, 'dossier sera marqué', 'dossiers seront marqués')} « Refusé ».`,
    attribuer: (count: number) => `${counted(count, 'dossier sera attribué', 'dossiers seront attribués')}.`,
  },
  excluded: (count: number) => `${counted(count, 'exclu', 'exclus')} :`,
  because: (count: number, status: string) => `${count.toLocaleString('fr-FR')} déjà « ${status} »`,
  receipts: (count: number) =>
    `${counted(count, 'demandeur reçoit', 'demandeurs reçoivent')} un accusé de réception, comme pour un dossier seul.`,
  unfit: (count: number) => `${count} d’une démarche pour laquelle ce collègue n’est pas habilité`,
  to: 'À qui ?',
  undoHint: (seconds: number) =>
    `Chaque décision part ${seconds} secondes après avoir été prise : jusque-là, tout peut être annulé.`,
  launch: 'Lancer',
  progress: 'Avancement',
  lot: 'Traitement par lot',
  state: {
    running: (done: number, total: number) => `En cours : ${done} sur ${total}.`,
    done: (_done: number, total: number) => `Terminé : ${cases(total)}.`,
    undoing: () => 'Annulation en cours.',
    undone: () => 'Annulé, autant que possible.',
  },
  result: {
    waiting: 'En attente',
    done: 'Fait',
    excluded: 'Exclu',
    moved: 'Changé entre-temps',
    refused: 'Action non acceptée',
    undone: 'Annulé',
    left: 'Trop tard pour annuler',
  },
  resultHint: {
    waiting: 'pas encore commencé',
    done: 'l’action est enregistrée',
    excluded: 'son état ne permettait pas l’action',
    moved: 'un collègue ou l’émetteur l’a changé : rien n’a été envoyé',
    refused: 'vous n’y avez plus accès, ou il est archivé',
    undone: 'rien n’a été envoyé',
    left: 'la décision était partie',
  },
  before: 'État avant',
  outcome: 'Résultat',
  all: 'Toutes les lignes',
  results: 'Lignes du lot',
  refresh: 'Actualiser',
  undo: 'Tout annuler',
  undoUntil: (seconds: number) => `Encore ${seconds} s pour tout annuler.`,
  undoSaid: 'L’annulation est demandée.',
  nextLines: 'Lignes suivantes',
});
