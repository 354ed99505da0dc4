import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Caller } from '#engine/domain/commands/contents.ts';
import { KIND, notificationId, notificationParts } from '#engine/domain/ids.ts';
import { CASE_MARK, caseName, caseSet, recipientName } from '#engine/domain/records/names.ts';
import { boxOf } from '#engine/domain/records/recipient.ts';
import {
  admin,
  CITY,
  event,
  HERE,
  NOON,
  notified,
  osl,
  PROCESS,
  patchCase,
  patchEvent,
  recipientIn,
  SENDER,
  SENDER_HOME,
  si,
  TOWN,
} from './samples.ts';
import { testId, World } from './world.ts';

const remove = (notification: never, caller: Caller) => ({ kind: 'mailbox.delete', notification, caller }) as const;
const NOT_FOUND = { status: 404, body: { message: 'Notification is not found' } };

describe('notifications', () => {
  it('have ids that say their partition, box and sequence, which is dense over all démarches', () => {
    const world = new World();
    const notify = (process: string) =>
      world.send(HERE, {
        kind: 'mailbox.notify',
        notification: {
          case: testId(KIND.case, HERE, NOON),
          event: null,
          transmitter: SENDER,
          recipient: TOWN,
          process,
        },
      });
    for (const process of ['A', 'B', 'constructor', '__proto__', 'A']) notify(process);
    world.run();
    const all = ['A', 'B', 'constructor', '__proto__'].flatMap((process) => world.box(HERE, TOWN, process));
    assert.deepEqual(all.map((one) => one.sequence).sort(), [1, 2, 3, 4, 5]);
    for (const one of all) {
      assert.deepEqual(notificationParts(one.id).sequence, one.sequence);
      assert.equal(notificationParts(one.id).home, HERE);
      assert.equal(notificationParts(one.id).ms, world.now);
    }
    assert.equal(new Set(all.map((one) => notificationParts(one.id).box)).size, 4);
  });

  const rights: [string, Caller, number][] = [
    ['its recipient', si(), 204],
    ['its recipient with the credentials of another démarche', si(TOWN, 'CERTDC'), 403],
    ['another recipient of the partition', si(recipientIn(HERE, 1)), 403],
    ['another recipient elsewhere', si(CITY), 403],
    ['the sender', osl, 403],
    ['an administrator', admin, 204],
  ];
  for (const [who, caller, status] of rights) {
    it(`answer ${status} when ${who} deletes one`, () => {
      const world = new World();
      notified(world);
      notified(world, { recipients: [recipientIn(HERE, 1)] });
      const [one] = world.box(HERE, TOWN, PROCESS);
      assert.equal(world.ask(HERE, remove(one?.id as never, caller)).status, status);
      assert.equal(world.box(HERE, TOWN, PROCESS).length, status === 204 ? 0 : 1);
    });
  }

  it('go for good: case and event stay, a second deletion finds nothing', () => {
    const world = new World();
    const case_ = notified(world).cases[0] as { id: never; home: number };
    const command = event(case_, si());
    world.ask(HERE, command);
    const [one] = world.box(SENDER_HOME, SENDER, PROCESS);
    const before = world.get(HERE, caseName(case_.id));
    assert.equal(world.ask(SENDER_HOME, remove(one?.id as never, osl)).status, 204);
    assert.deepEqual(world.ask(SENDER_HOME, remove(one?.id as never, osl)), NOT_FOUND);
    assert.deepEqual(world.get(HERE, caseName(case_.id)), before);
    assert.deepEqual(world.box(SENDER_HOME, SENDER, PROCESS), []);
    assert.equal(world.box(HERE, TOWN, PROCESS).length, 1);
  });

  it('are not found by an id that was not given', () => {
    const world = new World();
    notified(world);
    const [one] = world.box(HERE, TOWN, PROCESS);
    const { box, sequence, ms } = notificationParts(one?.id as never);
    for (const id of [
      notificationId(HERE, box, sequence, ms + 1),
      notificationId(HERE, box, sequence + 1, ms),
      notificationId(HERE, box + 1, sequence, ms),
    ]) {
      assert.deepEqual(world.ask(HERE, remove(id as never, si())), NOT_FOUND);
    }
  });

  it('are given in a dense sequence, each once, whatever is deleted in between', () => {
    const actions = fc.array(fc.oneof(fc.constant('add'), fc.nat({ max: 5 })), { maxLength: 40 });
    fc.assert(
      fc.property(actions, (list) => {
        const world = new World();
        let given = 0;
        for (const action of list) {
          if (action === 'add') {
            notified(world);
            given += 1;
            assert.equal(world.box(HERE, TOWN, PROCESS).at(-1)?.sequence, given);
          } else {
            const [one] = world.box(HERE, TOWN, PROCESS).slice(action as number);
            if (one) assert.equal(world.ask(HERE, remove(one.id as never, si())).status, 204);
          }
        }
        assert.equal(world.get(HERE, recipientName(TOWN))?.sequence ?? 0, given);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the list of cases of a recipient', () => {
  it('marks open, closed and purged cases', () => {
    const world = new World();
    const { cases, folder, home } = notified(world);
    const id = cases[0]?.id as never;
    const recipient = world.get(HERE, recipientName(TOWN));
    const mark = (): number | undefined =>
      world
        .place(HERE)
        .set(caseSet(boxOf(recipient as never, PROCESS) as number))
        .get(id);
    assert.equal(mark(), CASE_MARK.open);
    world.ask(HERE, patchCase(id, 'CLOSED', osl));
    assert.equal(mark(), CASE_MARK.closed);
    const attachments = [testId(KIND.attachment, home, NOON)];
    assert.equal(world.ask(HERE, { kind: 'case.purged', case: id, caller: si(), attachments }).status, 204);
    assert.equal(mark(), CASE_MARK.closed);
    const own = Buffer.from(folder, 'base64url');
    own[6] = 0x70 | KIND.attachment;
    const purged = [own.toString('base64url') as never];
    assert.equal(world.ask(HERE, { kind: 'case.purged', case: id, caller: si(CITY), attachments: purged }).status, 403);
    world.ask(HERE, { kind: 'case.purged', case: id, caller: si(), attachments: purged });
    assert.equal(mark(), CASE_MARK.purged);
    world.ask(HERE, patchCase(id, 'HUBEE_NOTIFIED', osl));
    assert.equal(mark(), CASE_MARK.open);
  });
});

describe('both habits of clients (contract §9)', () => {
  it('give the same status, whatever the order of PATCH and event, and one notification an event', () => {
    const habit = fc.record({
      status: fc.constantFrom('SI_RECEIVED', 'IN_PROGRESS', 'DONE', 'REFUSED'),
      patch: fc.constantFrom('before', 'after', 'never'),
    });
    fc.assert(
      fc.property(fc.array(habit, { minLength: 1, maxLength: 6 }), (habits) => {
        const world = new World();
        const case_ = notified(world).cases[0] as { id: never; home: number };
        for (const { status, patch } of habits) {
          const caseNewStatus = status as 'DONE';
          if (patch === 'before') world.ask(HERE, patchCase(case_.id, caseNewStatus));
          const command = event(case_, si(), { caseNewStatus, caseCurrentStatus: 'HUBEE_NOTIFIED' });
          world.ask(HERE, command);
          if (patch === 'after') world.ask(HERE, patchCase(case_.id, caseNewStatus));
          assert.equal(world.get(HERE, caseName(case_.id))?.status, status);
          assert.equal(world.ask(HERE, patchEvent(command, 'RECEIVED', osl)).status, 204);
        }
        assert.equal(world.box(SENDER_HOME, SENDER, PROCESS).length, habits.length);
        assert.equal(world.box(HERE, TOWN, PROCESS).length, habits.length + 1);
      }),
      { numRuns: 40 },
    );
  });
});
