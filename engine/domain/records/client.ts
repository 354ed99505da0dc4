import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';

/** What a caller acts as. Contract §1. */
export type Role = 'OSL' | 'SI' | 'ADMIN' | 'DATAPASS';

/** What credentials are for: a role, or PARTNER, which acts as OSL or as SI, by the type of its organisation. */
export type Scope = Role | 'PARTNER';

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
