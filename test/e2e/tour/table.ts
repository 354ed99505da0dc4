/** Every page × state × role: what the tours go through. A page that is in no row fails them. */
import * as added from './added.ts';
import * as cases from './case.ts';
import * as lists from './lists.ts';
import * as organisation from './organisation.ts';
import * as everybody from './public.ts';
import type { Scene } from './scene.ts';

/** The first of each route is weighed, and whatever asks for it. */
const weighed = (all: readonly Scene[]): readonly Scene[] =>
  all.map((scene, at) =>
    all.findIndex(({ route }) => route === scene.route) === at ? { ...scene, weighed: true } : scene,
  );

export const publicScenes = weighed(everybody.publicScenes);
export const listScenes = weighed(lists.listScenes);
export const caseScenes = weighed(cases.caseScenes);
export const organisationScenes = weighed(organisation.organisationScenes);
export const addedScenes = weighed(added.addedScenes);
/** After all others: whatever lists come later are full too. */
export const fullScenes = lists.fullScenes;

export const scenes: readonly Scene[] = [
  ...publicScenes,
  ...listScenes,
  ...addedScenes,
  ...caseScenes,
  ...organisationScenes,
  ...fullScenes,
];
