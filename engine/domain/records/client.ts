import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';

/** What a caller acts as. Contract §1. */
export type Role = 'OSL' | 'SI' | 'ADMIN' | 'DATAPASS';

/**
 * What a token is for: a role; PARTNER, which acts as OSL or as SI, by the type of its organisation; PORTAL, which only
 * signs agents in; AGENT, one of those at work, acting as SI. No credentials are of scope AGENT.
 */
export type Scope = Role | 'PARTNER' | 'PORTAL' | 'AGENT';

/** What a PARTNER may do of its démarches; the two are given apart. */
export const RIGHTS = ['read', 'write'] as const;
export type Right = (typeof RIGHTS)[number];

/** PARTNER only: the démarches it is confined to, and what it may do of them. */
export interface Partnership {
  processes: readonly string[];
  rights: readonly Right[];
}

/** Credentials of a partner's software. Secrets are kept as keyed SHA-256 (base64url), never in clear. */
export interface ClientState {
  clientId: string;
  scope: Scope;
  /** '' for PORTAL: the agents have one, it has none */
  organization: OrgKey;
  /** SI only: the one subscription the credentials are for (contract §1) */
  subscription: Id | null;
  /** PARTNER only */
  partner: Partnership | null;
  secret: string;
  /** the secret before the last rotation, valid until `previousUntil` (ms) */
  previousSecret: string | null;
  previousUntil: number | null;
  /** tokens issued before this time (ms) are refused: set by a revocation */
  revoked: number | null;
  created: number;
  rotated: number | null;
}
