import type { Scope } from '#engine/domain/records/client.ts';
import type { Access } from './auth.ts';
import { oauthFault } from './fault.ts';

/** Contract §3, PARTNER and PORTAL. */
const SCOPES: readonly string[] = ['OSL', 'SI', 'ADMIN', 'DATAPASS', 'PARTNER', 'PORTAL'] satisfies Scope[];

/** Longest client id repeated in an answer, characters. */
const MAX_ECHO = 255;

/** Characters of the hash of a wrong secret that tell it from others, 30 bits: of no use to find it. */
const GUESS_LENGTH = 5;

const BASIC = /^basic +([\w+/=-]+)$/i;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;

export interface TokenRequest {
  authorization: string;
  contentType: string;
  body: string;
  /** what counts as one client of the network: failures are counted by it */
  address: string;
}

/** An answer in the form of RFC 6749 §5, which is not the envelope of the rest of the API. */
export interface TokenReply {
  status: 200 | 400 | 401 | 429;
  text: string;
  /** s, with 429 */
  wait?: number;
}

type Parameters = (name: string) => string | undefined;

interface Credentials {
  id: string;
  secret: string;
}

/** The answer to a token request (contract §3): credentials first, then what is asked for. */
export function answerGrant(access: Access, request: TokenRequest): TokenReply {
  const parameters = readParameters(request);
  if (parameters === undefined) return fault('invalid_request', 'The request body is not a JSON object');
  const { id, secret } = basicOf(request.authorization) ?? {
    id: parameters('client_id') ?? '',
    secret: parameters('client_secret') ?? '',
  };
  const { throttle } = access;
  const now = access.now();
  const barred = throttle.barred(request.address, id, now);
  if (barred > 0) return slowDown(id, barred);
  const client = access.identify(id, secret);
  if (client === undefined) {
    const wait = throttle.failed(request.address, id, access.secrets.hash(id, secret).slice(0, GUESS_LENGTH), now);
    if (wait > 0) return slowDown(id, wait);
    const description = JSON.stringify(`A valid OAuth client could not be found for client_id: ${echo(id)}`);
    return { status: 401, text: `{"error_description":${description},"error":"invalid_client"}` };
  }
  throttle.succeeded(request.address, id);
  const type = parameters('grant_type');
  if (type !== 'client_credentials') {
    return fault('unsupported_grant_type', 'The only grant_type of this server is client_credentials');
  }
  const scope = parameters('scope');
  if (scope === undefined || !SCOPES.includes(scope)) {
    return fault('invalid_scope', `The scope must be one of ${SCOPES.join(', ')}`);
  }
  const granted = access.grant(client, scope as Scope, secret);
  if (granted === undefined) return fault('invalid_scope', `The scope ${scope} is not that of this client`);
  return {
    status: 200,
    text: `{"access_token":"${granted.token}","scope":"${scope}","token_type":"Bearer","expires_in":${granted.seconds}}`,
  };
}

const echo = (id: string): string => (id.length > MAX_ECHO ? `${id.slice(0, MAX_ECHO)}…` : id);

/** The error stays that of wrong credentials, which clients know (decision 007). */
function slowDown(id: string, wait: number): TokenReply {
  const error_description = `Too many failed requests for client_id: ${echo(id)}: repeat after the delay given in Retry-After`;
  return { status: 429, text: JSON.stringify({ error_description, error: 'invalid_client' }), wait };
}

const fault = (error: string, description: string): TokenReply => ({
  status: 400,
  text: oauthFault(error, description),
});

/** Credentials of a Basic header (RFC 7617), taken as they are: field clients do not percent-encode them. */
function basicOf(authorization: string): Credentials | undefined {
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? { id: text, secret: '' } : { id: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/** Members of a form, or of a JSON object; without a type it is a form (§16.13). undefined: JSON that is no object. */
function readParameters({ contentType, body }: TokenRequest): Parameters | undefined {
  if (!JSON_TYPE.test(contentType)) {
    const form = new URLSearchParams(body);
    return (name) => form.get(name) ?? undefined;
  }
  let members: unknown;
  try {
    members = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof members !== 'object' || members === null || Array.isArray(members)) return undefined;
  return (name) => {
    const value = Object.hasOwn(members, name) ? (members as Record<string, unknown>)[name] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
}
