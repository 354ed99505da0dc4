import { type Static, Type } from 'typebox';
import type { OrganizationState } from '#engine/domain/records/organization.ts';
import { dateText } from './dates.ts';
import { dateTime, emailOrNull, matchingOrNull, optional, text, textOrNull } from './fields.ts';
import { Identity } from './identity.ts';

/** Contract §5.9. */
export const PHONE = '^\\+[0-9]{10,20}$|^[0-9]{10,20}$';

const described = {
  ...Identity.properties,
  name: text(100),
  postalCode: text(100),
  territory: text(255),
  email: emailOrNull(),
  status: text(20),
};
const spare = { code: textOrNull(10), country: textOrNull(100), phoneNumber: matchingOrNull(PHONE, 21) };

/** Contract §5.9, as sent: `email` may be null, but must be there. */
export const NewOrganization = Type.Object(
  {
    ...described,
    code: optional(spare.code),
    country: optional(spare.country),
    phoneNumber: optional(spare.phoneNumber),
  },
  { title: 'NewOrganization', description: 'Organisation à créer ou à remplacer' },
);
export type NewOrganization = Static<typeof NewOrganization>;

/** Contract §5.9, as answered. */
export const Organization = Type.Object(
  { ...described, ...spare, createDateTime: dateTime(), updateDateTime: dateTime() },
  { title: 'Organization', description: 'Organisation' },
);
export type Organization = Static<typeof Organization>;

export const organizationAnswer = (state: OrganizationState): Organization => ({
  type: state.type,
  companyRegister: state.companyRegister,
  branchCode: state.branchCode,
  name: state.name,
  code: state.code,
  country: state.country,
  postalCode: state.postalCode,
  territory: state.territory,
  email: state.email,
  phoneNumber: state.phoneNumber,
  status: state.status,
  createDateTime: dateText(state.created),
  updateDateTime: dateText(state.updated ?? state.created),
});

/** What a body asks for, without what else it holds (contract §2: unknown and read-only members are ignored). */
export const organizationAsked = (body: NewOrganization): Omit<OrganizationState, 'created' | 'updated'> => ({
  type: body.type,
  companyRegister: body.companyRegister,
  branchCode: body.branchCode,
  name: body.name,
  code: body.code ?? null,
  country: body.country ?? null,
  postalCode: body.postalCode,
  territory: body.territory,
  email: body.email,
  phoneNumber: body.phoneNumber ?? null,
  status: body.status,
});
