/** The way through the portal that every run of the tests takes; `./hub test e2e` goes everywhere. */
import { after, before, describe } from 'node:test';
import { acknowledgementTest } from './core.ts';
import { openStage, type Stage } from './stage.ts';

let opened: Stage;
const stage = () => opened;
before(async () => {
  opened = await openStage();
});
after(() => opened?.stop());

describe('an agent without JavaScript', () => acknowledgementTest(stage, false));
