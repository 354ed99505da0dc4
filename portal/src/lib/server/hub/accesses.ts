/** Who read a case: told by the hub to administrators of its organisation only. */
import { call } from './call.ts';
import type { Identity } from './types.ts';

interface Access {
  dateTime: string;
  kind: 'case' | 'event' | 'file' | 'list' | 'export';
  agentId: string;
  /** null: no longer known */
  agent: string | null;
  organization: Identity | null;
  partId: string | null;
}

export interface Accesses {
  items: Access[];
  /** older ones are asked for before this time */
  next: string | null;
}

export const readAccesses = (token: string, id: string, before: string | null, limit: number): Promise<Accesses> => {
  const query = new URLSearchParams({ limit: String(limit), ...(before !== null && { before }) });
  return call(`/relais/v1/cases/${encodeURIComponent(id)}/accesses?${query}`, { token });
};
