/**
 * A real OpenID Connect provider on this machine (oidc-provider), in ProConnect's place: PKCE, acr asked as a claim, userinfo
 * as a signed JWT. For the demo and the tests; nothing of it is part of the product.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { type Configuration, errors, Provider } from 'oidc-provider';
import type { Account } from './account.ts';
import { accountsPage, logoutPage, plainPage, secondFactorPage } from './pages.ts';

const LEVELS = ['eidas1', 'eidas1-mfa', 'eidas2', 'eidas3'];
const FORM_BYTES = 4_096;

export interface LocalProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  stop(): Promise<void>;
}

export interface Setting {
  accounts: readonly Account[];
  /** where the portal is */
  portalUrl: string;
  /** 0 for a free one */
  port: number;
}

export async function startProvider({ accounts, portalUrl, port }: Setting): Promise<LocalProvider> {
  const clientId = 'portail-de-demonstration';
  const clientSecret = randomBytes(32).toString('base64url');
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = await makeProvider(issuer, accounts, {
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [`${portalUrl}/connexion/retour`],
    post_logout_redirect_uris: [`${portalUrl}/deconnexion/faite`],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_post',
    id_token_signed_response_alg: 'RS256',
    userinfo_signed_response_alg: 'RS256',
  });
  const rest = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return rest(request, response);
    interact(provider, accounts, request, response).catch((error: unknown) => {
      const over = error instanceof errors.SessionNotFound;
      html(
        response,
        over ? 400 : 500,
        plainPage('Identification interrompue', over ? 'Recommencez depuis le portail.' : String(error)),
      );
    });
  });
  return { issuer, clientId, clientSecret, stop: () => close(server) };
}

async function makeProvider(
  issuer: string,
  accounts: readonly Account[],
  client: NonNullable<Configuration['clients']>[number],
): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const scopes = { given_name: ['given_name'], usual_name: ['usual_name'], siret: ['siret'], uid: ['uid'] };
  const quiet = console.warn;
  // It warns that its memory is not for production: neither is this.
  console.warn = () => undefined;
  const provider = new Provider(issuer, {
    clients: [client],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    acrValues: LEVELS,
    scopes: ['openid', 'email', ...Object.keys(scopes)],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], ...scopes, acr: null, amr: null, auth_time: null },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      jwtUserinfo: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = logoutPage(form);
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = plainPage('Session fermée', 'Vous pouvez fermer cette page.');
        },
      },
    },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    renderError: (ctx, { error, error_description: text }) => {
      ctx.type = 'html';
      ctx.body = plainPage('Identification impossible', `${error} ${text ?? ''}`);
    },
    ttl: { Interaction: 600, Session: 12 * 3600, Grant: 12 * 3600, IdToken: 3600, AccessToken: 600 },
    findAccount: (_, id) => {
      const account = accounts.find((one) => one.id === id);
      return account && { accountId: id, claims: () => claimsOf(account) };
    },
    // No page of consent: the portal is the only client.
    async loadExistingGrant(ctx) {
      const { client: known, session } = ctx.oidc;
      const grant = new provider.Grant({ clientId: known!.clientId, accountId: session!.accountId! });
      grant.addOIDCScope(['openid', 'email', ...Object.keys(scopes)].join(' '));
      grant.addOIDCClaims(['acr', 'amr']);
      await grant.save();
      return grant;
    },
  });
  console.warn = quiet;
  provider.on('server_error', (_, error) => console.error(error));
  return provider;
}

function claimsOf({ id, email, givenName, familyName, siret, isEmailVerified }: Account) {
  return {
    sub: id,
    uid: id,
    email,
    email_verified: isEmailVerified,
    given_name: givenName,
    usual_name: familyName,
    ...(siret !== null && { siret }),
  };
}

async function interact(
  provider: Provider,
  accounts: readonly Account[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { uid, params } = await provider.interactionDetails(request, response);
  const here = `/interaction/${uid}`;
  if (request.method !== 'POST') return html(response, 200, accountsPage(here, accounts, `${here}?annuler=1`));
  if (request.url?.endsWith('?annuler=1')) {
    const refused = { error: 'access_denied', error_description: 'cancelled' };
    return provider.interactionFinished(request, response, refused, { mergeWithLastSubmission: false });
  }
  const form = new URLSearchParams(await bodyOf(request));
  const account = accounts.find(({ id }) => id === form.get('compte'));
  if (!account) return html(response, 400, accountsPage(here, accounts, `${here}?annuler=1`));
  const strong = isStrongAsked(params['claims']);
  if (strong && account.hasSecondFactor && !form.has('facteur'))
    return html(response, 200, secondFactorPage(here, account));
  if (strong && !account.hasSecondFactor) {
    const refused = { error: 'unmet_authentication_requirements', error_description: 'no second factor' };
    return provider.interactionFinished(request, response, refused, { mergeWithLastSubmission: false });
  }
  const mfa = strong;
  const login = { accountId: account.id, acr: mfa ? 'eidas1-mfa' : 'eidas1', amr: mfa ? ['pwd', 'mfa'] : ['pwd'] };
  return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
}

/** Whether the plain level would not do. */
function isStrongAsked(claims: unknown): boolean {
  if (typeof claims !== 'string') return false;
  const { id_token: asked } = JSON.parse(claims) as { id_token?: { acr?: { values?: string[] } } };
  return !(asked?.acr?.values?.includes('eidas1') ?? true);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > FORM_BYTES) throw new Error('too long');
  }
  return text;
}

function html(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }).end(body);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
