import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Caller } from '#engine/domain/commands/contents.ts';
import { toUuid } from '#engine/domain/ids.ts';
import {
  admin,
  deposit,
  event,
  HERE,
  notified,
  osl,
  PROCESS,
  patchEvent,
  patchFolder,
  received,
  si,
  uploaded,
} from './samples.ts';
import { World } from './world.ts';

/** Contract §10: who is told by e-mail, and when. The API gives the address, or null when there is none to give. */
const TO = 'mairie@commune.test';
const mails = (world: World) => world.jobs.filter((job) => job.kind === 'mail').map((job) => job.body);

describe('e-mails', () => {
  it('leave with HUBEE_COMPLETED, one per case with an address', () => {
    const world = new World();
    const deposited = uploaded(world);
    world.ask(HERE, patchFolder(deposited, 'HUBEE_COMPLETED', { mails: [TO] }));
    world.ask(HERE, patchFolder(deposited, 'HUBEE_COMPLETED', { mails: [TO] }));
    assert.deepEqual(mails(world), [
      { to: TO, case: toUuid(deposited.cases[0]?.id as never), event: null, process: PROCESS },
    ]);
  });

  it('do not leave without an address', () => {
    const world = new World();
    const deposited = uploaded(world);
    world.ask(HERE, patchFolder(deposited, 'HUBEE_COMPLETED', { mails: [null] }));
    assert.deepEqual(mails(world), []);
  });

  const posts: [string, Caller, boolean, number][] = [
    ['the sender, notified', osl, true, 1],
    ['the sender, not notified', osl, false, 0],
    ['the recipient', si(), true, 0],
    ['an administrator', admin, true, 0],
  ];
  for (const [who, caller, notification, count] of posts) {
    it(`${count === 1 ? 'leave' : 'do not leave'} for an event posted by ${who}`, () => {
      const world = new World();
      const case_ = notified(world).cases[0] as { id: never; home: number };
      world.ask(HERE, { ...event(case_, caller, { notification }), mail: TO });
      assert.equal(mails(world).length, count);
    });
  }

  const patches: [string | null, boolean, number][] = [
    ['HUBEE_NOTIFIED', true, 1],
    ['HUBEE_NOTIFIED', false, 0],
    ['DONE', true, 0],
    [null, true, 0],
  ];
  for (const [caseNewStatus, notification, count] of patches) {
    it(`${count} for a deposit of the sender sent with ${caseNewStatus}, notification ${notification}`, () => {
      const world = new World();
      const case_ = notified(world).cases[0] as { id: never; home: number };
      const command = deposit(case_, osl, { caseNewStatus: caseNewStatus as never, notification });
      world.ask(HERE, { ...command, mail: TO });
      const upload = {
        kind: 'case.event.upload',
        case: case_.id,
        event: command.event.id,
        index: 0,
        caller: osl,
      } as const;
      world.ask(HERE, { ...upload, upload: received('m') });
      assert.equal(mails(world).length, 0);
      world.ask(HERE, patchEvent(command, 'SENT', osl, TO));
      world.ask(HERE, patchEvent(command, 'SENT', osl, TO));
      assert.equal(mails(world).length, count);
    });
  }
});
