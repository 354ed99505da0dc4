import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { LeaveLinks } from '#engine/client/leave.ts';
import { Seal } from '#engine/client/seal.ts';
import { fromUuid, type Id } from '#engine/domain/ids.ts';
import { openMailer } from '#engine/jobs/mail.ts';
import { type Mails, startMails } from '#test/contract/mails.ts';

const links = Seal.ofLinks(Buffer.alloc(32, 1));
const leaving = new LeaveLinks(Buffer.alloc(32, 1));
const ADA = fromUuid('01890a5d-ac96-7b06-8000-000000000000') as Id;
const DAY_MS = 86_400_000;
const PORTAL = 'https://portail.test';
const waiting = { to: 'ada@orly.test', digest: true, waiting: [{ name: 'Certificats de décès', cases: 2 }] };

let mails: Mails;
before(async () => {
  mails = await startMails();
});
after(() => mails.stop());

/** The message as it came. */
async function sent(mail: Parameters<ReturnType<typeof openMailer>['send']>[0], portalUrl?: string): Promise<string> {
  const portal =
    portalUrl === undefined
      ? undefined
      : {
          url: portalUrl,
          open: (sealed: string) => links.open(sealed).toString(),
          leave: (agent: Id) => leaving.make(agent, 7 * DAY_MS),
        };
  const mailer = openMailer(mails.url, 'relais@test', portal);
  try {
    await mailer.send(mail);
    await mails.count(mails.received.length);
    return mails.texts.at(-1) as string;
  } finally {
    mailer.close();
  }
}

it('says in what comes again where to have less of it, for readers and for their software', async () => {
  const text = await sent(waiting, PORTAL);
  assert.match(text, /^List-Unsubscribe: <https:\/\/portail\.test\/compte\/notifications>\r$/m);
  assert.match(text.replaceAll('=\r\n', ''), /^https:\/\/portail\.test\/compte\/notifications\r?$/m);
});

it('has a link that stops it by one click, where mail programs may follow it', async () => {
  const link = `${PORTAL}/courriels/arreter/${leaving.make(ADA, 7 * DAY_MS)}`;
  const text = (await sent({ ...waiting, agent: ADA }, PORTAL)).replace(/\r\n[ \t]+/g, ' ');
  assert.ok(text.includes(`List-Unsubscribe: <${link}>\r\n`), text);
  assert.match(text, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
  assert.ok(text.replaceAll('=\r\n', '').includes(link.replaceAll('=', '=3D')));
  const plain = await sent({ ...waiting, agent: ADA }, 'http://localhost:8081');
  assert.doesNotMatch(plain, /List-Unsubscribe-Post/, 'RFC 8058 wants HTTPS');
});

it('makes links that are good for half a year, for one agent, under one key', () => {
  const link = leaving.make(ADA, 7 * DAY_MS);
  assert.equal(leaving.read(link, 7 * DAY_MS), ADA);
  assert.equal(leaving.read(link, 187 * DAY_MS), ADA);
  assert.equal(leaving.read(link, 188 * DAY_MS), undefined);
  assert.equal(leaving.read(link, 6 * DAY_MS), undefined, 'from a day to come');
  assert.equal(leaving.read(link.replace('-7-', '-8-'), 9 * DAY_MS), undefined);
  assert.equal(new LeaveLinks(Buffer.alloc(32, 2)).read(link, 7 * DAY_MS), undefined);
});

it('has no such header in what is sent once, or where no portal is known', async () => {
  assert.doesNotMatch(await sent({ to: 'ada@orly.test', employer: 'Orly' }, PORTAL), /List-Unsubscribe/i);
  assert.doesNotMatch(await sent(waiting), /List-Unsubscribe/i);
});

it('leads who is invited to a passkey by a secret that was sealed on its way, and by no other', async () => {
  const sealed = links.seal('the-secret');
  assert.doesNotMatch(sealed, /secret/);
  const text = await sent({ to: 'ada@orly.test', employer: 'Nouméa', link: sealed }, PORTAL);
  assert.match(text.replaceAll('=\r\n', ''), /^https:\/\/portail\.test\/connexion\/invitation\/the-secret\r?$/m);
  const other = Seal.ofLinks(Buffer.alloc(32, 2));
  assert.throws(() => other.open(sealed));
  assert.throws(() => links.open(`A${sealed.slice(1)}`));
});
