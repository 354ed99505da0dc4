/** What the agent reads of the hub's statuses (never the hub's own words). */
import { catalogue } from './typography.ts';

export type Tone = 'new' | 'info' | 'success' | 'warning' | 'error' | 'neutral';
export type Mark = 'star' | 'inbox' | 'progress' | 'hourglass' | 'check' | 'cross' | 'archive' | 'alert';

export interface Shown {
  label: string;
  tone: Tone;
  icon: Mark;
}

export const statusLabels = catalogue({
  HUBEE_RECEIVED: 'En cours de dépôt',
  HUBEE_COMPLETED: 'Complété par l’émetteur',
  HUBEE_NOTIFIED: 'Nouveau',
  SENT: 'Nouveau',
  SI_RECEIVED: 'Reçu',
  IN_PROGRESS: 'En cours',
  ADD_AWAITING: 'En attente de compléments',
  SI_INTG_ERROR: 'Erreur signalée',
  REFUSED: 'Refusé',
  DONE: 'Traité',
  CLOSED: 'Clos',
  ARCHIVED: 'Archivé',
});

const shapes: Readonly<Record<string, Omit<Shown, 'label'>>> = {
  HUBEE_RECEIVED: { tone: 'neutral', icon: 'inbox' },
  HUBEE_COMPLETED: { tone: 'info', icon: 'inbox' },
  HUBEE_NOTIFIED: { tone: 'new', icon: 'star' },
  SENT: { tone: 'new', icon: 'star' },
  SI_RECEIVED: { tone: 'info', icon: 'inbox' },
  IN_PROGRESS: { tone: 'info', icon: 'progress' },
  ADD_AWAITING: { tone: 'warning', icon: 'hourglass' },
  SI_INTG_ERROR: { tone: 'error', icon: 'alert' },
  REFUSED: { tone: 'error', icon: 'cross' },
  DONE: { tone: 'success', icon: 'check' },
  CLOSED: { tone: 'neutral', icon: 'archive' },
  ARCHIVED: { tone: 'neutral', icon: 'archive' },
};

export function shownStatus(status: string): Shown {
  const shape = shapes[status] ?? { tone: 'neutral', icon: 'inbox' };
  return { label: (statusLabels as Record<string, string>)[status] ?? status, ...shape };
}
