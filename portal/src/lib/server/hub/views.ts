/** Filters of the list that were given a name (native API). */
import { call } from './call.ts';
import { ask } from './together.ts';

export interface SavedView {
  slug: string;
  name: string;
  /** query of the list, as the hub is asked */
  filter: string;
  shared: boolean;
  by: string;
  changeable: boolean;
  /** the agent's list begins with it */
  first: boolean;
  total: { count: number; exact: boolean } | null;
}

const PATH = '/relais/v1/views';
const of = (slug: string): string => `${PATH}/${encodeURIComponent(slug)}`;

export const listViews = async (token: string, counts: boolean): Promise<SavedView[]> =>
  (await ask<{ items: SavedView[] }>(`${PATH}?counts=${counts}`, { token })).items;

export const saveView = (token: string, view: { name: string; filter: string; shared: boolean }): Promise<SavedView> =>
  call<SavedView>(PATH, { token, method: 'POST', body: view });

export const changeView = (
  token: string,
  slug: string,
  change: { name?: string; shared?: boolean; first?: boolean },
): Promise<SavedView> => call<SavedView>(of(slug), { token, method: 'PATCH', body: change });

export const removeView = (token: string, slug: string): Promise<void> => call(of(slug), { token, method: 'DELETE' });
