/** What agents say of a case, in a browser. */
import { after, before, describe } from 'node:test';
import { spokenTests } from './spoken.ts';
import { openStage, type Stage } from './stage.ts';
import { talkTests } from './talk.ts';

let opened: Stage;
const stage = () => opened;
before(async () => {
  opened = await openStage();
});
after(() => opened?.stop());

describe('an agent who speaks, without JavaScript', () => talkTests(stage, false));
describe('an agent who speaks, with JavaScript', () => talkTests(stage, true));
describe('what is said, on screen', () => spokenTests(stage));
