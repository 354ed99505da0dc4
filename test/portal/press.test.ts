/** Slips are set in a thread of their own: each asker gets its own, and what fails is told to who asked. */
import { deepEqual, match, ok, rejects } from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Made } from '#lib/server/bordereau/pdf.ts';
import { pressed } from '#lib/server/bordereau/press.ts';
import { portalOf } from './stub.ts';

before(() =>
  Object.assign(process.env, {
    ...portalOf('http://127.0.0.1:1'),
    HUB_PORTAL_URL: 'http://localhost:2',
    HUB_PORTAL_FILES_URL: 'http://127.0.0.1:3',
    HUB_PORTAL_SPOOL: '/none',
    HUB_PORTAL_SLIPS: new URL('../../portal/src/lib/server/bordereau/thread.ts', import.meta.url).href,
  }),
);

const of = (title: string): Made => ({
  slips: [{ title, facts: [{ label: 'Numéro', value: title }], heading: 'Pièces', pieces: [] }],
  by: 'Nadia Benali',
  at: new Date('2026-11-26T13:32:05Z'),
});
const titleOf = (pdf: Uint8Array): string | undefined =>
  /<dc:title>[\s\S]*?<rdf:li[^>]*>([^<]+)</.exec(Buffer.from(pdf).toString('latin1'))?.[1];

/** What keeps this process, by kind. */
const kept = (): string => process.getActiveResourcesInfo().sort().join();

describe('the thread of slips', () => {
  it('answers each with its own, however many ask at once', async () => {
    const asked = ['un', 'deux', 'trois'];
    const made = await Promise.all(asked.map((title) => pressed(of(title))));
    deepEqual(made.map(titleOf), asked);
    match(Buffer.from(made[0]!).toString('latin1'), /^%PDF-1\.7/);
  });

  it('tells what failed to who asked, and goes on', async () => {
    await rejects(pressed({ ...of('nul'), slips: [null as never] }), /TypeError/);
    ok((await pressed(of('apres'))).length > 1_000);
  });

  it('is waited for while a slip is asked of it, and keeps no process afterwards', async () => {
    const idle = kept();
    const asked = pressed(of('encore'));
    ok(kept() !== idle, 'a slip that is asked for');
    await asked;
    deepEqual(kept(), idle);
  });
});
