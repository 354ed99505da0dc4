import type { Static } from 'typebox';
import { dateText } from '#api/schemas/dates.ts';
import type { Referential } from '#engine/client/referential.ts';
import { dayOf } from '#engine/domain/calendar.ts';
import { toUuid } from '#engine/domain/ids.ts';
import { orgOf } from '#engine/domain/organization.ts';
import type { Absence } from '#engine/domain/records/absence.ts';
import { type AgentState, type Membership, signatureOf } from '#engine/domain/records/agent.ts';
import type { OwnAbsence } from './absence-schema.ts';
import type { Account, Agent, AgentOrganization, Colleague } from './schema.ts';

/** Longest author of an event (contract §5.7), characters. */
const AUTHOR_LENGTH = 255;

/** Who an agent's events are by: its name, quality and service; its address when no name is known. */
export const authorOf = (state: AgentState): string => (signatureOf(state) || state.email).slice(0, AUTHOR_LENGTH);

const shown = ({ id, email, givenName, familyName, quality, service }: AgentState) => ({
  id: toUuid(id),
  email,
  givenName,
  familyName,
  quality,
  service,
});

export const agentAnswer = (state: AgentState): Static<typeof Agent> => ({
  ...shown(state),
  author: authorOf(state),
  national: state.national,
});

const codesOf = ({ processes }: Membership): string[] | null => processes && [...processes];

export const organizationAnswer = (
  referential: Pick<Referential, 'office' | 'organization'>,
  membership: Membership,
): Static<typeof AgentOrganization> => {
  const known = referential.organization(membership.org);
  return {
    ...orgOf(membership.org),
    name: known?.name ?? '',
    postalCode: known?.postalCode ?? '',
    email: known?.email ?? null,
    phoneNumber: known?.phoneNumber ?? null,
    role: membership.role,
    processCodes: codesOf(membership),
    passkeys: referential.office(membership.org)?.passkeys != null,
  };
};

/** Days in Paris, both of them away; null: none, or one that is over. @param now ms */
export const absenceAnswer = (absence: Absence | null, now: number): Static<typeof OwnAbsence> | null =>
  absence && now < absence.to
    ? {
        from: dayOf(absence.from),
        to: dayOf(absence.to - 1),
        substituteId: toUuid(absence.substitute),
        byId: toUuid(absence.by),
      }
    : null;

/** An agent, what it acts for, and what else it may act for. */
export const accountAnswer = (
  referential: Pick<Referential, 'office' | 'organization'>,
  state: AgentState,
  membership: Membership | null,
): Static<typeof Account> => ({
  agent: agentAnswer(state),
  organization: membership && orgOf(membership.org),
  role: membership?.role ?? null,
  processCodes: membership && codesOf(membership),
  organizations: state.memberships.map((one) => organizationAnswer(referential, one)),
});

/** @param now ms */
export const colleagueAnswer = (state: AgentState, membership: Membership, now: number): Static<typeof Colleague> => ({
  ...shown(state),
  role: membership.role,
  processCodes: codesOf(membership),
  since: dateText(membership.since),
  hasSignedIn: state.subject !== null || state.passkeys.length > 0,
  passkeys: state.passkeys.length,
  absence: absenceAnswer(membership.absence, now),
  suspended: state.suspended !== null,
  national: state.national,
});
