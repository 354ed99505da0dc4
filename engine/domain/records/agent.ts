import { hash } from 'node:crypto';
import { type Id, idOfHash, KIND } from '../ids.ts';
import type { OrgKey } from '../organization.ts';
import { REFERENTIAL } from '../placement.ts';
import type { Absence } from './absence.ts';
import type { Enrolment, Passkey } from './passkey.ts';

/** What an agent is in an organisation. Kept by place in stored texts: the list only grows at its end. */
export const AGENT_ROLES = ['administrator', 'delegate', 'agent'] as const;
export type AgentRole = (typeof AGENT_ROLES)[number];

/** An agent's place in one organisation: its role, and the démarches it is habilitated for. */
export interface Membership {
  org: OrgKey;
  role: AgentRole;
  /** null: all of the organisation's */
  processes: readonly string[] | null;
  /** ms */
  since: number;
  /** the one that is, or is to come; null: none, or one that is over */
  absence: Absence | null;
}

/** How often an agent is told of cases by e-mail. Kept by place in stored texts: the list only grows at its end. */
export const NOTICE_FREQUENCIES = ['each', 'digest'] as const;
export type NoticeFrequency = (typeof NOTICE_FREQUENCIES)[number];

/** An agent's wish for one démarche, in all of its organisations; without one it is told nothing. */
export interface Notice {
  process: string;
  frequency: NoticeFrequency;
}

/** A person who works in a browser for one or several organisations (decision 020). */
export interface AgentState {
  id: Id;
  /** lower case; one agent has one address, and an address one agent */
  email: string;
  /** who the provider says it is (OIDC `sub`), bound at the first sign-in; null before */
  subject: string | null;
  givenName: string | null;
  familyName: string | null;
  /** « adjointe au maire »: a decision names it (CRPA L. 212-1) */
  quality: string | null;
  service: string | null;
  memberships: readonly Membership[];
  /** of the platform itself: signs in with a higher level only */
  national: boolean;
  /** ms; null: not */
  suspended: number | null;
  notices: readonly Notice[];
  /** cases received up to then were told of one by one, ms; null: never asked for */
  toldUpTo: number | null;
  /** day of the last digest, ms; null: none was sent */
  digested: number | null;
  /** of organisations whose agents may sign in by them; of no use elsewhere */
  passkeys: readonly Passkey[];
  /** to make the next one without being signed in; null: none is open */
  enrolment: Enrolment | null;
  created: number;
  updated: number | null;
}

/** Who works for an organisation, in the order of their coming: `M<org>`. */
export interface StaffState {
  org: OrgKey;
  administrators: readonly Id[];
  others: readonly Id[];
}

/** The one form of an address that agents are known by. */
export const mailOfAgent = (email: string): string => email.trim().toLowerCase();

/** An address is one agent's: its id is made of it, so that no index is needed to keep it so. */
export const agentIdOf = (email: string): Id =>
  idOfHash(KIND.other, REFERENTIAL, hash('sha256', `agent ${mailOfAgent(email)}`, 'buffer'));

export const membershipOf = ({ memberships }: AgentState, org: OrgKey): Membership | undefined =>
  memberships.find((membership) => membership.org === org);

/** « Prénom Nom »; '' when neither is known. */
export const nameOf = ({ givenName, familyName }: AgentState): string =>
  [givenName, familyName].filter(Boolean).join(' ');

/** « Prénom Nom, qualité, service »; what is not known is left out. */
export const signatureOf = (state: AgentState): string =>
  [nameOf(state), state.quality, state.service].filter(Boolean).join(', ');
