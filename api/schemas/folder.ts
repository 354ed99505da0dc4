import { type Static, Type } from 'typebox';
import { CASE_STATUSES } from '#engine/domain/records/case.ts';
import { FolderAttachment, NewFolderAttachment } from './attachment.ts';
import { dateTime, dateTimeOrNull, oneOf, optional, orNull, text, textOrNull, uuid } from './fields.ts';
import { Identity, Recipient } from './identity.ts';
import { Applicant, NewApplicant, PartnerInfo } from './person.ts';
import { FOLDER_STATUSES } from './status.ts';

const NewCase = Type.Object(
  { recipient: Recipient, externalId: text(100), partnerAttributes: optional(textOrNull(1024)) },
  { title: 'NewFolderCase' },
);

/** Contract §5.5, as sent. */
export const NewFolder = Type.Object(
  {
    processCode: text(30),
    externalId: text(30),
    applicant: NewApplicant,
    cases: Type.Array(NewCase, { minItems: 1 }),
    attachments: Type.Array(NewFolderAttachment, { minItems: 1 }),
  },
  { title: 'NewFolder', description: 'Télédossier à créer' },
);
export type NewFolder = Static<typeof NewFolder>;

const FolderCase = Type.Object(
  {
    id: uuid(),
    status: oneOf(CASE_STATUSES),
    recipient: Identity,
    externalId: text(100),
    updateDateTime: dateTimeOrNull(),
    transmissionDateTime: dateTimeOrNull(),
    partnerAttributes: textOrNull(1024),
  },
  { title: 'FolderCase', description: 'Part du télédossier destinée à une organisation' },
);

/** Contract §5.5, as answered. */
export const Folder = Type.Object(
  {
    id: uuid(),
    globalStatus: oneOf(FOLDER_STATUSES),
    processCode: text(30),
    externalId: text(30),
    applicant: Applicant,
    createDateTime: dateTime(),
    closeDateTime: dateTimeOrNull(),
    updateDateTime: dateTimeOrNull(),
    partnerInfo: orNull<PartnerInfo>(PartnerInfo),
    cases: Type.Array(FolderCase),
    attachments: Type.Array(FolderAttachment),
  },
  { title: 'Folder', description: 'Télédossier' },
);

/** Contract §6, PATCH folder. The value is judged after existence and right (contract §1). */
export const FolderPatch = Type.Object(
  { globalStatus: text(50), closeDateTime: optional(dateTimeOrNull()) },
  { title: 'FolderPatch', description: 'Changement de statut d’un télédossier' },
);
