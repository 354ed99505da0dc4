/** What the agents of an organisation share about a case (native API). */
import type { Absence } from './absences.ts';
import { call } from './call.ts';
import type { Organisation } from './sessions.ts';
import { ask } from './together.ts';
import { onVersion } from './version.ts';

export interface Person {
  id: string;
  name: string;
  author: string;
}

export interface Peer extends Person {
  role: Organisation['role'];
  /** null: all */
  processCodes: string[] | null;
  absence: Absence | null;
}

/** Who has the case of an agent who is away, and the last day of that. */
export interface Replaced {
  agent: Person | null;
  until: string;
}

export interface Pending {
  id: string;
  status: string;
  author: string | null;
  due: string;
}

export interface Desk {
  version: string;
  pending: Pending | null;
  /** null: the démarche has no delay */
  deadline: string | null;
  assignment: { agent: Person | null; replaced: Replaced | null; by: Person; at: string } | null;
  present: Person[];
}

const of = (id: string, what: string): string => `/relais/v1/cases/${encodeURIComponent(id)}/${what}`;

export const readDesk = (token: string, id: string): Promise<Desk> => ask<Desk>(of(id, 'desk'), { token });

/** Notes that the agent looks at it, and says what `readDesk` says. */
export const openDesk = (token: string, id: string): Promise<Desk> =>
  ask<Desk>(of(id, 'presence'), { token, method: 'PUT' });

export const assign = (token: string, id: string, agentId: string | null, from?: string | null): Promise<void> =>
  call(of(id, 'assignment'), { token, method: 'PUT', body: { agentId, ...(from !== undefined && { from }) } });

export const peers = (token: string): Promise<Peer[]> => ask<Peer[]>('/relais/v1/colleagues', { token });

export interface Decision {
  statuses: readonly string[];
  message: string;
  undoSeconds: number;
}

/** @param version of the case the agent saw @throws HubProblem 412 when it is another one now */
export const decide = (
  token: string,
  id: string,
  { statuses, message, undoSeconds }: Decision,
  version: string,
): Promise<{ id: string; due: string | null }> =>
  call(of(id, 'decisions'), {
    token,
    method: 'POST',
    headers: onVersion(version),
    body: { statuses, undoSeconds, ...(message && { message }) },
  });

/** @throws HubProblem 410 when it has left */
export const undo = (token: string, id: string, decision: string): Promise<void> =>
  call(of(id, `decisions/${encodeURIComponent(decision)}`), { token, method: 'DELETE' });
