import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';
import type { AgentRole } from '../records/agent.ts';

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
  | { kind: 'agent.suspend'; agent: Id; suspended: boolean };
