/** Passkeys, which the API makes sure of: the portal carries what the browser and its authenticator say. */
import { call } from './call.ts';
import { asPortal, type Organisation } from './sessions.ts';

/** Options and answers of WebAuthn: between the API and the browser, as they are. */
export type WebAuthn = Record<string, unknown>;

export interface Invited {
  email: string;
  givenName: string | null;
  familyName: string | null;
  organizations: Organisation[];
  until: string;
  options: WebAuthn;
}

const PATH = '/relais/v1/passkeys';
const OWN = '/relais/v1/agent/passkeys';

/** @throws HubProblem invitation-gone and others */
export const lookAt = (invitation: string): Promise<Invited> => asPortal(`${PATH}/invitations`, { invitation });

/** The session's secret. @throws HubProblem */
export const makeFirst = (invitation: string, name: string, response: WebAuthn): Promise<{ session: string }> =>
  asPortal(PATH, { invitation, name, response });

export const challenge = (): Promise<{ options: WebAuthn }> => asPortal(`${PATH}/challenges`, undefined);

/** The session's secret. @param address whose browser it is: wrong signatures are counted by it @throws HubProblem */
export const openByPasskey = (response: WebAuthn, address: string): Promise<{ session: string }> =>
  asPortal('/relais/v1/sessions/passkey', { response, address });

export interface Passkey {
  id: string;
  name: string;
  synced: boolean;
  created: string;
  used: string | null;
  current: boolean;
}

export interface Passkeys {
  passkeys: Passkey[];
  mayAdd: boolean;
  removable: boolean;
}

const one = (id: string): string => `${OWN}/${encodeURIComponent(id)}`;

export const listPasskeys = (token: string): Promise<Passkeys> => call(OWN, { token });

export const beginPasskey = (token: string): Promise<{ options: WebAuthn }> =>
  call(`${OWN}/challenges`, { token, method: 'POST' });

export const addPasskey = (token: string, name: string, response: WebAuthn): Promise<Passkeys> =>
  call(OWN, { token, method: 'POST', body: { name, response } });

export const renamePasskey = (token: string, id: string, name: string): Promise<Passkeys> =>
  call(one(id), { token, method: 'PATCH', body: { name } });

/** @throws HubProblem last-passkey */
export const removePasskey = (token: string, id: string): Promise<Passkeys> =>
  call(one(id), { token, method: 'DELETE' });
