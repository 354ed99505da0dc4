import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewSubscription } from '#engine/domain/commands/contents.ts';
import { MAX_REFUSED } from '#engine/domain/deciders/subscription.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { ClientState } from '#engine/domain/records/client.ts';
import type { SubscriptionState } from '#engine/domain/records/subscription.ts';
import { freshId, organization, process, SENDER, subscription, TOWN } from './samples.ts';
import { World } from './world.ts';

const EXISTS = 'Subscription EtatCivil for organization SI-21770288300018-77288 already exists';

function populated(): World {
  const world = new World();
  world.ask({ kind: 'organization.create', organization: organization(TOWN) });
  world.ask({ kind: 'organization.create', organization: organization(SENDER) });
  world.ask({ kind: 'process.create', process: process('EtatCivil') });
  return world;
}

const create = (world: World, over: Partial<NewSubscription> = {}) =>
  world.ask({ kind: 'subscription.create', subscription: { ...subscription(over), id: freshId(world.now) } });

function created(world: World, over: Partial<NewSubscription> = {}): SubscriptionState {
  const answer = create(world, over);
  assert.equal(answer?.status, 201, JSON.stringify(answer?.body));
  return answer.body as SubscriptionState;
}

const update = (world: World, id: Id, over: Partial<NewSubscription> = {}) =>
  world.ask({ kind: 'subscription.update', id, subscription: subscription(over) });

function updated(world: World, id: Id, over: Partial<NewSubscription> = {}): SubscriptionState {
  const answer = update(world, id, over);
  assert.equal(answer?.status, 200, JSON.stringify(answer?.body));
  return answer.body as SubscriptionState;
}

const stored = (world: World, id: Id) => world.records.get(`S${id}`) as SubscriptionState;

const STATUSES: [name: string, over: Partial<NewSubscription>, status: string][] = [
  ['default', {}, 'Inactif'],
  ['given', { status: 'Actif' }, 'Actif'],
  ['a date of rejection', { rejectDateTime: 1 }, 'Refusé'],
  ['a reason of rejection', { rejectionReason: 'incomplet' }, 'Refusé'],
  ['a reason, yet a status', { rejectionReason: 'ancienne', status: 'Inactif' }, 'Inactif'],
];
for (const [name, over, status] of STATUSES) {
  test(`status at creation: ${name}`, () => assert.equal(created(populated(), over).status, status));
}

const REFUSALS: [name: string, over: Partial<NewSubscription>, message: string][] = [
  [
    'unknown organization',
    { subscriber: { ...TOWN, branchCode: '1' } },
    'Organization SI-21770288300018-1 does not exist',
  ],
  ['unknown process', { processCode: 'PACS' }, 'Process PACS does not exist'],
  ['a second one', {}, EXISTS],
  ['a second one, of another status', { status: 'Suspendu' }, EXISTS],
];
for (const [name, over, message] of REFUSALS) {
  test(`refused at creation: ${name}`, () => {
    const world = populated();
    created(world);
    assert.deepEqual(create(world, over), { status: 400, body: { message } });
  });
}

test('refusals are history: they neither block a request nor are blocked by one', () => {
  const world = populated();
  const refused = created(world, { rejectionReason: 'incomplet' });
  const live = created(world);
  const again = created(world, { status: 'Refusé' });
  assert.deepEqual(create(world), { status: 400, body: { message: EXISTS } });
  const index = world.records.get('IEtatCivil|SI-21770288300018-77288');
  assert.deepEqual(index, { ids: [live.id, refused.id, again.id] });
  assert.equal(updated(world, live.id, { status: 'Refusé' }).status, 'Refusé');
  assert.equal(created(world).status, 'Inactif');
});

test('refusals of one organization and démarche are bounded', () => {
  const world = populated();
  for (let count = 0; count <= MAX_REFUSED; count += 1) created(world, { status: 'Refusé' });
  assert.equal(create(world)?.status, 400);
});

test('a deactivated démarche takes no new subscription and keeps those it has', () => {
  const world = populated();
  const live = created(world);
  world.ask({ kind: 'process.update', code: 'EtatCivil', process: { ...process('EtatCivil'), isActivated: false } });
  world.ask({ kind: 'organization.create', organization: organization({ ...TOWN, branchCode: '77289' }) });
  assert.deepEqual(create(world, { subscriber: { ...TOWN, branchCode: '77289' } }), {
    status: 400,
    body: { message: 'Process EtatCivil is not activated: it takes no new subscription' },
  });
  assert.equal(updated(world, live.id, { status: 'Suspendu' }).status, 'Suspendu');
});

