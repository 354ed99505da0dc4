import type { CaseStatus } from '#engine/domain/records/case.ts';
import type { Role } from '#engine/domain/records/client.ts';
import type { FolderStatus } from '#engine/domain/records/folder.ts';

/** Contract §8.1: what `globalStatus` may read. */
export const FOLDER_STATUSES = [
  'HUBEE_RECEIVED',
  'HUBEE_COMPLETED',
  'HUBEE_NOTIFIED',
  'SENT',
  'SI_RECEIVED',
  'IN_PROGRESS',
  'ADD_AWAITING',
  'REFUSED',
  'DONE',
  'CLOSED',
  'ARCHIVED',
] as const satisfies FolderStatus[];

/** Contract §8.1: what a sender may set; the first and the last are the hub's. */
export const FOLDER_SETTABLE: readonly FolderStatus[] = FOLDER_STATUSES.slice(1, -1);

const BY_SI: CaseStatus[] = ['SENT', 'SI_RECEIVED', 'IN_PROGRESS', 'ADD_AWAITING', 'REFUSED', 'SI_INTG_ERROR', 'DONE'];
const BY_OSL: CaseStatus[] = [
  'HUBEE_COMPLETED',
  'HUBEE_NOTIFIED',
  'SENT',
  'SI_RECEIVED',
  'IN_PROGRESS',
  'ADD_AWAITING',
  'REFUSED',
  'DONE',
  'CLOSED',
];

/** Contract §8.2: the only thing enforced of a case's life; clients skip steps. */
export const CASE_SETTABLE: Readonly<Record<Role, ReadonlySet<string>>> = {
  SI: new Set(BY_SI),
  OSL: new Set(BY_OSL),
  ADMIN: new Set([...BY_SI, ...BY_OSL]),
  DATAPASS: new Set(),
};

/** Contract §8.3. */
export const EVENT_STATUSES = ['IN_PROGRESS', 'SENT', 'RECEIVED'] as const;
