import type { Listed } from '#api/index/search.ts';
import { localTime } from '#engine/domain/calendar.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { CASE_STATUSES, type CaseStatus } from '#engine/domain/records/case.ts';

/** A cell of an export: a text, or a moment as clocks in Paris show it (`2026-11-26T14:32:05`). */
export type Cell = string | { moment: string };

/** What rows name by a code or an id, as people call it. */
export interface Names {
  process(code: string): string;
  organization(org: OrgKey): string;
  agent(id: Id): string;
}

interface Column {
  title: string;
  /** of a spreadsheet's column, cm */
  width: number;
  cell(row: Listed, names: Names): Cell;
}

/** What a spreadsheet's reader is told of a status, as the portal says it (test/exports/files.test.ts): the portal shares no code with the API. */
export const STATUS_LABELS: Readonly<Record<CaseStatus, string>> = {
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
};

const moment = (ms: number): Cell => ({ moment: localTime(ms) });

const organization: Column = { title: 'Commune', width: 5, cell: ({ org }, names) => names.organization(org) };

/** What the list shows, and no more (GDPR, article 5.1.c): neither files nor anything of the flow. */
const COLUMNS: readonly Column[] = [
  { title: 'Numéro', width: 5.5, cell: ({ number }) => number },
  { title: 'Demandeur', width: 6, cell: ({ lastName, firstName }) => `${lastName} ${firstName}`.trim() },
  { title: 'Démarche', width: 8, cell: ({ process }, names) => names.process(process) },
  { title: 'Attribué à', width: 5, cell: ({ assignee }, names) => (assignee === null ? '' : names.agent(assignee)) },
  { title: 'Reçu le', width: 3.8, cell: ({ received }) => moment(received) },
  { title: 'Échéance', width: 3.8, cell: ({ deadline }) => (deadline === null ? '' : moment(deadline)) },
  { title: 'État', width: 5, cell: ({ status }) => STATUS_LABELS[CASE_STATUSES[status] as CaseStatus] },
  { title: 'Dernier changement', width: 3.8, cell: ({ updated }) => moment(updated) },
];

/** @param several cases of more than one organisation are among them */
export const columnsOf = (several: boolean): readonly Column[] =>
  several ? [...COLUMNS.slice(0, 3), organization, ...COLUMNS.slice(3)] : COLUMNS;

export type { Column };
