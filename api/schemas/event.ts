import { type Static, Type } from 'typebox';
import { ACTION_TYPES } from '#engine/domain/records/event.ts';
import { Attachment, NewAttachment } from './attachment.ts';
import { booleanOrNull, dateTime, dateTimeOrNull, oneOf, optional, orNull, text, textOrNull, uuid } from './fields.ts';
import { Identity } from './identity.ts';
import { PartnerInfo } from './person.ts';
import { EVENT_STATUSES } from './status.ts';

const sent = {
  message: textOrNull(1000),
  comment: textOrNull(1000),
  author: textOrNull(255),
  caseCurrentStatus: textOrNull(15),
  caseNewStatus: textOrNull(15),
  partnerAttributes: textOrNull(1024),
};

/** Contract §5.7, as sent. `actionType` and `caseNewStatus` are judged after existence and right (contract §1). */
export const NewEvent = Type.Object(
  {
    actionType: text(100),
    notification: booleanOrNull(),
    message: optional(sent.message),
    comment: optional(sent.comment),
    author: optional(sent.author),
    caseCurrentStatus: optional(sent.caseCurrentStatus),
    caseNewStatus: optional(sent.caseNewStatus),
    partnerAttributes: optional(sent.partnerAttributes),
    attachments: optional(
      Type.Unsafe<Static<typeof NewAttachment>[] | null>({ type: ['array', 'null'], items: NewAttachment }),
    ),
  },
  { title: 'NewEvent', description: 'Événement à créer' },
);
export type NewEvent = Static<typeof NewEvent>;

/** Contract §5.7, as answered. */
export const Event = Type.Object(
  {
    id: uuid(),
    transmitter: Identity,
    actionType: oneOf(ACTION_TYPES),
    notification: Type.Boolean(),
    ...sent,
    status: oneOf(EVENT_STATUSES),
    attachments: Type.Array(Attachment),
    createDateTime: dateTime(),
    updateDateTime: dateTimeOrNull(),
    partnerInfo: orNull<PartnerInfo>(PartnerInfo),
  },
  { title: 'Event', description: 'Événement d’un télédossier' },
);

/** Contract §6, PATCH event. */
export const EventPatch = Type.Object(
  { status: text(12) },
  { title: 'EventPatch', description: 'SENT par l’auteur, RECEIVED par l’autre partie' },
);
