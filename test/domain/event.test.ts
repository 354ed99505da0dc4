import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Caller } from '#engine/domain/commands/contents.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { ACTION_TYPES } from '#engine/domain/records/event.ts';
import { caseName } from '#engine/domain/records/names.ts';
import {
  admin,
  CITY,
  deposit,
  event,
  foreignOsl,
  HERE,
  notified,
  osl,
  PROCESS,
  patchCase,
  patchEvent,
  SENDER,
  SENDER_HOME,
  si,
  TOWN,
} from './samples.ts';
import { lastEvent, remove, type Scene, scene, statusOf, told, uploadTo } from './scene.ts';

describe('POST event', () => {
  const sides: [string, Caller, [number, number]][] = [
    ['a recipient tells the sender', si(), [0, 1]],
    ['a sender tells the recipient', osl, [1, 0]],
    ['an administrator tells the sender', admin, [0, 1]],
  ];
  for (const [what, caller, expected] of sides) {
    it(`${what} when notification is true, and nobody otherwise`, () => {
      for (const actionType of ACTION_TYPES.filter((action) => action !== 'ATTACH_DEPOSIT')) {
        const { world, case_ } = scene();
        assert.equal(world.ask(HERE, event(case_, caller, { actionType, notification: false })).status, 201);
        assert.deepEqual(told(world), [0, 0]);
        const command = event(case_, caller, { actionType });
        assert.equal(world.ask(HERE, command).status, 201);
        assert.deepEqual(told(world), expected);
        const [notification] = [...world.box(SENDER_HOME, SENDER, PROCESS), ...world.box(HERE, TOWN, PROCESS).slice(1)];
        assert.deepEqual(
          [notification?.event, notification?.case, notification?.transmitter],
          [command.event.id, case_.id, caller.org],
        );
      }
    });
  }

  it('is SENT and changes the case, or IN_PROGRESS and changes nothing for a deposit', () => {
    const { world, case_ } = scene();
    world.ask(HERE, deposit(case_, si(), { caseNewStatus: 'DONE' }));
    assert.equal(lastEvent({ world, case_ })?.status, 'IN_PROGRESS');
    assert.equal(statusOf({ world, case_ }), 'HUBEE_NOTIFIED');
    assert.deepEqual(told(world), [0, 0]);
    world.ask(HERE, event(case_, si(), { caseNewStatus: 'SI_RECEIVED' }));
    assert.equal(lastEvent({ world, case_ })?.status, 'SENT');
    assert.equal(statusOf({ world, case_ }), 'SI_RECEIVED');
  });

  it('stores caseCurrentStatus as sent, and fills it when absent', () => {
    const { world, case_ } = scene();
    world.ask(HERE, event(case_, si(), { caseCurrentStatus: 'stale', caseNewStatus: 'DONE' }));
    assert.equal(lastEvent({ world, case_ })?.caseCurrentStatus, 'stale');
    world.ask(HERE, event(case_, osl, { caseNewStatus: 'CLOSED' }));
    assert.equal(lastEvent({ world, case_ })?.caseCurrentStatus, 'DONE');
  });

  it('with CLOSED on a case already CLOSED still notifies', () => {
    const { world, case_ } = scene();
    world.ask(HERE, patchCase(case_.id, 'CLOSED', osl));
    assert.equal(world.ask(HERE, event(case_, osl, { caseNewStatus: 'CLOSED' })).status, 201);
    assert.deepEqual(told(world), [1, 0]);
  });

  it('lists events oldest first', () => {
    const { world, case_ } = scene();
    const commands = [event(case_, si()), event(case_, osl), event(case_, si())];
    for (const command of commands) world.ask(HERE, command);
    assert.deepEqual(
      world.get(HERE, caseName(case_.id))?.events.map((one) => one.id),
      commands.map((command) => command.event.id),
    );
  });

  it('is the same event when the same id comes again', () => {
    const { world, case_ } = scene();
    const command = event(case_, si());
    world.ask(HERE, command);
    assert.equal(world.ask(HERE, command).status, 201);
    assert.deepEqual(told(world), [0, 1]);
  });

  it('refuses strangers', () => {
    const { world, case_ } = scene();
    for (const caller of [foreignOsl, si(CITY), si(TOWN, 'CERTDC')]) {
      assert.equal(world.ask(HERE, event(case_, caller)).status, 403);
    }
  });
});