test('PUT: what may be left out keeps its value, the rest is replaced', () => {
  const world = populated();
  const first = created(world, { status: 'Actif', rejectionReason: 'ancienne' });
  world.advance('2026-03-04T09:00:00Z');
  const state = updated(world, first.id, {
    localAdministrator: { email: 'nouveau@melun.test' },
    accessMode: 'PORTAIL',
    email: null,
  });
  assert.deepEqual(state, {
    ...first,
    status: 'Actif',
    localAdministrator: { ...first.localAdministrator, email: 'nouveau@melun.test' },
    accessMode: 'PORTAIL',
    email: null,
    rejectionReason: null,
    updateDateTime: world.now,
  });
  assert.deepEqual(stored(world, first.id), state);
  const cleared = updated(world, first.id, { localAdministrator: { email: 'x@melun.test', firstName: null } });
  assert.equal(cleared.localAdministrator.firstName, null);
  assert.equal(cleared.localAdministrator.lastName, 'Fictif');
});

test('PUT: neither organization nor démarche changes, Refusé is final, unknown is 404', () => {
  const world = populated();
  const live = created(world);
  assert.equal(update(world, live.id, { processCode: 'PACS' })?.status, 400);
  assert.equal(update(world, live.id, { subscriber: SENDER })?.status, 400);
  assert.deepEqual(update(world, freshId(world.now)), { status: 404, body: { message: 'Subscription is not found' } });
  const refused = created(world, { status: 'Refusé' });
  assert.equal(update(world, refused.id, { status: 'Actif' })?.status, 400);
  assert.equal(updated(world, refused.id, { rejectionReason: 'précisée' }).status, 'Refusé');
});

test('identities are stored without what answers add to them', () => {
  const named = { ...TOWN, name: 'Mairie de Melun' };
  assert.deepEqual(created(populated(), { subscriber: named }).subscriber, TOWN);
});

test('activation: by itself at 00:01 in Paris of the day asked', () => {
  const world = populated();
  const { id, status } = created(world, { activateDateTime: Date.parse('2026-03-10T15:00:00Z') });
  assert.equal(status, 'Inactif');
  world.advance('2026-03-09T23:00:30Z');
  assert.equal(stored(world, id).status, 'Inactif');
  world.advance('2026-03-09T23:01:00Z');
  assert.equal(stored(world, id).status, 'Actif');
  assert.equal(stored(world, id).updateDateTime, world.now);
  assert.equal(world.timers.size, 0);
});

test('activation: at once when the day has begun', () => {
  const world = populated();
  assert.equal(created(world, { activateDateTime: world.now + 3_600_000 }).status, 'Actif');
  assert.equal(world.timers.size, 0);
});

test('activation: a PUT moves the day, gives it for the first time, or takes it away', () => {
  const world = populated();
  const { id } = created(world, { activateDateTime: Date.parse('2026-03-10T12:00:00Z') });
  updated(world, id, { activateDateTime: Date.parse('2026-03-20T12:00:00Z') });
  world.advance('2026-03-15T12:00:00Z');
  assert.equal(stored(world, id).status, 'Inactif');
  updated(world, id, { activateDateTime: null });
  world.advance('2026-03-21T12:00:00Z');
  assert.equal(stored(world, id).status, 'Inactif');
  assert.equal(updated(world, id, { status: 'Inactif', activateDateTime: world.now }).status, 'Actif');
});

test('activation: a date of the past sent back does not undo a deactivation', () => {
  const world = populated();
  const past = Date.parse('2026-03-01T12:00:00Z');
  const { id, status } = created(world, { activateDateTime: past });
  assert.equal(status, 'Actif');
  assert.equal(updated(world, id, { status: 'Inactif', activateDateTime: past }).status, 'Inactif');
  assert.equal(updated(world, id, { status: 'Inactif', activateDateTime: past, email: null }).status, 'Inactif');
});

test('activation: a timer that fires late, twice or for nothing does no harm', () => {
  const world = populated();
  const { id } = created(world, { activateDateTime: Date.parse('2026-03-10T12:00:00Z') });
  world.ask({ kind: 'subscription.activate', id });
  assert.equal(stored(world, id).status, 'Inactif');
  world.ask({ kind: 'subscription.activate', id: freshId(world.now) });
  updated(world, id, { status: 'Suspendu', activateDateTime: Date.parse('2026-03-10T12:00:00Z') });
  assert.equal(world.timers.size, 0);
  world.now = Date.parse('2026-03-11T12:00:00Z');
  world.ask({ kind: 'subscription.activate', id });
  assert.equal(stored(world, id).status, 'Suspendu');
});

test('credentials of a recipient follow its subscription', () => {
  const world = populated();
  const live = created(world);
  const refused = created(world, { status: 'Refusé' });
  const credentials = (id: Id) =>
    ({
      kind: 'client.create',
      client: { clientId: `c${id}`, scope: 'SI', secret: 's', organization: null, subscription: id },
    }) as const;
  assert.equal(world.done<ClientState>(credentials(live.id)).organization, 'SI-21770288300018-77288');
  assert.equal(world.ask(credentials(refused.id))?.status, 400);
});
