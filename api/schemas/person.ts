import { type Static, Type } from 'typebox';
import { emailOrNull, optional, text, textOrNull } from './fields.ts';

/** Contract §5.2, as sent. */
export const NewApplicant = Type.Object(
  { firstName: text(255), lastName: text(255), email: optional(emailOrNull()) },
  { title: 'NewApplicant', description: 'Demandeur' },
);

/** Contract §5.2, as answered. */
export const Applicant = Type.Object(
  { firstName: text(255), lastName: text(255), email: textOrNull(320) },
  { title: 'Applicant', description: 'Demandeur' },
);

/** Longest of the three headers a partner's software names itself by, characters (contract §2). */
export const PARTNER_HEADER_LENGTH = 50;

/** Contract §5.3. */
export const PartnerInfo = Type.Object(
  {
    editorName: textOrNull(PARTNER_HEADER_LENGTH),
    applicationName: textOrNull(PARTNER_HEADER_LENGTH),
    softwareVersion: textOrNull(PARTNER_HEADER_LENGTH),
  },
  { title: 'PartnerInfo', description: 'Logiciel du partenaire, d’après les en-têtes de la requête' },
);
export type PartnerInfo = Static<typeof PartnerInfo>;