describe('PATCH event', () => {
  /** caller, status asked, event's side, event's status → answer (contract §8.3) */
  const rows: [Caller, 'SENT' | 'RECEIVED', Caller, 'IN_PROGRESS' | 'SENT' | 'RECEIVED', number][] = [
    [si(), 'SENT', si(), 'IN_PROGRESS', 204],
    [admin, 'SENT', si(), 'IN_PROGRESS', 204],
    [osl, 'SENT', si(), 'IN_PROGRESS', 403],
    [osl, 'RECEIVED', si(), 'IN_PROGRESS', 400],
    [si(), 'RECEIVED', si(), 'IN_PROGRESS', 403],
    [si(), 'SENT', si(), 'SENT', 204],
    [osl, 'SENT', si(), 'SENT', 403],
    [osl, 'RECEIVED', si(), 'SENT', 204],
    [admin, 'RECEIVED', si(), 'SENT', 204],
    [si(), 'RECEIVED', si(), 'SENT', 403],
    [si(), 'SENT', si(), 'RECEIVED', 400],
    [osl, 'RECEIVED', si(), 'RECEIVED', 204],
    [osl, 'SENT', osl, 'IN_PROGRESS', 204],
    [si(), 'SENT', osl, 'IN_PROGRESS', 403],
    [si(), 'RECEIVED', osl, 'SENT', 204],
    [osl, 'RECEIVED', osl, 'SENT', 403],
    [osl, 'RECEIVED', admin, 'SENT', 204],
    [si(), 'RECEIVED', admin, 'SENT', 403],
    [si(), 'SENT', admin, 'IN_PROGRESS', 403],
    [si(CITY), 'RECEIVED', osl, 'SENT', 403],
  ];
  for (const [caller, asked, author, status, answer] of rows) {
    it(`${asked} by ${caller.scope} ${caller.org} of an event by ${author.scope} that is ${status}: ${answer}`, () => {
      const { world, case_ } = scene();
      const command = deposit(case_, author);
      world.ask(HERE, command);
      world.ask(HERE, uploadTo(command, author));
      if (status !== 'IN_PROGRESS') world.ask(HERE, patchEvent(command, 'SENT', author));
      if (status === 'RECEIVED') world.ask(HERE, patchEvent(command, 'RECEIVED', author.scope === 'OSL' ? si() : osl));
      assert.equal(lastEvent({ world, case_ })?.status, status);
      const before = told(world);
      assert.equal(world.ask(HERE, patchEvent(command, asked, caller)).status, answer);
      const changed = answer === 204 && asked !== status;
      assert.equal(lastEvent({ world, case_ })?.status, changed ? asked : status);
      const count = (sums: [number, number]): number => sums[0] + sums[1];
      const told_ = answer === 204 && changed && !(asked === 'RECEIVED' && author.scope === 'ADMIN');
      assert.equal(count(told(world)), count(before) + (told_ ? 1 : 0));
    });
  }

  it('SENT applies the new status and tells the other side', () => {
    const { world, case_ } = scene();
    const command = deposit(case_, si(), { caseNewStatus: 'DONE' });
    world.ask(HERE, command);
    world.ask(HERE, uploadTo(command, si()));
    world.ask(HERE, patchEvent(command, 'SENT', si()));
    assert.equal(statusOf({ world, case_ }), 'DONE');
    assert.deepEqual(told(world), [0, 1]);
  });

  for (const given of [undefined, { status: 'REJECTED', sha256: null, blob: null }] as const) {
    it(`SENT is refused while a file is ${given?.status ?? 'PENDING'}`, () => {
      const { world, case_ } = scene();
      const command = deposit(case_, si());
      world.ask(HERE, command);
      if (given) world.ask(HERE, uploadTo(command, si(), given as never));
      assert.equal(world.ask(HERE, patchEvent(command, 'SENT', si())).status, 400);
      assert.equal(lastEvent({ world, case_ })?.status, 'IN_PROGRESS');
    });
  }

  it('RECEIVED acknowledges to the author, once, and leaves the addressee its notification', () => {
    const { world, case_ } = scene();
    const command = event(case_, si());
    world.ask(HERE, command);
    for (let n = 0; n < 2; n += 1) {
      assert.equal(world.ask(HERE, patchEvent(command, 'RECEIVED', osl)).status, 204);
      assert.deepEqual(told(world), [1, 1]);
    }
    const acknowledgement = world.box(HERE, TOWN, PROCESS).at(-1);
    assert.deepEqual(
      [acknowledgement?.case, acknowledgement?.event, acknowledgement?.transmitter],
      [case_.id, command.event.id, SENDER],
    );
  });

  it('RECEIVED of an event by ADMIN acknowledges to it', () => {
    const { world, case_ } = scene();
    const command = event(case_, admin);
    world.ask(HERE, command);
    world.ask(HERE, patchEvent(command, 'RECEIVED', osl));
    const [acknowledgement] = world.box(partitionOf(admin.org), admin.org, PROCESS);
    assert.deepEqual([acknowledgement?.event, acknowledgement?.transmitter], [command.event.id, SENDER]);
  });

  it('RECEIVED tells nobody when the event notifies nobody', () => {
    const { world, case_ } = scene();
    const command = event(case_, si(), { notification: false });
    world.ask(HERE, command);
    world.ask(HERE, patchEvent(command, 'RECEIVED', osl));
    assert.deepEqual(told(world), [0, 0]);
  });

  it('RECEIVED is accepted after the case is CLOSED', () => {
    const { world, case_ } = scene();
    const command = event(case_, osl, { caseNewStatus: 'CLOSED' });
    world.ask(HERE, command);
    assert.equal(world.ask(HERE, patchEvent(command, 'RECEIVED', si())).status, 204);
    assert.deepEqual(told(world), [1, 1]);
  });

  it('does not know an event of another case', () => {
    const { world, case_ } = scene();
    const other = notified(world).cases[0] as Scene['case_'];
    const command = event(other, si());
    world.ask(HERE, command);
    const answer = world.ask(HERE, { ...patchEvent(command, 'RECEIVED', osl), case: case_.id });
    assert.deepEqual(answer, { status: 404, body: { message: 'event is not found' } });
    const gone = world.ask(HERE, { ...remove(command, si()), case: case_.id });
    assert.deepEqual(gone, { status: 404, body: { message: 'Event is not found' } });
  });

  it('repeated waits until the other partition lists the notification', () => {
    const { world, case_ } = scene();
    const command = event(case_, si());
    world.send(HERE, command);
    world.step({ kind: 'turn', partition: HERE });
    const again = world.send(HERE, patchEvent(command, 'SENT', si()));
    world.step({ kind: 'turn', partition: HERE });
    assert.equal(again.settled, false);
    world.run();
    assert.equal(again.settled, true);
  });
});
