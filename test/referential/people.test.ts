import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandOf } from '#engine/domain/commands.ts';
import type { ReferentialCommand } from '#engine/domain/deciders/referential.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { type AgentState, agentIdOf } from '#engine/domain/records/agent.ts';
import { agentName, officeName } from '#engine/domain/records/names.ts';
import type { OfficeState } from '#engine/domain/records/office.ts';
import { ENROLMENT_MS, ENROLMENT_PAUSE_MS, MAX_PASSKEYS } from '#engine/domain/records/passkey.ts';
import { organization, process, SENDER, TOWN } from './samples.ts';
import { World } from './world.ts';

const MELUN = orgKey(TOWN);
const EMAIL = 'ada@melun.test';
const ADA = agentIdOf(EMAIL);
const LINK = { hash: 'hash', sealed: 'sealed' };

const invite: CommandOf<'agent.invite'> = {
  ...({ kind: 'agent.invite', email: EMAIL, org: MELUN, role: 'administrator', processes: null } as const),
  ...{ givenName: 'Ada', familyName: 'Exemple', quality: null, service: null, isTold: true, link: LINK },
};
const passkey = (id: string, counter = 0) => ({
  ...{ id, key: 'key', counter, name: id, transports: [], synced: false },
});
const add = (id: string, enrolment: string | null = null): CommandOf<'agent.passkey.add'> => ({
  ...{ kind: 'agent.passkey.add', agent: ADA, passkey: passkey(id), enrolment },
});
const use = (id: string, counter: number): CommandOf<'agent.passkey.use'> => ({
  ...{ kind: 'agent.passkey.use', agent: ADA, passkey: id, counter, synced: false },
});

/** The answer's status. */
const run = (world: World, command: ReferentialCommand): { status: number } => world.ask(command) ?? { status: 0 };

function town(allowed = true): World {
  const world = new World();
  run(world, { kind: 'organization.create', organization: organization(SENDER) });
  run(world, { kind: 'organization.create', organization: organization(TOWN) });
  run(world, { kind: 'process.create', process: process('EtatCivil') });
  if (allowed) run(world, { kind: 'office.passkeys', org: MELUN, allowed: true, by: 'admin' });
  return world;
}
const ada = (world: World): AgentState => world.records.get(agentName(ADA)) as AgentState;

describe('an invitation to make a passkey', () => {
  it('is for organisations that have them: elsewhere nobody may be let in by a link', () => {
    const world = town(false);
    assert.equal(run(world, invite).status, 201);
    assert.equal(ada(world).enrolment, null);
    assert.equal(run(world, { kind: 'agent.enrol', agent: ADA, org: MELUN, link: LINK }).status, 409);
  });

  it('makes one passkey, until its last moment', () => {
    const world = town();
    run(world, invite);
    assert.equal(run(world, add('one', 'other')).status, 410);
    world.now += ENROLMENT_MS - 1;
    assert.equal(run(world, add('one', 'hash')).status, 200);
    assert.equal(run(world, add('two', 'hash')).status, 410);
    assert.deepEqual(
      ada(world).passkeys.map(({ id }) => id),
      ['one'],
    );
    const late = town();
    run(late, invite);
    late.now += ENROLMENT_MS;
    assert.equal(run(late, add('one', 'hash')).status, 410);
  });

  it('anew ends the passkeys there are, once a minute', () => {
    const world = town();
    run(world, invite);
    run(world, add('one', 'hash'));
    const enrol = { kind: 'agent.enrol', agent: ADA, org: MELUN, link: { hash: 'next', sealed: 'x' } } as const;
    assert.equal(run(world, enrol).status, 200);
    assert.deepEqual([ada(world).passkeys, ada(world).enrolment?.hash], [[], 'next']);
    world.now += ENROLMENT_PAUSE_MS - 1;
    assert.equal(run(world, enrol).status, 429);
    world.now += 1;
    assert.equal(run(world, enrol).status, 200);
  });

  it('says nothing to who has a passkey already, and is nobody’s who is suspended', () => {
    const world = town();
    run(world, invite);
    run(world, { kind: 'agent.suspend', agent: ADA, suspended: true });
    assert.equal(run(world, add('one', 'hash')).status, 403);
  });
});

describe('passkeys', () => {
  const enrolled = (): World => {
    const world = town();
    run(world, invite);
    run(world, add('p0', 'hash'));
    return world;
  };

  it('are ten at most, each once, and the last one stays', () => {
    const world = enrolled();
    assert.equal(run(world, add('p0')).status, 409);
    for (let made = 1; made < MAX_PASSKEYS; made += 1) assert.equal(run(world, add(`p${made}`)).status, 200);
    assert.equal(run(world, add('more')).status, 409);
    const remove = (id: string) => run(world, { kind: 'agent.passkey.remove', agent: ADA, passkey: id }).status;
    for (let made = 1; made < MAX_PASSKEYS; made += 1) assert.equal(remove(`p${made}`), 200);
    assert.equal(remove('p1'), 404);
    assert.equal(remove('p0'), 409);
    run(world, { kind: 'agent.sign', agent: ADA, subject: 's', givenName: null, familyName: null });
    assert.equal(remove('p0'), 200);
  });

  it('count signatures: one that does not grow is a copy’s, one that is always 0 counts nothing', () => {
    const world = enrolled();
    for (const [counter, status] of [
      ...[
        [0, 200],
        [0, 200],
        [5, 200],
        [5, 409],
        [4, 409],
        [0, 409],
        [6, 200],
      ],
    ] as [number, number][])
      assert.equal(run(world, use('p0', counter)).status, status, String(counter));
    assert.equal(ada(world).passkeys[0]?.counter, 6);
    assert.equal(ada(world).passkeys[0]?.used, world.now);
    assert.equal(run(world, use('other', 9)).status, 404);
  });
});

it('who was withdrawn from everywhere and comes back makes a new passkey: the address may be somebody else’s by now', () => {
  const world = town();
  run(world, invite);
  run(world, add('old', 'hash'));
  run(world, { kind: 'agent.withdraw', agent: ADA, org: MELUN });
  run(world, { ...invite, link: { hash: 'next', sealed: 'x' } });
  assert.deepEqual([ada(world).passkeys, ada(world).enrolment?.hash], [[], 'next']);
});

describe('what is settled for an organisation', () => {
  it('keeps who allowed passkeys first, and takes no room when it says nothing', () => {
    const world = town();
    run(world, { kind: 'office.passkeys', org: MELUN, allowed: true, by: 'somebody else' });
    assert.equal((world.records.get(officeName(MELUN)) as OfficeState).passkeys?.by, 'admin');
    run(world, { kind: 'office.passkeys', org: MELUN, allowed: false, by: 'admin' });
    assert.equal(world.records.get(officeName(MELUN)), undefined);
    assert.equal(run(world, { kind: 'office.passkeys', org: 'SI-1-1', allowed: true, by: 'x' }).status, 404);
  });
});
