/** When agents are away, and who has their cases meanwhile. */
import { call } from './call.ts';

export interface Stretch {
  /** days: `2026-12-24` */
  from: string;
  to: string;
  substituteId: string;
}

export interface Absence extends Stretch {
  byId: string;
}

const of = (id: string): string => `/relais/v1/agents/${encodeURIComponent(id)}/absence`;

/** @throws HubProblem form-invalid */
export const putAbsence = (token: string, id: string, absence: Stretch): Promise<Absence> =>
  call(of(id), { token, method: 'PUT', body: absence });

export const endAbsence = (token: string, id: string): Promise<void> => call(of(id), { token, method: 'DELETE' });
