import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SUSPENDED_PER_TURN } from '#engine/domain/deciders/process.ts';
import type { ReferentialCommand } from '#engine/domain/deciders/referential.ts';
import { type OrganizationId, orgKey } from '#engine/domain/organization.ts';
import type { ClientState } from '#engine/domain/records/client.ts';
import type { SubscriptionState } from '#engine/domain/records/subscription.ts';
import { freshId, organization, process, SENDER, subscription, TOWN } from './samples.ts';
import { World } from './world.ts';

const client = (over: Partial<Extract<ReferentialCommand, { kind: 'client.create' }>['client']> = {}) =>
  ({
    kind: 'client.create',
    client: { clientId: 'c1', scope: 'OSL', secret: 'first', organization: SENDER, subscription: null, ...over },
  }) as const satisfies ReferentialCommand;

const createOrganization = (org: OrganizationId) =>
  ({ kind: 'organization.create', organization: organization(org) }) as const satisfies ReferentialCommand;

const REFUSALS: [name: string, command: ReferentialCommand, status: number, message: string][] = [
  ['an organization twice', createOrganization(TOWN), 400, 'Organization SI-21770288300018-77288 already exists'],
  [
    'PUT of an unknown organization',
    { kind: 'organization.update', key: 'SI-00000000000000-1', organization: organization(TOWN) },
    404,
    'Organization is not found',
  ],
  [
    'PUT of an organization with another identity',
    { kind: 'organization.update', key: orgKey(TOWN), organization: organization({ ...TOWN, branchCode: '1' }) },
    400,
    'Organization SI-21770288300018-77288 cannot be renamed to SI-21770288300018-1: its identity is fixed',
  ],
  [
    'a process twice',
    { kind: 'process.create', process: process('EtatCivil') },
    400,
    'Process EtatCivil already exists',
  ],
  [
    'PUT of an unknown process',
    { kind: 'process.update', code: 'none', process: process('none') },
    404,
    'Process is not found',
  ],
  [
    'PUT of a process with another code',
    { kind: 'process.update', code: 'EtatCivil', process: process('PACS') },
    400,
    'Process EtatCivil cannot be renamed to PACS: its code is fixed',
  ],
  ['a client id twice', client({ clientId: 'known' }), 400, 'Client known already exists'],
  [
    'a sender that is no organization of type OSL',
    client({ organization: TOWN }),
    400,
    'A client of scope OSL needs an organization of type OSL',
  ],
  [
    'a sender that is unknown',
    client({ organization: { ...SENDER, branchCode: '9' } }),
    400,
    'Organization OSL-13000918600011-9 does not exist',
  ],
  ['a client of no organization', client({ organization: null }), 400, 'A client of scope OSL needs an organization'],
  [
    'a recipient without a subscription',
    client({ scope: 'SI', organization: null }),
    400,
    'A client of scope SI needs a subscription',
  ],
  [
    'a recipient of an unknown subscription',
    client({ scope: 'SI', organization: null, subscription: freshId(1) }),
    400,
    'The subscription of this client does not exist',
  ],
  [
    'rotation of an unknown client',
    { kind: 'client.rotate', clientId: 'none', secret: 's', overlapMs: 0 },
    404,
    'Client is not found',
  ],
  ['revocation of an unknown client', { kind: 'client.revoke', clientId: 'none' }, 404, 'Client is not found'],
];

function populated(): World {
  const world = new World();
  world.ask(createOrganization(TOWN));
  world.ask(createOrganization(SENDER));
  world.ask({ kind: 'process.create', process: process('EtatCivil') });
  world.ask(client({ clientId: 'known' }));
  return world;
}

for (const [name, command, status, message] of REFUSALS) {
  test(`refused: ${name}`, () => {
    const world = populated();
    const before = structuredClone(world.records);
    assert.deepEqual(world.ask(command), { status, body: { message } });
    assert.deepEqual(world.records, before);
  });
}

test('an organization is created, then replaced, and keeps its date of creation', () => {
  const world = new World();
  const created = world.ask(createOrganization(TOWN));
  assert.equal(created?.status, 201);
  assert.deepEqual(created.body, { ...organization(TOWN), created: world.now, updated: null });
  const first = world.now;
  world.advance('2026-03-05T09:00:00Z');
  const changed = { ...organization(TOWN), name: 'Ville de Melun', email: null };
  const updated = world.ask({ kind: 'organization.update', key: orgKey(TOWN), organization: changed });
  assert.deepEqual(updated, { status: 200, body: { ...changed, created: first, updated: world.now } });
  assert.deepEqual(world.records.get(`O${orgKey(TOWN)}`), updated?.body);
});

