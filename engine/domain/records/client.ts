import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';

/** Contract §1. */
export type Scope = 'OSL' | 'SI' | 'ADMIN' | 'DATAPASS';

/** Credentials of a partner's software. Secrets are kept as keyed SHA-256 (base64url), never in clear. */
export interface ClientState {
  clientId: string;
  scope: Scope;
  organization: OrgKey;
  /** SI only: the one subscription the credentials are for (contract §1) */
  subscription: Id | null;
  secret: string;
  /** the secret before the last rotation, valid until `previousUntil` (ms) */
  previousSecret: string | null;
  previousUntil: number | null;
  /** tokens issued before this time (ms) are refused: set by a revocation */
  revoked: number | null;
  created: number;
  rotated: number | null;
}
