/** A page in one of its states, as somebody sees it. */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Page } from 'playwright-core';
import type { Folder } from '#ops/demo/wire.ts';
import { projectFolder } from '#ops/place.ts';
import type { Post } from '../post.ts';

/** Who looks: invented people of the demo, by what they may. */
export const PEOPLE = {
  anybody: null,
  agent: 'Benali-Exemple',
  'agent of one démarche': 'Moreau-Essai',
  'agent without quality': 'N’Diaye-Exemple',
  'agent of several towns': 'Perrin-Démo',
  'local administrator': 'Fontaine-Fictif',
  'technical delegate': 'Garnier-Fictif',
  'agent whose session ends': 'Faure-Imaginaire',
} as const;
export type Person = keyof typeof PEOPLE;

export interface Visit {
  stage: Post;
  page: Page;
  /** Opens a page of the portal. */
  go(path: string): Promise<void>;
  /** A new case of the first town; the same person and request each time. */
  fresh(code?: string): Promise<Folder>;
}

export interface Scene {
  /** of the tree of routes: `(agent)/dossiers`; 'error' for what no route answers */
  route: string;
  state: string;
  who: Person;
  /** Brings the page into that state. */
  show(visit: Visit): Promise<void>;
  /** its weight is told and bounded; of each route at least one */
  weighed?: true;
  /** what it says hangs on the moment, or on the scenes before: no snapshot is kept */
  passing?: true;
  /** the session does not survive it */
  ends?: true;
}

export const nameOf = ({ route, state, who }: Scene): string =>
  `${
    route
      .replaceAll(/\((?:agent|public)\)\/?/g, '')
      .replaceAll(/[[\]]/g, '')
      .replaceAll('/', '-') || 'racine'
  } ${state} ${who}`
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .replaceAll(/[^A-Za-z0-9-]+/g, '-')
    .toLowerCase();

/** Chooses « Toutes mes communes » first. */
export const everywhere = async ({ go, page }: Visit, path: string): Promise<void> => {
  await go('/accueil');
  await page.locator('.menu summary').click();
  await page.getByRole('button', { name: 'Toutes mes communes' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await go(path);
};

const ROUTES = join(projectFolder, 'portal/src/routes');

/** Routes that show a page. */
export function pages(): string[] {
  return readdirSync(ROUTES, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name === '+page.svelte')
    .map(({ parentPath }) => relative(ROUTES, parentPath))
    .sort();
}

/** Whether Kit's client brings it up to date: only a `+page.ts` says so. */
export const hydrates = (route: string): boolean => existsSync(join(ROUTES, route, '+page.ts'));
