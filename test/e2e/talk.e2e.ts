/** What agents say of a case, in a browser. */
import { after, before, describe } from 'node:test';
import { spokenTests } from './spoken.ts';
import { openStage, type Stage } from './stage.ts';
import { talkTests } from './talk.ts';

let opened: Stage;
const stage = () => opened;
before(async () => {
  // Decisions leave at once: what they say is read by the sender. Those that wait are tested with the desk.
  opened = await openStage({ HUB_PORTAL_UNDO: '0' });
});
after(() => opened?.stop());

describe('an agent who speaks, without JavaScript', () => talkTests(stage, false));
describe('an agent who speaks, with JavaScript', () => talkTests(stage, true));
describe('what is said, on screen', () => spokenTests(stage));
