import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NewSubscription } from '#engine/domain/commands/contents.ts';
import type { Id } from '#engine/domain/ids.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { isOpen } from '#engine/domain/records/door.ts';
import type { SubscriptionState } from '#engine/domain/records/subscription.ts';
import { freshId, organization, process, subscription, TOWN } from './samples.ts';
import { World } from './world.ts';

/** What the subscriber's mailbox is told: each time a subscription becomes, or ceases to be, Actif, numbered. */
class Register {
  readonly world = new World();

  constructor() {
    this.world.done({ kind: 'organization.create', organization: organization(TOWN) });
    this.world.done({ kind: 'process.create', process: process('EtatCivil') });
  }

  create(over: Partial<NewSubscription>): Id {
    const asked = { ...subscription(over), id: freshId(this.world.now) };
    return this.world.done<SubscriptionState>({ kind: 'subscription.create', subscription: asked }).id;
  }

  update(id: Id, over: Partial<NewSubscription>): void {
    this.world.done({ kind: 'subscription.update', id, subscription: subscription(over) });
  }

  /** [number of the change, whether it is active now, e-mail] */
  get told(): [number, boolean, string | null][] {
    return this.world.outs.map(({ to, message, wait }) => {
      const { command } = message;
      assert.ok(command.kind === 'mailbox.door');
      assert.deepEqual(
        [to, command.org, command.process, wait],
        [partitionOf(orgKey(TOWN)), orgKey(TOWN), 'EtatCivil', false],
      );
      return [Math.floor(command.word / 2), isOpen(command.word), command.mail];
    });
  }
}

describe('the subscriber’s mailbox', () => {
  it('is told of each activation and suspension, once and in order, and of nothing else', () => {
    const register = new Register();
    const id = register.create({ status: 'Inactif' });
    assert.equal(register.told.length, 0);
    register.update(id, { status: 'Actif', email: 'mairie@ville.test', notificationFrequency: 'Unitaire' });
    register.update(id, { status: 'Actif', email: 'autre@ville.test' });
    register.update(id, { status: 'Suspendu' });
    register.update(id, { status: 'Actif', notificationFrequency: 'Aucune' });
    assert.deepEqual(register.told, [
      [1, true, 'mairie@ville.test'],
      [2, false, null],
      [3, true, null],
    ]);
  });

  it('hears of a refusal, and of the subscription that follows it, by numbers that go on', () => {
    const register = new Register();
    register.update(register.create({ status: 'Actif' }), { status: 'Refusé' });
    register.create({ status: 'Refusé' });
    register.create({ status: 'Actif' });
    assert.deepEqual(
      register.told.map(([version, open]) => [version, open]),
      [
        [1, true],
        [2, false],
        [3, true],
      ],
    );
  });

  it('hears of an activation by its day', () => {
    const register = new Register();
    register.create({ status: 'Inactif', activateDateTime: Date.parse('2026-03-10T09:00:00Z') });
    register.world.advance('2026-03-09T22:00:00Z');
    assert.equal(register.told.length, 0);
    register.world.advance('2026-03-10T00:00:00Z');
    assert.deepEqual(
      register.told.map(([version, open]) => [version, open]),
      [[1, true]],
    );
  });
});
