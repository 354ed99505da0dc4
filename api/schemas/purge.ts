import { type Static, Type } from 'typebox';
import { uuid } from './fields.ts';

/** Contract §5.12; snake case, as is. */
export const IdsForPurge = Type.Object(
  { folder_attachment_id: uuid(), case_id: uuid() },
  { title: 'IdsForPurge', description: 'Pièce jointe d’un case' },
);

export const PurgeList = Type.Array(IdsForPurge);
export type PurgeList = Static<typeof PurgeList>;
