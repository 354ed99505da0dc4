import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hubQuery, listOf, listParams, readList, SORTS, VIEWS } from '#lib/list.ts';
import { ownPath } from '#lib/server/auth/return.ts';

describe('the page to come back to', () => {
  it('is one of this portal', () => {
    equal(ownPath('/dossiers?vue=tous'), '/dossiers?vue=tous');
    for (const text of [
      '//evil.test',
      '/\\evil.test',
      'https://evil.test',
      'javascript:alert(1)',
      '',
      null,
      '/a b',
      '/\t/evil.test',
    ]) {
      equal(ownPath(text), '/accueil', String(text));
    }
    equal(ownPath('/connexion/retour?code=1'), '/accueil');
  });

  it('never leads to another host, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `/${text}`),
        ),
        (text) => {
          equal(new URL(ownPath(text), 'http://portal.test').host, 'portal.test');
        },
      ),
    );
  });
});

describe('the address of a list', () => {
  const day = fc.constantFrom('', '2026-01-31');
  const chosen = fc.record({
    view: fc.constantFrom(...VIEWS),
    process: fc.constantFrom('', 'EtatCivil'),
    status: fc.constantFrom('', 'DONE'),
    from: day,
    to: day,
    due: fc.constantFrom('', '48', '168'),
    unread: fc.boolean(),
    assignee: fc.constantFrom('', 'moi', 'personne', '00000000-0000-4000-8000-000000000000'),
    q: fc.constantFrom('', 'é & ?', 'a'),
    sort: fc.constantFrom(...SORTS),
    descending: fc.boolean(),
    named: fc.boolean(),
    saved: fc.constantFrom('', 'a-voir-12ab'),
  });
  // A view that is not the usual one is always named.
  const state = chosen.map((one) => ({ ...one, named: one.named || one.view !== 'waiting' }));
  it('is what the hub keeps of it, but for whose view it is', () => {
    fc.assert(
      fc.property(state, (one) => deepEqual(listOf(hubQuery(one).toString()), { ...one, named: true, saved: '' })),
    );
  });

  it('says all of its state', () => {
    fc.assert(fc.property(state, (one) => deepEqual(readList(listParams(one)), { ...one })));
  });

  it('is short for the usual list, and ignores what it does not know', () => {
    equal(listParams(readList(new URLSearchParams())).toString(), '');
    const odd = readList(new URLSearchParams('vue=x&etat=<a>&depuis=hier&tri=zz'));
    deepEqual(odd, readList(new URLSearchParams()));
    equal(hubQuery(odd).toString(), 'view=waiting&sort=deadline&order=asc');
  });
});
