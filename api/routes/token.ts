import { Type } from 'typebox';
import { oauthFault, withOAuthFaults } from '#api/auth/fault.ts';
import { answerGrant } from '#api/auth/grant.ts';
import { SCOPES } from '#api/schemas/client.ts';
import { oneOf, optional } from '#api/schemas/fields.ts';
import { clientKey } from '#api/server/address.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Handler, Route } from '#api/server/types.ts';
import { withPartner } from './partner.ts';

/** Both exist in the field (contract §3). */
const PATHS = ['/oauth2/token', '/token'] as const;

/** A grant type, a scope and credentials fit many times over. */
const MAX_BODY_BYTES = 8192;

/** RFC 6749 §5.1: a token is kept by nobody but who asked. */
const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const;
/** RFC 6749 §5.2: how to authenticate here. */
const CHALLENGE = { ...NO_STORE, 'WWW-Authenticate': 'Basic realm="hub"' } as const;

const TokenRequest = Type.Object(
  {
    grant_type: oneOf(['client_credentials']),
    scope: oneOf(SCOPES),
    client_id: optional(Type.String({ description: 'à défaut d’en-tête Basic' })),
    client_secret: optional(Type.String()),
  },
  { title: 'TokenRequest', description: 'Demande de jeton, en formulaire ou en JSON' },
);

const Token = Type.Object(
  {
    access_token: Type.String(),
    scope: oneOf(SCOPES),
    token_type: oneOf(['Bearer']),
    expires_in: Type.Integer({ description: 'secondes' }),
  },
  { title: 'Token', description: 'Jeton d’accès' },
);

/** Statuses of refusals in OAuth2's form. */
const FAULTS = [400, 401, 408, 413, 429, 503] as const;

const TokenFault = Type.Object(
  { error: Type.String(), error_description: Type.String() },
  { title: 'TokenError', description: 'Refus au format OAuth2' },
);

export function routes({ hub, auth, counts }: ApiDeps): Route[] {
  const handler: Handler = async (request) => {
    const body = await request.text();
    // a client made, rotated or revoked a moment ago must count
    await hub.referential.fresh();
    const authorization = request.header('authorization');
    const contentType = request.header('content-type');
    const address = clientKey(request.address);
    const { status, text, wait } = answerGrant(auth, { authorization, contentType, body, address });
    counts.traffic.token(status === 200);
    if (wait !== undefined) return { status, text, headers: { ...NO_STORE, 'Retry-After': String(wait) } };
    return { status, text, headers: status === 401 ? CHALLENGE : NO_STORE };
  };
  const table = PATHS.map(
    (path): Route => ({
      method: 'POST',
      path,
      scopes: 'public',
      body: 'text',
      maxBodyBytes: MAX_BODY_BYTES,
      headers: ['authorization', 'content-type'],
      address: true,
      summary: 'Donne un jeton d’accès (OAuth2, client credentials)',
      schemas: {
        body: TokenRequest,
        answers: Object.assign({ 200: Token }, ...FAULTS.map((status) => ({ [status]: TokenFault }))),
      },
      notAllowed: oauthFault('invalid_request', 'Method not allowed'),
      handler,
    }),
  );
  return withPartner(table).map((route) => ({ ...route, handler: withOAuthFaults(route.handler) }));
}
