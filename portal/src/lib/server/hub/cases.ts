/** Cases of an agent's organisation: lists from the index, one case from the contract's own calls. */
import { ask, askVersioned } from './together.ts';
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
  assignee: { id: string; name: string; replaced: { id: string | null; name: string; until: string } | null } | null;
  pending: { status: string; due: string } | null;
}

export interface Page {
  items: Listed[];
  next: string | null;
  total: { count: number; exact: boolean };
  /** the index had not caught up when the list was read */
  late: boolean;
  /** what was received before is in it; null: nothing yet */
  asOf: string | null;
}

export interface Counters {
  views: Record<View, number>;
  unread: number;
  /** open cases whose deadline is less than two days away */
  soon: number;
  processes: { processCode: string; views: Record<View, number>; unread: number }[];
  late: boolean;
}

export async function readCase(token: string, id: string): Promise<Case> {
  const { body, etag } = await askVersioned<Omit<Case, 'version'>>(`/teledossiers/v1/cases/${encodeURIComponent(id)}`, {
    token,
  });
  return { ...body, version: etag.replace(/^(?:W\/)?"|"$/g, '') };
}

export const listCases = (token: string, query: URLSearchParams): Promise<Page> =>
  ask<Page>(`/relais/v1/cases?${query}`, { token });

export const countList = (token: string, query: URLSearchParams): Promise<{ count: number; late: boolean }> =>
  ask(`/relais/v1/cases/count?${query}`, { token });

export const countCases = (token: string): Promise<Counters> => ask<Counters>('/relais/v1/cases/counters', { token });

export interface Neighbours {
  previous: string | null;
  next: string | null;
  /** the index had not caught up: there may be one where none is named */
  late: boolean;
}

export const neighboursOf = (token: string, id: string, query: URLSearchParams): Promise<Neighbours> =>
  ask(`/relais/v1/cases/${encodeURIComponent(id)}/neighbours?${query}`, { token });
