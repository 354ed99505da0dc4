/** The identity provider, as ProConnect wants to be spoken to: PKCE, state, nonce, acr asked as a claim, signed userinfo. */
import * as oidc from 'openid-client';
import { settings } from '#lib/server/settings.ts';

/** Levels that do for agents, and those with a second factor (decision 020). */
const LEVELS = ['eidas1', 'eidas1-mfa', 'eidas2', 'eidas3'];
const STRONG = ['eidas1-mfa', 'eidas2', 'eidas3'];
const SCOPES = 'openid given_name usual_name email siret uid';

let known: Promise<oidc.Configuration> | undefined;

function provider(): Promise<oidc.Configuration> {
  known ??= discover().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

function discover(): Promise<oidc.Configuration> {
  const { issuer, clientId, clientSecret } = settings().oidc;
  const metadata = {
    client_secret: clientSecret,
    userinfo_signed_response_alg: 'RS256',
    id_token_signed_response_alg: 'RS256',
  };
  const execute = issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(issuer, clientId, metadata, oidc.ClientSecretPost(clientSecret), { execute, timeout: 10 });
}

/** What is kept between the way there and the way back. */
export interface Dance {
  state: string;
  nonce: string;
  verifier: string;
  /** page to come back to */
  back: string;
  strong: boolean;
}

const callback = (): string => `${settings().url.origin}/connexion/retour`;

export async function begin(back: string, strong: boolean): Promise<{ url: URL; dance: Dance }> {
  const config = await provider();
  const dance: Dance = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
    back,
    strong,
  };
  const claims = { id_token: { acr: { essential: true, values: strong ? STRONG : LEVELS }, amr: null } };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callback(),
    scope: SCOPES,
    state: dance.state,
    nonce: dance.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(dance.verifier),
    code_challenge_method: 'S256',
    claims: JSON.stringify(claims),
    ...(strong && { prompt: 'login' }),
  });
  return { url, dance };
}

/** Both texts the provider signed. @throws when the way back is not that of this dance */
export async function finish(url: URL, dance: Dance): Promise<{ idToken: string; userinfo: string }> {
  const config = await provider();
  const current = new URL(`${callback()}${url.search}`);
  const tokens = await oidc.authorizationCodeGrant(config, current, {
    pkceCodeVerifier: dance.verifier,
    expectedState: dance.state,
    expectedNonce: dance.nonce,
    idTokenExpected: true,
  });
  const endpoint = config.serverMetadata().userinfo_endpoint;
  if (!endpoint || !tokens.id_token) throw new Error('the provider gives no userinfo');
  const answer = await oidc.fetchProtectedResource(config, tokens.access_token, new URL(endpoint), 'GET');
  if (!answer.ok) throw new Error(`userinfo answered ${answer.status}`);
  return { idToken: tokens.id_token, userinfo: (await answer.text()).trim() };
}

/** Where the browser ends the provider's own session. */
export async function endUrl(idToken: string | undefined): Promise<URL> {
  const config = await provider();
  return oidc.buildEndSessionUrl(config, {
    post_logout_redirect_uri: `${settings().url.origin}/deconnexion/faite`,
    ...(idToken && { id_token_hint: idToken }),
  });
}

export const issuerOrigin = (): string => settings().oidc.issuer.origin;
