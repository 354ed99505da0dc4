import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveRecipient } from '#api/competence/resolve.ts';
import { type OrganizationId, orgKey } from '#engine/domain/organization.ts';
import type { OrganizationState } from '#engine/domain/records/organization.ts';
import type { SubscriptionState } from '#engine/domain/records/subscription.ts';

const PROCESS = 'EtatCivil';
const NOW = '2026-04-15';

/** A referential of these organisations, by `<siret>-<code>`; those with a star have an active subscription. */
function directory(...given: string[]) {
  const organizations = given.map((text): [OrganizationId, boolean] => {
    const [companyRegister, branchCode] = text.replace('*', '').split('-') as [string, string];
    return [{ type: 'SI', companyRegister, branchCode }, text.endsWith('*')];
  });
  const active = new Set(organizations.filter(([, star]) => star).map(([org]) => orgKey(org)));
  return {
    process: (code: string) => (code === PROCESS ? ({ code } as never) : undefined),
    organizationsAt: (code: string) =>
      organizations
        .filter(([org]) => org.branchCode === code)
        .map(([org]) => ({ ...org, name: orgKey(org) }) as OrganizationState),
    subscriptionsOf: (_process: string, org: string) =>
      active.has(org) ? [{ status: 'Actif' } as SubscriptionState] : [{ status: 'Suspendu' } as SubscriptionState],
  };
}

const resolve = (commune: string, orgs: string[], date = NOW) =>
  resolveRecipient(directory(...orgs), { process: PROCESS, commune, date });

function found(commune: string, orgs: string[], date = NOW): [org: string, subscribed: boolean, steps: number] {
  const answer = resolve(commune, orgs, date);
  assert.ok(answer.found, JSON.stringify(answer));
  return [
    `${answer.organization.companyRegister}-${answer.organization.branchCode}`,
    answer.subscribed,
    answer.followed.length,
  ];
}

function refused(commune: string, orgs: string[]): [reason: string, detail: string, candidates: number] {
  const answer = resolve(commune, orgs);
  assert.ok(!answer.found, JSON.stringify(answer));
  return [answer.reason, answer.detail, answer.candidates.length];
}

const TOWN = '21770288300018-77288';

describe('a recipient by competence', () => {
  it('is the organisation of the commune, subscribed or not', () => {
    assert.deepEqual(found('77288', [`${TOWN}*`]), [TOWN, true, 0]);
    assert.deepEqual(found('77288', [TOWN]), [TOWN, false, 0]);
  });

  it('is the subscribed one of several, else the commune’s own', () => {
    const others = ['20005000000010-77288', TOWN];
    assert.deepEqual(found('77288', ['20005000000010-77288*', TOWN]), ['20005000000010-77288', true, 0]);
    assert.deepEqual(found('77288', others), [TOWN, false, 0]);
  });

  it('follows a merger from its day on', () => {
    const merged = ['21930059800019-93059*', '21930066300016-93066*'];
    assert.deepEqual(found('93059', merged), ['21930066300016-93066', true, 1]);
    assert.deepEqual(found('93059', merged, '2024-12-31'), ['21930059800019-93059', true, 0]);
  });

  it('never falls back to an old code beside an organisation of the new one, subscribed or not', () => {
    assert.deepEqual(found('93059', ['21930059800019-93059*', '21930066300016-93066']), [
      '21930066300016-93066',
      false,
      1,
    ]);
  });

  it('takes the old code as long as the referential knows no other', () => {
    assert.deepEqual(found('93059', ['21930059800019-93059*']), ['21930059800019-93059', true, 0]);
  });

  it('takes an arrondissement that is subscribed, else its city', () => {
    const paris = '21750001600019-75056';
    const third = '21750001600100-75103';
    assert.deepEqual(found('75103', [`${third}*`, `${paris}*`]), [third, true, 0]);
    assert.deepEqual(found('75103', [third, `${paris}*`]), [paris, true, 0]);
    assert.deepEqual(found('75103', [third, paris]), [paris, false, 0]);
    assert.deepEqual(found('69383', ['21690123100011-69123*']), ['21690123100011-69123', true, 0]);
    assert.deepEqual(found('13208', ['21130055300016-13055*']), ['21130055300016-13055', true, 0]);
  });

  it('says what to do when there is none, or more than one', () => {
    const [nobody, none] = refused('93059', []);
    assert.deepEqual(
      [nobody, /93059/.test(none), /93066/.test(none), /administrateur/.test(none)],
      ['nobody', true, true, true],
    );
    const [several, choice, candidates] = refused('77288', [`${TOWN}*`, '20005000000010-77288*']);
    assert.deepEqual([several, candidates], ['several', 2]);
    assert.match(choice, /SI-20005000000010-77288, SI-21770288300018-77288/);
    assert.equal(refused('77288', ['20005000000010-77288', '20005000000028-77288'])[0], 'several');
  });

  it('says when the démarche does not exist', () => {
    const answer = resolveRecipient(directory(TOWN), { process: 'Inconnue', commune: '77288', date: NOW });
    assert.deepEqual([answer.found, !answer.found && answer.reason], [false, 'process']);
  });
});
