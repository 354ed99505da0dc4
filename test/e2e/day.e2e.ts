/** An agent's day, hour by hour: what is due, what is new, several at once, words that cross. `./hub test e2e/day`. */
import { after, before, describe } from 'node:test';
import { crossingTests } from './crossing.ts';
import { dueTests } from './due.ts';
import { liveTests } from './live.ts';
import { selectionTests } from './selection.ts';
import { openStage, type Stage } from './stage.ts';

let opened: Stage;
const stage = () => opened;
before(async () => {
  opened = await openStage();
});
after(() => opened?.stop());

describe('what is due, without JavaScript', () => dueTests(stage, false));
describe('what is due, with JavaScript', () => dueTests(stage, true));
describe('several cases, without JavaScript', () => selectionTests(stage, false));
describe('several cases, with JavaScript', () => selectionTests(stage, true));
describe('words that cross, without JavaScript', () => crossingTests(stage, false));
describe('words that cross, with JavaScript', () => crossingTests(stage, true));
describe('what is new while nobody moves', () => liveTests(stage));
