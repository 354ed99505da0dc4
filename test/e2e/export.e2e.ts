/** Lists as files, slips, saved views, in a browser: `./hub test e2e/export`. */
import { after, before, describe } from 'node:test';
import { exportTests, keyboardTaskTest, taskTest } from './exports.ts';
import { openStage, type Stage } from './stage.ts';
import { exportPageTests, viewTests } from './views.ts';

let opened: Stage;
const stage = () => opened;
before(async () => {
  opened = await openStage();
});
after(() => opened?.stop());

describe('task 11 by mouse', () => taskTest(stage, true));
describe('task 11 by keyboard alone', () => keyboardTaskTest(stage));
describe('task 11 without JavaScript', () => taskTest(stage, false));
describe('exports without JavaScript', () => exportTests(stage, false));
describe('exports with JavaScript', () => exportTests(stage, true));
describe('views without JavaScript', () => viewTests(stage, false));
describe('views with JavaScript', () => viewTests(stage, true));
describe('pages of exports and views', () => exportPageTests(stage));
