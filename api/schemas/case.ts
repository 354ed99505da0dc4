import { Type } from 'typebox';
import { CASE_STATUSES } from '#engine/domain/records/case.ts';
import { Attachment } from './attachment.ts';
import { Event } from './event.ts';
import { dateTime, dateTimeOrNull, oneOf, optional, text, textOrNull, uuid } from './fields.ts';
import { Identity } from './identity.ts';
import { Applicant } from './person.ts';

/** Contract §5.6; `attachments` and `events` are left out of the lite form. */
export const Case = Type.Object(
  {
    id: uuid(),
    status: oneOf(CASE_STATUSES),
    recipient: Identity,
    externalId: text(100),
    processCode: text(30),
    applicant: Applicant,
    createDateTime: dateTime(),
    updateDateTime: dateTimeOrNull(),
    transmissionDateTime: dateTimeOrNull(),
    closeDateTime: dateTimeOrNull(),
    partnerAttributes: textOrNull(1024),
    attachments: optional(Type.Array(Attachment)),
    events: optional(Type.Array(Event)),
  },
  { title: 'Case', description: 'Télédossier tel que le voit son destinataire' },
);

/** Contract §6, GET case. */
export const CaseQuery = Type.Object({
  lite: optional(Type.String({ maxLength: 14, description: '`true` : sans pièces jointes ni événements' })),
});

/** Contract §6, PATCH case: absent, it changes nothing; its value is judged after existence and right. */
export const CasePatch = Type.Object(
  { status: optional(textOrNull(50)) },
  { title: 'CasePatch', description: 'Changement de statut d’un case' },
);

/** Contract §6, PUT migrate. */
export const Migration = Type.Object(
  { organizationSource: Identity, organizationTarget: Identity },
  { title: 'Migration', description: 'Organisation dont les télédossiers partent, organisation qui les reçoit' },
);

export const Migrated = Type.Object(
  { caseUpdated: Type.Integer({ minimum: 0 }) },
  { title: 'Migrated', description: 'Nombre de cases migrés' },
);
