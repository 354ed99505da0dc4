import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { levelOf, neededFor, reaches } from '#api/agents/policy.ts';
import { ACR_LEVELS, type Acr } from '#engine/domain/acr.ts';
import { AGENT_ROLES, type AgentRole } from '#engine/domain/records/agent.ts';

/** What a provider says, and whether an agent, an administrator (or a delegate) and a national agent get in by it. */
const MATRIX: [acr: string | undefined, amr: string[], agent: boolean, administrator: boolean, national: boolean][] = [
  [undefined, [], false, false, false],
  ['', ['mfa'], false, false, false],
  ['eidas0', [], false, false, false],
  ['eidas0', ['mfa', 'pwd'], false, false, false],
  ['eidas0-mfa', [], false, false, false],
  ['eidas0-mfa', ['mfa'], false, false, false],
  ['eidas1', [], true, false, false],
  ['eidas1', ['pwd'], true, false, false],
  ['eidas1', ['pwd', 'otp'], true, false, false],
  ['eidas1', ['pwd', 'mfa'], true, true, false],
  ['eidas1-mfa', [], true, true, false],
  ['eidas1-mfa', ['mfa'], true, true, false],
  ['eidas2', [], true, true, true],
  ['eidas3', [], true, true, true],
  ['EIDAS3', ['mfa'], false, false, false],
  ['eidas4', ['mfa'], false, false, false],
  ['https://refeds.org/profile/mfa', ['mfa'], false, false, false],
];

describe('with the lowest level of the hub by default', () => {
  for (const [acr, amr, agent, administrator, national] of MATRIX) {
    it(`${acr} with [${amr}]`, () => {
      const enters = (roles: AgentRole[], isNational = false) =>
        reaches({ acr, amr }, neededFor('eidas1', roles, isNational));
      assert.equal(enters(['agent']), agent);
      assert.equal(enters([]), agent);
      for (const role of ['administrator', 'delegate'] as const) {
        assert.equal(enters([role]), administrator, role);
        assert.equal(enters(['agent', role]), administrator, role);
      }
      for (const role of AGENT_ROLES) assert.equal(enters([role], true), national, role);
    });
  }
});

describe('a passkey', () => {
  // its organisation has them, or not; whatever the texts of a provider would say
  const PASSKEYS: [allowed: boolean, minimum: Acr, agent: boolean, administrator: boolean, national: boolean][] = [
    [true, 'eidas1', true, true, false],
    [true, 'eidas1-mfa', true, true, false],
    [true, 'eidas2', false, false, false],
    [false, 'eidas1', false, false, false],
    [false, 'eidas3', false, false, false],
  ];
  for (const [allowed, minimum, agent, administrator, national] of PASSKEYS) {
    it(`${allowed ? 'where it is allowed' : 'elsewhere'}, with ${minimum} as the lowest level`, () => {
      const shown = { acr: 'eidas3', amr: ['mfa'], passkey: 'one' };
      const enters = (roles: AgentRole[], isNational = false) =>
        reaches(shown, neededFor(minimum, roles, isNational), allowed);
      assert.equal(enters(['agent']), agent);
      assert.equal(enters([]), agent);
      for (const role of ['administrator', 'delegate'] as const) assert.equal(enters([role]), administrator, role);
      for (const role of AGENT_ROLES) assert.equal(enters([role], true), national, role);
    });
  }

  it('changes nothing for who signed in by the provider', () => {
    for (const acr of ACR_LEVELS) assert.equal(levelOf({ acr, amr: [] }, true), levelOf({ acr, amr: [] }));
  });
});

describe('a higher lowest level', () => {
  const NEEDED: [minimum: Acr, agent: Acr, administrator: Acr, national: Acr][] = [
    ['eidas1', 'eidas1', 'eidas1-mfa', 'eidas2'],
    ['eidas1-mfa', 'eidas1-mfa', 'eidas1-mfa', 'eidas2'],
    ['eidas2', 'eidas2', 'eidas2', 'eidas2'],
    ['eidas3', 'eidas3', 'eidas3', 'eidas3'],
  ];
  for (const [minimum, agent, administrator, national] of NEEDED) {
    it(`${minimum} is asked of everybody, and roles may ask for more`, () => {
      assert.equal(neededFor(minimum, ['agent']), agent);
      assert.equal(neededFor(minimum, ['administrator']), administrator);
      assert.equal(neededFor(minimum, ['delegate', 'agent']), administrator);
      assert.equal(neededFor(minimum, ['agent'], true), national);
    });
  }
});

it('several factors raise eidas1 only', () => {
  for (const acr of ACR_LEVELS.slice(1)) assert.equal(levelOf({ acr, amr: ['mfa'] }), acr);
});

it('another role never lowers what is needed, whatever is said', () => {
  const role = fc.constantFrom(...AGENT_ROLES);
  const shown = fc.record({
    acr: fc.oneof(fc.constantFrom(...ACR_LEVELS), fc.string()),
    amr: fc.array(fc.constantFrom('mfa', 'pwd', 'otp')),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...ACR_LEVELS),
      fc.array(role),
      role,
      fc.boolean(),
      shown,
      (least, roles, more, n, said) => {
        const all = neededFor(least, [...roles, more], n);
        if (reaches(said, all)) assert.ok(reaches(said, neededFor(least, roles, n)));
        if (said.acr.startsWith('eidas0')) assert.ok(!reaches(said, all));
      },
    ),
  );
});
