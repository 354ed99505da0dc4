/** The portal in a browser: `./hub test e2e`. */
import { after, before, describe } from 'node:test';
import { coreTests } from './core.ts';
import { pageTests } from './pages.ts';
import { signInTests } from './signin.ts';
import { openStage, type Stage } from './stage.ts';

let opened: Stage;
const stage = () => opened;
before(async () => {
  opened = await openStage();
});
after(() => opened?.stop());

describe('an agent without JavaScript', () => coreTests(stage, false));
describe('an agent with JavaScript', () => coreTests(stage, true));
describe('signing in', () => signInTests(stage));
describe('what is sent', () => pageTests(stage));
