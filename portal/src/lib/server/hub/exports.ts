/** Lists as files (native API). */
import { call, open } from './call.ts';

export const FORMATS = ['ods', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export interface Export {
  id: string;
  format: Format;
  state: 'waiting' | 'running' | 'done' | 'failed';
  filter: string;
  asked: string;
  expires: string;
  /** null: software asked for it */
  by: string | null;
  rows: number;
  bytes: number;
  asOf: string | null;
  late: boolean;
}

const PATH = '/relais/v1/exports';
const FILE_MS = 600_000;
const of = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

/** Answered once it is made, or after two seconds. */
export const startExport = (token: string, filter: URLSearchParams, format: Format): Promise<Export> =>
  call<Export>(`${PATH}?${filter}`, { token, method: 'POST', body: { format } });

export const listExports = async (token: string): Promise<Export[]> =>
  (await call<{ items: Export[] }>(PATH, { token })).items;

export const readExport = (token: string, id: string): Promise<Export> => call<Export>(of(id), { token });

/** The hub's own answer: with its range, it goes on to the browser as it is. */
export const openExport = (token: string, id: string, headers: Record<string, string>): Promise<Response> =>
  open(`${of(id)}/file`, { token, headers, signal: AbortSignal.timeout(FILE_MS) });
