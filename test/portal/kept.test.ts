/** Files of a message that could not be sent: they are there for who sends it again, and for nobody else. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { dropDraft, keepDraft, readDraft, readFiles } from '#lib/server/talk/drafts.ts';
import { keepFiles, type Ready, readyAgain } from '#lib/server/talk/kept.ts';
import { Spooled } from '#lib/server/talk/spool.ts';
import { portalOf } from './stub.ts';

const spool = mkdtempSync(join(tmpdir(), 'relais-kept-'));
const [ADA, CASE] = ['ada@orly.test', '01890a5d-ac96-7b06-8000-000000000000'];
const WORDS = 'Livret de famille, pages 2 et 3. '.repeat(4_000);
const UNSENT = { from: 'ecrire', errors: [], typed: { texte: ['Voici.'] } };
const HALF_AN_HOUR_S = 1_800;

before(() =>
  Object.assign(process.env, {
    ...portalOf('http://127.0.0.1:1'),
    HUB_PORTAL_URL: 'http://localhost:2',
    HUB_PORTAL_FILES_URL: 'http://127.0.0.1:3',
    HUB_PORTAL_SPOOL: spool,
    HUB_PORTAL_SLIPS: 'file:///none',
  }),
);
after(() => rmSync(spool, { recursive: true, force: true }));

const there = (): string[] => readdirSync(join(spool, 'kept'));

async function kept(name = 'livret.pdf'): Promise<Ready> {
  const spooled = await Spooled.from(Readable.from([Buffer.from(WORDS)]));
  const [file] = await keepFiles([{ name, mimeType: 'application/pdf', spooled }]);
  await spooled.close();
  return (await readyAgain(file!))!;
}

describe('files of a message that was not sent', () => {
  it('are read again as they were, as often as it is asked', async () => {
    const { name, mimeType, spooled, kept: file } = await kept();
    deepEqual([name, mimeType, spooled.size], ['livret.pdf', 'application/pdf', WORDS.length]);
    for (const _ of [1, 2]) equal((await buffer(spooled.read())).toString(), WORDS);
    // Kept once more, it is the same file.
    deepEqual(await keepFiles([{ name, mimeType, spooled, kept: file! }]), [file]);
    equal(there().length, 1);
  });

  it('say nothing to who reads the disk: neither name nor words', () => {
    for (const name of there()) {
      ok(!name.includes('livret'));
      ok(!readFileSync(join(spool, 'kept', name)).includes('Livret'));
    }
  });

  it('go with the draft they belong to, and with one that takes its place', async () => {
    const before = there();
    const [one, two] = [(await kept('un.pdf')).kept!, (await kept('deux.pdf')).kept!];
    await keepDraft(ADA, CASE, UNSENT, { files: [one, two] });
    deepEqual(
      (await readDraft(ADA, CASE))?.files?.map(({ name }) => name),
      ['un.pdf', 'deux.pdf'],
    );
    await keepDraft(ADA, CASE, UNSENT, { files: [two] });
    deepEqual(await readFiles(ADA, CASE), [two]);
    deepEqual(there().sort(), [...before, two.id].sort());
    await dropDraft(ADA, CASE);
    deepEqual(there().sort(), before.sort());
    equal(await readDraft(ADA, CASE), null);
  });

  it('are gone half an hour later', async () => {
    const { kept: file } = await kept();
    const then = Date.now() / 1000 - HALF_AN_HOUR_S - 1;
    for (const name of there()) utimesSync(join(spool, 'kept', name), then, then);
    const fresh = await kept();
    deepEqual(there(), [fresh.kept!.id]);
    equal(await readyAgain(file!), undefined);
  });
});
