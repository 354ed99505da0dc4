import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CommandOf } from '#engine/domain/commands.ts';
import { orgKey } from '#engine/domain/organization.ts';
import {
  AGENT_ROLES,
  type AgentState,
  agentIdOf,
  membershipOf,
  type StaffState,
  signatureOf,
} from '#engine/domain/records/agent.ts';
import { agentName, staffName } from '#engine/domain/records/names.ts';
import { organization, process, SENDER, TOWN } from './samples.ts';
import { World } from './world.ts';

const OTHER = { ...TOWN, companyRegister: '21770999900012', branchCode: '77999' };
const MELUN = orgKey(TOWN);
const ELSEWHERE = orgKey(OTHER);
const EMAILS = ['ada@melun.test', 'bob@melun.test', 'eve@melun.test'] as const;
const [ADA, BOB] = EMAILS.map(agentIdOf) as [ReturnType<typeof agentIdOf>, ReturnType<typeof agentIdOf>];

const invite = (email: string, over: Partial<CommandOf<'agent.invite'>> = {}): CommandOf<'agent.invite'> => ({
  kind: 'agent.invite',
  email,
  org: MELUN,
  role: 'agent',
  processes: null,
  givenName: null,
  familyName: null,
  quality: null,
  service: null,
  ...over,
});
const sign = (agent: typeof ADA, subject: string, givenName: string | null = null): CommandOf<'agent.sign'> => ({
  kind: 'agent.sign',
  agent,
  subject,
  givenName,
  familyName: null,
});

function populated(): World {
  const world = new World();
  for (const org of [TOWN, OTHER, SENDER]) world.ask({ kind: 'organization.create', organization: organization(org) });
  world.ask({ kind: 'process.create', process: process('EtatCivil') });
  return world;
}

const refused = (world: World, command: Parameters<World['ask']>[0]) => world.ask(command)?.status;

describe('an invitation', () => {
  it('makes an agent of its address, whatever its case, and adds places to one that is known', () => {
    const world = populated();
    const made = world.done<AgentState>(invite(' Ada@Melun.TEST', { role: 'administrator', quality: 'adjointe' }));
    assert.deepEqual([made.id, made.email, made.subject, made.updated], [ADA, 'ada@melun.test', null, null]);
    const both = world.done<AgentState>(
      invite('ada@melun.test', { org: ELSEWHERE, processes: ['EtatCivil', 'EtatCivil'], quality: 'autre' }),
    );
    assert.deepEqual(
      both.memberships.map(({ org, role, processes }) => [org, role, processes]),
      [
        [MELUN, 'administrator', null],
        [ELSEWHERE, 'agent', ['EtatCivil']],
      ],
    );
    assert.equal(both.quality, 'adjointe');
    assert.deepEqual(world.records.get(staffName(MELUN)), { org: MELUN, administrators: [ADA], others: [] });
  });

  it('is refused twice, for what does not exist, and for who sends', () => {
    const world = populated();
    world.done(invite('ada@melun.test'));
    assert.equal(refused(world, invite('ADA@melun.test')), 409);
    assert.equal(refused(world, invite('bob@melun.test', { processes: ['Rien'] })), 400);
    assert.equal(refused(world, invite('bob@melun.test', { org: 'SI-21000000000000-00000' })), 400);
    assert.equal(refused(world, invite('bob@melun.test', { org: orgKey(SENDER) })), 400);
    assert.equal(world.records.has(agentName(BOB)), false);
  });
});

describe('a sign-in', () => {
  it('binds the account at the first one; another account of the address stays out', () => {
    const world = populated();
    world.done(invite('ada@melun.test'));
    const bound = world.done<AgentState>(sign(ADA, 'one', 'Ada'));
    assert.deepEqual([bound.subject, bound.givenName], ['one', 'Ada']);
    assert.deepEqual(world.done<AgentState>(sign(ADA, 'one')), bound);
    assert.equal(refused(world, sign(ADA, 'two')), 409);
    assert.equal(refused(world, sign(BOB, 'one')), 404);
  });

  it('is refused to who is suspended or withdrawn; invited anew, another account may come', () => {
    const world = populated();
    world.done(invite('ada@melun.test'));
    world.done(sign(ADA, 'one'));
    world.done({ kind: 'agent.suspend', agent: ADA, suspended: true });
    assert.equal(refused(world, sign(ADA, 'one')), 403);
    world.done({ kind: 'agent.suspend', agent: ADA, suspended: false });
    world.done({ kind: 'agent.withdraw', agent: ADA, org: MELUN });
    assert.equal(refused(world, sign(ADA, 'one')), 403);
    assert.equal(world.done<AgentState>(invite('ada@melun.test')).subject, null);
    assert.equal(world.done<AgentState>(sign(ADA, 'two')).subject, 'two');
  });
});

