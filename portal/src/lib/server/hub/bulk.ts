/** Jobs on many cases (native API). */
import type { Group, Planned } from '#lib/bulk.ts';
import { call } from './call.ts';

export const RESULTS = ['waiting', 'done', 'excluded', 'moved', 'refused', 'undone', 'left'] as const;
export type Result = (typeof RESULTS)[number];

export interface Started {
  /** null: a preview */
  id: string | null;
  total: number;
  excluded: number;
  groups: Group[];
}

export interface Asked {
  /** absent: all of the filter */
  cases?: string[];
  plan?: Planned[];
  message?: string;
  undoSeconds?: number;
  assign?: string | null;
}

export interface Job {
  id: string;
  state: 'running' | 'done' | 'undoing' | 'undone';
  asked: string;
  undoUntil: string | null;
  total: number;
  counts: Record<Result, number>;
  lines: {
    number: number;
    caseId: string;
    externalId: string;
    applicant: string;
    processCode: string;
    status: string;
    result: Result;
  }[];
  next: number | null;
}

const PATH = '/relais/v1/bulk';

export const startBulk = (token: string, filter: URLSearchParams, asked: Asked, preview: boolean): Promise<Started> =>
  call<Started>(`${PATH}?${filter}`, { token, method: 'POST', body: { ...asked, ...(preview && { preview }) } });

export const readBulk = (token: string, id: string, query: URLSearchParams): Promise<Job> =>
  call<Job>(`${PATH}/${encodeURIComponent(id)}?${query}`, { token });

export const undoBulk = (token: string, id: string): Promise<void> =>
  call(`${PATH}/${encodeURIComponent(id)}`, { token, method: 'DELETE' });
