/** Several agents in browsers: `./hub test e2e`. */
import { after, before, describe } from 'node:test';
import { deskTests } from './desk.ts';
import { keyboardTests, manyTests } from './many.ts';
import { openStage, type Stage } from './stage.ts';

let opened: Stage;
const stage = () => opened;
before(async () => {
  opened = await openStage();
});
after(() => opened?.stop());

describe('agents without JavaScript', () => deskTests(stage, false));
describe('agents with JavaScript', () => deskTests(stage, true));
describe('many cases without JavaScript', () => manyTests(stage, false));
describe('many cases with JavaScript', () => manyTests(stage, true));
describe('the keyboard', () => keyboardTests(stage));
