import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';
import type { Absence } from '../records/absence.ts';
import type { AgentRole, Notice } from '../records/agent.ts';
import type { Passkey } from '../records/passkey.ts';

/** What is done to agents, in the referential's partition. Answers: 201 or 200 with the agent. */
export type AgentCommand =
  | {
      kind: 'agent.invite';
      email: string;
      org: OrgKey;
      role: AgentRole;
      /** null: all of the organisation's */
      processes: readonly string[] | null;
      givenName: string | null;
      familyName: string | null;
      quality: string | null;
      service: string | null;
      /** tells the person by e-mail; absent: nobody has to be told */
      isTold?: true;
      /** where its organisation has passkeys: the way to make the first one, in that e-mail */
      link?: EnrolmentLink;
    }
  /** what a verified sign-in said; 409 when the agent is bound to another account */
  | { kind: 'agent.sign'; agent: Id; subject: string; givenName: string | null; familyName: string | null }
  | {
      kind: 'agent.update';
      agent: Id;
      /** whose place `role` and `processes` are; null: neither changes */
      org: OrgKey | null;
      role?: AgentRole;
      processes?: readonly string[] | null;
      quality?: string | null;
      service?: string | null;
      national?: boolean;
    }
  | { kind: 'agent.withdraw'; agent: Id; org: OrgKey }
  | { kind: 'agent.suspend'; agent: Id; suspended: boolean }
  /** where its organisation has passkeys: those there are end, and an e-mail leads to the next one */
  | { kind: 'agent.enrol'; agent: Id; org: OrgKey; link: EnrolmentLink }
  /** `enrolment`: hash of the invitation it is made by, which is used up; null: its owner is signed in */
  | { kind: 'agent.passkey.add'; agent: Id; passkey: Omit<Passkey, 'created' | 'used'>; enrolment: string | null }
  | { kind: 'agent.passkey.rename'; agent: Id; passkey: string; name: string }
  | { kind: 'agent.passkey.remove'; agent: Id; passkey: string }
  /** a verified signature; 409 when its counter says that there are two of this authenticator */
  | { kind: 'agent.passkey.use'; agent: Id; passkey: string; counter: number; synced: boolean }
  /** null: back, or not away after all */
  | { kind: 'agent.absence'; agent: Id; org: OrgKey; absence: Absence | null }
  /** all of an agent's wishes; those left out are none */
  | { kind: 'agent.notices'; agent: Id; notices: readonly Notice[] }
  /**
   * An e-mail of what waits. Sent once: `after` is the mark the sender saw, and another one's e-mail was quicker if it is
   * not the agent's any more. Answered 200 either way.
   */
  | {
      kind: 'agent.tell';
      agent: Id;
      digest: boolean;
      after: number | null;
      upTo: number;
      waiting: readonly Waiting[];
    };

/** What an e-mail leads to: its secret is readable by who has the hub's key only, and known here by its hash. */
export interface EnrolmentLink {
  hash: string;
  sealed: string;
}

/** How many cases of a démarche wait; nothing else of them is written in an e-mail. */
export interface Waiting {
  process: string;
  cases: number;
}
