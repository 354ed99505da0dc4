/** Cases of an agent's organisation: lists from the index, one case from the contract's own calls. */
import { call, open } from './call.ts';
import type { Case, Identity } from './types.ts';

export const VIEWS = ['waiting', 'progress', 'awaiting', 'overdue', 'done', 'all'] as const;
export type View = (typeof VIEWS)[number];

export interface Listed {
  caseId: string;
  externalId: string;
  processCode: string;
  status: string;
  applicant: { firstName: string; lastName: string };
  recipient: Identity;
  attachments: number;
  received: string;
  deadline: string | null;
  updated: string;
  unread: boolean;
  assignee: { id: string; name: string } | null;
  pending: { status: string; due: string } | null;
}

export interface Page {
  items: Listed[];
  next: string | null;
  total: { count: number; exact: boolean };
  /** the index had not caught up when the list was read */
  late: boolean;
}

export interface Counters {
  views: Record<View, number>;
  unread: number;
  processes: { processCode: string; views: Record<View, number>; unread: number }[];
  late: boolean;
}

export async function readCase(token: string, id: string): Promise<Case> {
  const answer = await open(`/teledossiers/v1/cases/${encodeURIComponent(id)}`, { token });
  const version = (answer.headers.get('etag') ?? '').replace(/^(?:W\/)?"|"$/g, '');
  return { ...((await answer.json()) as Omit<Case, 'version'>), version };
}

export const listCases = (token: string, query: URLSearchParams): Promise<Page> =>
  call<Page>(`/relais/v1/cases?${query}`, { token });

export const countCases = (token: string): Promise<Counters> => call<Counters>('/relais/v1/cases/counters', { token });

export const neighboursOf = (
  token: string,
  id: string,
  query: URLSearchParams,
): Promise<{ previous: string | null; next: string | null }> =>
  call(`/relais/v1/cases/${encodeURIComponent(id)}/neighbours?${query}`, { token });