test('a process is created, then replaced', () => {
  const world = populated();
  const changed = { ...process('EtatCivil'), isActivated: false };
  const updated = world.ask({ kind: 'process.update', code: 'EtatCivil', process: changed });
  assert.equal(updated?.status, 200);
  assert.equal((updated.body as { isActivated: boolean }).isActivated, false);
});

test('an administrator’s client needs no registered organization', () => {
  const platform = { type: 'Admin', companyRegister: '13002526500013', branchCode: '00000' };
  const answer = new World().ask(client({ scope: 'ADMIN', organization: platform }));
  assert.equal(answer?.status, 201);
  assert.equal((answer.body as { organization: string }).organization, 'Admin-13002526500013-00000');
});

test('a rotation keeps the old secret for the overlap only, a second one forgets the first', () => {
  const world = populated();
  const rotate = (secret: string, overlapMs: number) =>
    world.done<ClientState>({ kind: 'client.rotate', clientId: 'known', secret, overlapMs });
  const first = rotate('second', 60_000);
  assert.equal(first.secret, 'second');
  assert.equal(first.previousSecret, 'first');
  assert.equal(first.previousUntil, world.now + 60_000);
  assert.equal(first.rotated, world.now);
  assert.equal(rotate('third', 60_000).previousSecret, 'second');
  const abrupt = rotate('fourth', 0);
  assert.equal(abrupt.previousSecret, null);
  assert.equal(abrupt.previousUntil, null);
});

test('a revocation is final, and repeating it changes nothing', () => {
  const world = populated();
  const revoked = world.done<ClientState>({ kind: 'client.revoke', clientId: 'known' });
  assert.equal(revoked.revoked, world.now);
  world.advance('2026-03-03T09:00:00Z');
  assert.deepEqual(world.done<ClientState>({ kind: 'client.revoke', clientId: 'known' }), revoked);
  assert.deepEqual(world.ask({ kind: 'client.rotate', clientId: 'known', secret: 's', overlapMs: 0 }), {
    status: 400,
    body: { message: 'Client known is revoked: create another one' },
  });
});

test('a deactivated démarche suspends its active subscriptions after a while, unless it is active again before', () => {
  const world = new World();
  const count = 2 * SUSPENDED_PER_TURN + 1;
  world.done({ kind: 'process.create', process: process('EtatCivil') });
  const ids = Array.from({ length: count }, (_, index) => {
    const org = { ...TOWN, branchCode: String(index).padStart(5, '0') };
    world.done(createOrganization(org));
    const id = freshId(world.now);
    const status = index === 1 ? 'Inactif' : 'Actif';
    world.done({ kind: 'subscription.create', subscription: { ...subscription({ subscriber: org, status }), id } });
    return id;
  });
  const put = (isActivated: boolean) =>
    world.done({
      kind: 'process.update',
      code: 'EtatCivil',
      process: { ...process('EtatCivil'), isActivated },
      suspend: { days: 10, subscriptions: ids },
    });
  const statuses = () => ids.map((id) => (world.records.get(`S${id}`) as SubscriptionState).status);
  const before = statuses();
  put(false);
  world.advance('2026-03-10T09:00:00Z');
  put(true);
  world.advance('2026-03-20T09:00:00Z');
  assert.deepEqual(statuses(), before, 'active again in time');
  put(false);
  world.advance('2026-03-25T09:00:00Z');
  put(false);
  world.advance('2026-03-30T08:59:00Z');
  assert.deepEqual(statuses(), before, 'not before its time');
  world.advance('2026-03-30T09:00:00Z');
  assert.deepEqual(new Set(statuses()), new Set(['Suspendu', 'Inactif']));
  assert.equal(statuses().indexOf('Inactif'), 1);
  const versions = ids.map((id) => (world.records.get(`S${id}`) as SubscriptionState).version);
  assert.deepEqual([versions[0], versions[1], versions.at(-1)], [2, 0, 2], 'their mailboxes were told');
  put(true);
  assert.equal(statuses()[0], 'Suspendu', 'resumed by PUT alone');
});
