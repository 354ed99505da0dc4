/** The way through the portal that every run of the tests takes; `./hub test e2e` goes everywhere. */
import { after, before, describe } from 'node:test';
import { openPost, type Post } from './post.ts';
import { acknowledgeTask } from './tasks/decide.ts';
import { taskTests } from './tasks/task.ts';

let opened: Post;
const stage = () => opened;
before(async () => {
  opened = await openPost();
});
after(() => opened?.stop());

describe('an agent', () => taskTests(stage, [acknowledgeTask], []));
