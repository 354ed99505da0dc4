/** Those who work for an organisation; for its administrators. */
import type { Absence } from './absences.ts';
import { call } from './call.ts';
import type { Organisation } from './sessions.ts';

export interface Colleague {
  id: string;
  email: string;
  givenName: string | null;
  familyName: string | null;
  quality: string | null;
  service: string | null;
  role: Organisation['role'];
  /** null: all of the organisation's */
  processCodes: string[] | null;
  since: string;
  hasSignedIn: boolean;
  suspended: boolean;
  /** how many */
  passkeys: number;
  absence: Absence | null;
}

/** Who is invited, as its administrator says; a provider says it better where there is one. */
export interface Named {
  givenName?: string;
  familyName?: string;
  quality?: string;
  service?: string;
}

export interface Rights {
  role: Colleague['role'];
  processCodes: string[] | null;
}

const PATH = '/relais/v1/agents';
const one = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

export const listStaff = (token: string): Promise<Colleague[]> => call(PATH, { token });

/** @throws HubProblem agent-exists, form-invalid */
export const inviteAgent = (token: string, email: string, rights: Rights, who: Named = {}): Promise<Colleague> =>
  call(PATH, { token, method: 'POST', body: { email, ...rights, ...who } });

/** A link to a new passkey; those there were open nothing more. @throws HubProblem too-many-requests */
export const inviteAgain = (token: string, id: string): Promise<Colleague> =>
  call(`${one(id)}/invitation`, { token, method: 'POST', body: {} });

/** @throws HubProblem last-administrator */
export const changeAgent = (token: string, id: string, rights: Rights): Promise<Colleague> =>
  call(one(id), { token, method: 'PATCH', body: rights });

/** @throws HubProblem last-administrator */
export const withdrawAgent = (token: string, id: string): Promise<void> => call(one(id), { token, method: 'DELETE' });
