import type { ClientState } from '#engine/domain/records/client.ts';
import type { Secrets } from './secrets.ts';

/** Least length of the configured secret, characters: 24 of base64 are 144 bits. */
const MIN_SECRET = 24;

/** Identity of the first administrator: the platform's own, DINUM (contract §5.1, type `Admin`). */
const PLATFORM = 'Admin-13002526500013-00000';

/** What RFC 7617 can carry: ASCII without control characters or `:` (contract §3). */
const CLIENT_ID = /^[!-9;-~]{1,100}$/;

/** The first ADMIN client, which comes from the configuration and makes the others. @throws Error when it is unsafe */
export function adminClient(clientId: string, clientSecret: string, secrets: Secrets): ClientState {
  if (!CLIENT_ID.test(clientId)) {
    throw new Error('HUB_ADMIN_CLIENT_ID must be 1 to 100 ASCII characters without space or colon');
  }
  if (clientSecret.length < MIN_SECRET) {
    throw new Error(`HUB_ADMIN_CLIENT_SECRET must have at least ${MIN_SECRET} characters`);
  }
  return {
    clientId,
    scope: 'ADMIN',
    organization: PLATFORM,
    subscription: null,
    partner: null,
    secret: secrets.hash(clientId, clientSecret),
    previousSecret: null,
    previousUntil: null,
    revoked: null,
    created: 0,
    rotated: null,
  };
}
