/** Cases of an agent's organisation: lists from the index, one case from the contract's own calls. */
import { call } from './call.ts';
import type { Case } from './types.ts';

export interface Listed {
  id: string;
  externalId: string;
  processCode: string;
  status: string;
  recipient: string;
  applicant: { firstName: string; lastName: string };
  receivedDateTime: string;
  updateDateTime: string | null;
  unread: boolean;
}

export interface Page {
  items: Listed[];
  total: number;
  /** the index had not caught up when the list was read */
  partial: boolean;
}

export const readCase = (token: string, id: string): Promise<Case> =>
  call<Case>(`/teledossiers/v1/cases/${encodeURIComponent(id)}`, { token });

export const listCases = (token: string, query: URLSearchParams): Promise<Page> =>
  call<Page>(`/relais/v1/cases?${query}`, { token });

export interface Counters {
  byStatus: Record<string, number>;
  unread: number;
}

export const countCases = (token: string): Promise<Counters> => call<Counters>('/relais/v1/cases/counters', { token });

export interface Neighbours {
  previous: string | null;
  next: string | null;
  position: number;
  total: number;
}

export const neighboursOf = (token: string, id: string, query: URLSearchParams): Promise<Neighbours> =>
  call<Neighbours>(`/relais/v1/cases/${encodeURIComponent(id)}/neighbours?${query}`, { token });