describe('the last administrator', () => {
  it('stays while there are agents, and may be the last to go', () => {
    const world = populated();
    world.done(invite('ada@melun.test', { role: 'administrator' }));
    world.done(invite('bob@melun.test'));
    const leave = { kind: 'agent.withdraw', agent: ADA, org: MELUN } as const;
    assert.equal(refused(world, leave), 409);
    assert.equal(refused(world, { kind: 'agent.update', agent: ADA, org: MELUN, role: 'agent' }), 409);
    world.done({ kind: 'agent.withdraw', agent: BOB, org: MELUN });
    world.done(leave);
    assert.equal(world.records.has(staffName(MELUN)), false);
  });

  it('is not replaced by one who is suspended', () => {
    const world = populated();
    for (const email of EMAILS) world.done(invite(email, { role: 'administrator' }));
    world.done({ kind: 'agent.suspend', agent: BOB, suspended: true });
    world.done({ kind: 'agent.withdraw', agent: agentIdOf('eve@melun.test'), org: MELUN });
    assert.equal(refused(world, { kind: 'agent.withdraw', agent: ADA, org: MELUN }), 409);
  });
});

it('a signature leaves out what is not known', () => {
  const world = populated();
  const state = world.done<AgentState>(invite('ada@melun.test', { givenName: 'Ada', familyName: 'Exemple' }));
  assert.equal(signatureOf(state), 'Ada Exemple');
  assert.equal(
    signatureOf({ ...state, quality: 'adjointe', service: 'État civil' }),
    'Ada Exemple, adjointe, État civil',
  );
  assert.equal(signatureOf({ ...state, givenName: null, service: 'État civil' }), 'Exemple, État civil');
});

describe('whatever is asked, in any order', () => {
  const email = fc.constantFrom(...EMAILS);
  const org = fc.constantFrom(MELUN, ELSEWHERE);
  const role = fc.constantFrom(...AGENT_ROLES);
  const agent = email.map(agentIdOf);
  const command = fc.oneof(
    fc.record({ email, org, role }).map(({ email: of, ...over }) => invite(of, over)),
    fc.record({ kind: fc.constant('agent.withdraw' as const), agent, org }),
    fc.record({ kind: fc.constant('agent.update' as const), agent, org, role }),
    fc.record({ kind: fc.constant('agent.suspend' as const), agent, suspended: fc.boolean() }),
    fc.tuple(agent, fc.constantFrom('one', 'two')).map(([id, subject]) => sign(id, subject)),
  );
  const agentsOf = (world: World) =>
    EMAILS.flatMap((one) => (world.records.get(agentName(agentIdOf(one))) as AgentState | undefined) ?? []);
  const led = (world: World, of: string): boolean =>
    agentsOf(world).some((one) => membershipOf(one, of)?.role === 'administrator' && one.suspended === null);

  it('the list of an organisation is that of its agents, and nothing but a suspension takes its administrator', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        const world = populated();
        for (const one of commands) {
          const before = [MELUN, ELSEWHERE].map((of) => led(world, of));
          world.ask(one);
          for (const [index, of] of [MELUN, ELSEWHERE].entries()) {
            const members = agentsOf(world).filter((each) => membershipOf(each, of));
            const staff = world.records.get(staffName(of)) as StaffState | undefined;
            const listed = [...(staff?.administrators ?? []), ...(staff?.others ?? [])];
            assert.deepEqual(listed.toSorted(), members.map(({ id }) => id).toSorted());
            for (const each of members) {
              assert.equal(staff?.administrators.includes(each.id), membershipOf(each, of)?.role === 'administrator');
            }
            if (before[index] && one.kind !== 'agent.suspend' && members.length > 0) assert.ok(led(world, of));
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
