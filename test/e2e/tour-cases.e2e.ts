/** Cases, organisations and full lists in every state and role: `./hub test e2e/tour-cases`. */
import { describe } from 'node:test';
import { caseScenes, fullScenes, organisationScenes } from './tour/table.ts';
import { tour } from './tour/tour.ts';

describe('every page × state × role: cases, organisation', () => {
  tour([...caseScenes, ...organisationScenes, ...fullScenes]);
});
