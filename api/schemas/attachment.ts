import { type Static, Type } from 'typebox';
import { oneOf, text, uuid } from './fields.ts';

/** Contract §8.5. */
export const ATTACHMENT_STATUSES = ['PENDING', 'RECEIVED', 'CORRUPTED', 'REJECTED', 'DELETED'] as const;

const described = {
  fileName: text(255),
  type: text(100),
  size: Type.Integer({ minimum: 0 }),
  mimeType: text(255),
};

/** Contract §5.4, as sent with an event. */
export const NewAttachment = Type.Object(described, { title: 'NewAttachment' });
export type NewAttachment = Static<typeof NewAttachment>;

/** Contract §5.4, as sent with a folder. */
export const NewFolderAttachment = Type.Object(
  { ...described, recipients: Type.Array(text(100), { minItems: 1 }) },
  { title: 'NewFolderAttachment' },
);

const answered = { id: uuid(), status: oneOf(ATTACHMENT_STATUSES), ...described };

/** Contract §5.4, as answered in a case or an event. */
export const Attachment = Type.Object(answered, { title: 'Attachment', description: 'Pièce jointe' });

/** Contract §5.4, as answered in a folder. */
export const FolderAttachment = Type.Object(
  { ...answered, recipients: Type.Array(text(100)) },
  { title: 'FolderAttachment', description: 'Pièce jointe et numéros des cases auxquels elle est destinée' },
);

/** Bytes of a file, as sent and given back. */
export const Bytes = Type.String({ format: 'binary' });
