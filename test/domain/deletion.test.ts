import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Caller } from '#engine/domain/commands/contents.ts';
import { caseName, folderName } from '#engine/domain/records/names.ts';
import {
  type createCommand,
  created,
  event,
  foreignOsl,
  HERE,
  notified,
  osl,
  patchCase,
  patchFolder,
  recipientIn,
  si,
  TOWN,
  upload,
  uploaded,
} from './samples.ts';
import { World } from './world.ts';

describe('DELETE folder', () => {
  const remove = (folder: ReturnType<typeof createCommand>['folder'], caller: Caller = osl) =>
    ({ kind: 'folder.delete', folder, caller }) as const;

  it('removes records and bytes', () => {
    const world = new World();
    const recipients = Array.from({ length: 300 }, () => TOWN);
    const { folder } = uploaded(world, { recipients });
    assert.equal(world.ask(HERE, remove(folder)).status, 204);
    assert.deepEqual([...world.place(HERE).records.keys()], []);
    assert.deepEqual(world.jobs, [{ kind: 'unlink', body: { blobs: ['b0'] } }]);
    assert.equal(world.ask(HERE, remove(folder)).status, 404);
  });

  it('refuses a folder that was notified, and it lives on', () => {
    const world = new World();
    const { folder } = notified(world);
    assert.equal(world.ask(HERE, remove(folder)).status, 400);
    assert.ok(world.get(HERE, folderName(folder)));
  });

  it('refuses other senders and recipients', () => {
    const world = new World();
    const { folder } = created(world);
    for (const caller of [foreignOsl, si()]) assert.equal(world.ask(HERE, remove(folder, caller)).status, 403);
  });

  it('refuses one with an event, and takes one whose case only had a status', () => {
    const world = new World();
    const [withEvent, without] = [created(world), created(world)];
    for (const { cases } of [withEvent, without]) {
      assert.equal(world.ask(HERE, { kind: 'folder.open', case: cases[0]?.id as never, caller: osl }).status, 204);
    }
    const [case_] = withEvent.cases;
    if (!case_) throw new Error('a folder has a case');
    world.ask(HERE, event(case_, osl, { notification: false }));
    world.ask(HERE, patchCase(without.cases[0]?.id as never, 'HUBEE_NOTIFIED', osl));
    assert.equal(world.ask(HERE, remove(withEvent.folder)).status, 400);
    assert.equal(world.ask(HERE, remove(without.folder)).status, 204);
    assert.equal(world.get(HERE, caseName(without.cases[0]?.id as never)), undefined);
  });

  const three = [TOWN, recipientIn(HERE + 3), recipientIn(HERE + 4)];
  const opened = (world: World, status: 'DONE' | null = null) => {
    const made = created(world, { recipients: three });
    for (const { id, home } of made.cases) {
      world.ask(HERE, { kind: 'folder.open', case: id, caller: osl });
      if (status) world.ask(home, patchCase(id, status, osl));
    }
    return made;
  };

  it('takes one whose cases were opened in other partitions and have no event', () => {
    const world = new World();
    const { folder, cases } = opened(world, 'DONE');
    assert.equal(world.ask(HERE, remove(folder)).status, 204);
    for (const { home, id } of cases) assert.equal(world.get(home, caseName(id)), undefined);
    assert.equal(world.ask(HERE, remove(folder)).status, 404);
  });

  it('refuses one with an event in another partition, and leaves everything as it was', () => {
    const world = new World();
    const { folder, cases } = opened(world, 'DONE');
    const [, , last] = cases as [never, never, { id: never; home: number }];
    world.ask(last.home, event(last, osl));
    const before = JSON.stringify(cases.map(({ id, home }) => world.get(home, caseName(id))));
    const asks = [world.send(HERE, remove(folder)), world.send(HERE, remove(folder))];
    world.run();
    for (const { answer } of asks) {
      assert.deepEqual(answer, {
        status: 400,
        body: { message: 'Folder has an event or a notification: it can no longer be deleted' },
      });
    }
    assert.equal(JSON.stringify(cases.map(({ id, home }) => world.get(home, caseName(id)))), before);
    assert.equal(world.get(HERE, folderName(folder))?.deleting, undefined);
    assert.equal(world.ask(cases[1]?.home as number, patchCase(cases[1]?.id as never, 'SENT', osl)).status, 204);
  });

  it('is decided once, among events and completions of the same cases, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 40 }), (picks) => {
        const world = new World();
        const { folder, home, cases } = opened(world);
        upload(world, { folder, home, cases }, 0);
        const last = cases[2] as { id: never; home: number };
        const [deletion, posted, completed] = [
          world.send(HERE, remove(folder)),
          world.send(last.home, event(last, osl)),
          world.send(HERE, patchFolder({ folder, home, cases }, 'HUBEE_COMPLETED')),
        ] as const;
        for (const pick of picks) {
          const steps = world.steps();
          if (steps.length > 0) world.step(steps[pick % steps.length] as never);
        }
        world.run();
        const [removed, told] = [deletion, posted].map(({ answer }) => answer?.status);
        assert.ok(deletion.settled && posted.settled && completed.settled);
        const left = cases.map((one) => world.get(one.home, caseName(one.id)));
        if (removed === 204) {
          assert.deepEqual([told === 201, left.some(Boolean)], [false, false]);
          assert.equal(world.get(HERE, folderName(folder)), undefined);
        } else {
          assert.deepEqual([removed, left.every(Boolean), left.some((one) => one?.held)], [400, true, false]);
          assert.equal(left[2]?.events.length, told === 201 ? 1 : 0);
        }
      }),
      { numRuns: 200 },
    );
  });
});
