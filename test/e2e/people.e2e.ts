/** Passkeys, absences, templates, invitations from a file: `./hub test e2e/people`. */
import { after, before, describe } from 'node:test';
import { allowPasskeys, passkeyTests } from './passkeys.ts';
import { peopleTests } from './people.ts';
import { peoplePageTests } from './people-pages.ts';
import { openPost, type Post } from './post.ts';

let opened: Post;
const stage = () => opened;
before(async () => {
  opened = await openPost();
  await allowPasskeys(opened);
});
after(() => opened?.stop());

describe('signing in without ProConnect', () => passkeyTests(stage));
describe('absences, templates and files without JavaScript', () => peopleTests(stage, false));
describe('absences, templates and files with JavaScript', () => peopleTests(stage, true));
describe('pages about people', () => peoplePageTests(stage));
