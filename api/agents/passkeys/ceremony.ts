import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { Problem } from '#api/server/problems.ts';
import type { AgentState } from '#engine/domain/records/agent.ts';
import { nameOf } from '#engine/domain/records/agent.ts';
import type { Passkey } from '#engine/domain/records/passkey.ts';
import { CHALLENGE_MS } from './challenges.ts';

/** Loaded by the first passkey: 37 MB and half a second of processor, which most processes never need. */
const library = () => import('@simplewebauthn/server');

/** What a browser knows this portal by: its host name, and the whole address of its pages. */
export interface Site {
  id: string;
  origin: string;
}

/** @throws Problem sign-in-unconfigured: nobody could say where passkeys are good */
export function siteOf(portalUrl: string): Site {
  if (portalUrl === '')
    throw new Problem('sign-in-unconfigured', 'Clés d’accès : donner HUB_PORTAL_URL à la plateforme.');
  const { hostname, origin } = new URL(portalUrl);
  return { id: hostname, origin };
}

const SITE_NAME = 'Relais';
/** COSE: ES256, EdDSA, RS256: what authenticators have (WebAuthn §5.4). */
const ALGORITHMS = [-7, -8, -257];

/** What an authenticator is to make: found without a name (discoverable), and only for a verified owner. */
export async function creationOptions(
  site: Site,
  agent: AgentState,
  challenge: Buffer,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await library();
  return generateRegistrationOptions({
    rpName: SITE_NAME,
    rpID: site.id,
    userID: new Uint8Array(Buffer.from(agent.id)),
    userName: agent.email,
    userDisplayName: nameOf(agent) || agent.email,
    challenge: new Uint8Array(challenge),
    timeout: CHALLENGE_MS,
    attestationType: 'none',
    excludeCredentials: agent.passkeys.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS,
  });
}

/** No credential is named: the authenticator shows those it has. */
export async function requestOptions(site: Site, challenge: Buffer): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await library();
  return generateAuthenticationOptions({
    rpID: site.id,
    challenge: new Uint8Array(challenge),
    timeout: CHALLENGE_MS,
    userVerification: 'required',
  });
}

type Check = (challenge: string) => boolean | Promise<boolean>;

/** The passkey an authenticator made. @throws Problem passkey-invalid */
export async function madePasskey(
  site: Site,
  response: unknown,
  isGood: Check,
): Promise<Omit<Passkey, 'name' | 'created' | 'used'>> {
  const { verified, registrationInfo: info } = await tried(async () =>
    (await library()).verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: isGood,
      expectedOrigin: site.origin,
      expectedRPID: site.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  );
  if (!verified) throw new Problem('passkey-invalid');
  const { id, publicKey, counter, transports = [] } = info.credential;
  const key = Buffer.from(publicKey).toString('base64url');
  return { id, key, counter, transports: transports.slice(0, MOST_TRANSPORTS), synced: info.credentialBackedUp };
}
/** As many as there are kinds (WebAuthn §5.8.4). */
const MOST_TRANSPORTS = 7;

/** What a signature by this passkey says. @throws Problem passkey-invalid */
export async function usedPasskey(
  site: Site,
  passkey: Passkey,
  response: unknown,
  isGood: Check,
): Promise<{ counter: number; synced: boolean }> {
  const { verified, authenticationInfo: info } = await tried(async () =>
    (await library()).verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: isGood,
      expectedOrigin: site.origin,
      expectedRPID: site.id,
      requireUserVerification: true,
      // The counter is compared in the agent's own turn: here, two sign-ins at once would see the same one.
      credential: { id: passkey.id, publicKey: new Uint8Array(Buffer.from(passkey.key, 'base64url')), counter: 0 },
    }),
  );
  if (!verified) throw new Problem('passkey-invalid');
  return { counter: info.newCounter, synced: info.credentialBackedUp };
}

/** The library throws for whatever is wrong with a text: never a word of it in an answer. */
async function tried<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw Object.assign(new Problem('passkey-invalid'), { cause: error });
  }
}
