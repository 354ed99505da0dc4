/** Organisation, account, help: `./hub test e2e/organisation`. */
import { after, before, describe } from 'node:test';
import { accountTests, warningTests } from './account.ts';
import { demoTests } from './demo.ts';
import { organisationTests } from './organisation.ts';
import { openPost, type Post } from './post.ts';

let opened: Post;
const stage = () => opened;
before(async () => {
  opened = await openPost();
});
after(() => opened?.stop());

describe('an administrator without JavaScript', () => organisationTests(stage, false));
describe('an administrator with JavaScript', () => organisationTests(stage, true));
describe('an agent’s account without JavaScript', () => accountTests(stage, false));
describe('an agent’s account with JavaScript', () => accountTests(stage, true));
describe('the end of a session', () => warningTests(stage));
describe('the demonstration space', () => demoTests(stage));
