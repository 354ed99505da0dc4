import { deepEqual, equal } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bringBack, keepDecided, keepDraft, readDraft } from '#lib/server/talk/drafts.ts';
import { isOverdue } from '#lib/transitions.ts';
import { isWritten, typedOf } from '#lib/unsent.ts';

const spool = mkdtempSync(join(tmpdir(), 'relais-drafts-'));
const [ADA, BOB, CASE] = ['ada@orly.test', 'bob@orly.test', '01890a5d-ac96-7b06-8000-000000000000'];
const REFUSAL = { from: 'refuser', errors: [], typed: { motif: ['autre'], precisions: ['Il manque le livret.'] } };

before(() => {
  for (const [name, value] of Object.entries({
    HUB_PORTAL_URL: 'http://localhost:1',
    HUB_PORTAL_FILES_URL: 'http://127.0.0.1:2',
    HUB_API_URL: 'http://127.0.0.1:3',
    HUB_PORTAL_SPOOL: spool,
    HUB_PORTAL_SLIPS: 'file:///none',
    HUB_PORTAL_CLIENT_ID: 'p',
    HUB_PORTAL_CLIENT_SECRET: 's',
    HUB_OIDC_ISSUER: 'http://127.0.0.1:4',
    HUB_OIDC_CLIENT_ID: 'c',
    HUB_OIDC_CLIENT_SECRET: 'x',
  }))
    process.env[name] = value;
});
after(() => rmSync(spool, { recursive: true, force: true }));

describe('the text of a decision that waits', () => {
  it('is no draft until the decision is undone, and then once, for its author only', async () => {
    await keepDecided(ADA, CASE, 'one', REFUSAL, 30);
    equal(await readDraft(ADA, CASE), null);
    equal(await bringBack(BOB, CASE, 'one'), false);
    equal(await bringBack(ADA, CASE, 'another'), false);
    equal(await bringBack(ADA, CASE, 'one'), true);
    deepEqual(await readDraft(ADA, CASE), { ...REFUSAL, undone: true });
    equal(await readDraft(BOB, CASE), null);
    equal(await bringBack(ADA, CASE, 'one'), false);
  });

  it('never replaces a draft that is newer', async () => {
    const newer = { ...REFUSAL, typed: { texte: ['Bonjour'] }, from: 'ecrire' };
    await keepDecided(BOB, CASE, 'two', REFUSAL, 30);
    await keepDraft(BOB, CASE, newer);
    equal(await bringBack(BOB, CASE, 'two'), false);
    deepEqual(await readDraft(BOB, CASE), newer);
  });

  it('is kept where something was written only', async () => {
    equal(
      isWritten({
        typed: typedOf([
          ['depuis', '4.x'],
          ['etat', 'DONE'],
          ['puis', 'suivant'],
          ['message', ''],
        ]),
      }),
      false,
    );
    equal(isWritten(REFUSAL), true);
    await keepDecided(ADA, 'another', 'three', { ...REFUSAL, typed: { etat: ['DONE'] } }, 30);
    equal(await bringBack(ADA, 'another', 'three'), false);
  });
});

it('a deadline is past as long as the case is not treated', () => {
  const [before, now] = ['2026-04-20T23:59:59.999+02:00', Date.parse('2026-04-21T00:00:00+02:00')];
  equal(isOverdue('IN_PROGRESS', before, now), true);
  equal(isOverdue('IN_PROGRESS', before, now - 1_000), false);
  equal(isOverdue('IN_PROGRESS', null, now), false);
  for (const status of ['DONE', 'REFUSED', 'CLOSED', 'ARCHIVED', 'SI_INTG_ERROR'])
    equal(isOverdue(status, before, now), false);
});
