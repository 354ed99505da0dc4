import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PurgeSettings } from '#engine/domain/commands/contents.ts';
import { afterDays, reaches } from '#engine/domain/deciders/case/purge.ts';
import type { CaseStatus } from '#engine/domain/records/case.ts';
import { caseName, folderName } from '#engine/domain/records/names.ts';
import {
  CITY,
  deposit,
  event,
  HERE,
  notified,
  osl,
  PROCESS,
  PURGE,
  patchCase,
  patchEvent,
  patchFolder,
  received,
  si,
  THERE,
  TOWN,
} from './samples.ts';
import { World } from './world.ts';

const DAY = 24 * 3_600_000;
/** 20 April 2026, 0:00 in Paris */
const DUE = Date.UTC(2026, 3, 19, 22);
const unlinked = (world: World): string[] =>
  world.jobs.filter((job) => job.kind === 'unlink').flatMap((job) => (job.body as { blobs: string[] }).blobs);

interface Scene {
  world: World;
  given: ReturnType<typeof notified>;
  id: never;
}

function scene(options: Parameters<typeof notified>[1] = {}): Scene {
  const world = new World();
  const given = notified(world, options);
  return { world, given, id: given.cases[0]?.id as never };
}

describe('the day files may go', () => {
  it('is the day of the change, the delay and one more', () => {
    assert.equal(afterDays(Date.UTC(2026, 3, 15, 10), 4), DUE);
    assert.equal(afterDays(Date.UTC(2026, 3, 14, 22), 4), DUE);
    assert.equal(afterDays(Date.UTC(2026, 3, 15, 21, 59), 4), DUE);
    assert.equal(afterDays(Date.UTC(2026, 9, 24, 10), 0), Date.UTC(2026, 9, 24, 22));
    assert.equal(afterDays(Date.UTC(2026, 9, 25, 10), 0), Date.UTC(2026, 9, 25, 23));
  });

  const reached: [CaseStatus, CaseStatus, boolean][] = [
    ['CLOSED', 'CLOSED', true],
    ['DONE', 'CLOSED', false],
    ['CLOSED', 'SI_RECEIVED', true],
    ['DONE', 'IN_PROGRESS', true],
    ['SENT', 'IN_PROGRESS', false],
    ['REFUSED', 'DONE', false],
    ['DONE', 'REFUSED', true],
    ['SI_INTG_ERROR', 'IN_PROGRESS', false],
    ['SI_INTG_ERROR', 'SI_INTG_ERROR', true],
    ['CLOSED', 'SI_INTG_ERROR', true],
    ['HUBEE_COMPLETED', 'IN_PROGRESS', false],
  ];
  for (const [status, wanted, expected] of reached) {
    it(`${status} ${expected ? 'reaches' : 'does not reach'} ${wanted}`, () => {
      assert.equal(reaches(status, wanted), expected);
    });
  }
});

describe('purge of files', () => {
  it('deletes the bytes on the day, keeps the description, and tells the case', () => {
    const { world, given, id } = scene();
    world.ask(HERE, patchCase(id, 'CLOSED', osl));
    assert.equal(world.get(HERE, caseName(id))?.purge, DUE);
    world.advance(DUE - 1);
    assert.deepEqual(unlinked(world), []);
    world.advance(DUE);
    assert.deepEqual(unlinked(world), ['b0']);
    for (const file of [
      world.get(HERE, folderName(given.folder))?.attachments[0],
      world.get(HERE, caseName(id))?.attachments[0],
    ]) {
      assert.deepEqual([file?.status, file?.blob, file?.fileName], ['DELETED', null, 'acte 0.pdf']);
    }
  });

  it('counts a status jumped over, from the day it was passed', () => {
    const { world, id } = scene();
    const purge: PurgeSettings = { ...PURGE, status: 'IN_PROGRESS' };
    world.ask(HERE, patchCase(id, 'SENT', si(), purge));
    assert.equal(world.get(HERE, caseName(id))?.purge, null);
    world.ask(HERE, patchCase(id, 'DONE', si(), purge));
    assert.equal(world.get(HERE, caseName(id))?.purge, DUE);
    world.now += 2 * DAY;
    world.ask(HERE, patchCase(id, 'CLOSED', osl, purge));
    assert.equal(world.get(HERE, caseName(id))?.purge, DUE);
  });

  it('is given up when the case is reopened, and dated anew', () => {
    const { world, id } = scene();
    world.ask(HERE, patchCase(id, 'CLOSED', osl));
    world.advance(world.now + 2 * DAY);
    world.ask(HERE, patchCase(id, 'HUBEE_NOTIFIED', osl));
    world.advance(world.now + 60 * DAY);
    assert.deepEqual(unlinked(world), []);
    assert.equal(world.get(HERE, caseName(id))?.status, 'HUBEE_NOTIFIED');
    world.ask(HERE, patchCase(id, 'CLOSED', osl));
    world.advance(world.now + 6 * DAY);
    assert.deepEqual(unlinked(world), ['b0']);
  });

  it('waits for the last case of a shared file, across partitions, and not for a file of one', () => {
    const { world, given } = scene({ recipients: [TOWN, CITY], files: [[0, 1], [0]] });
    const [first, second] = given.cases;
    world.ask(HERE, patchCase(first?.id as never, 'CLOSED', osl));
    world.advance(DUE);
    assert.deepEqual(unlinked(world), ['b1']);
    world.ask(THERE, patchCase(second?.id as never, 'CLOSED', osl));
    world.advance(DUE + 4 * DAY);
    assert.deepEqual(unlinked(world), ['b1']);
    world.advance(DUE + 6 * DAY);
    assert.deepEqual(unlinked(world), ['b1', 'b0']);
    assert.equal(world.get(THERE, caseName(second?.id as never))?.attachments[0]?.status, 'DELETED');
  });

  it('takes the files of events with it, old and new', () => {
    const { world, given, id } = scene();
    const case_ = { ...given.cases[0], id, home: HERE };
    const send = (blob: string): void => {
      const command = deposit(case_, osl, { message: 'm'.repeat(1000), comment: 'c'.repeat(16_000) });
      world.ask(HERE, command);
      const target = { case: id, event: command.event.id, index: 0, caller: osl };
      world.ask(HERE, { kind: 'case.event.upload', ...target, upload: received(blob) });
      world.ask(HERE, patchEvent(command, 'SENT', osl));
    };
    send('e1');
    send('e2');
    world.ask(HERE, event(case_, osl, { caseNewStatus: 'CLOSED' }));
    send('e3');
    assert.ok((world.get(HERE, caseName(id))?.eventChunks ?? 0) > 0);
    world.advance(DUE);
    assert.deepEqual(unlinked(world).sort(), ['b0', 'e1', 'e2', 'e3']);
    world.advance(DUE + DAY);
    assert.equal(unlinked(world).length, 4);
  });
});

describe('files of an event sent when those of its case may already go', () => {
  const late = (): Scene & { command: ReturnType<typeof deposit>; sent: number } => {
    const made = scene();
    const { world, given, id } = made;
    world.ask(HERE, patchCase(id, 'CLOSED', osl));
    world.advance(DUE + 3 * DAY);
    const command = deposit({ id, home: given.home }, si());
    world.ask(HERE, command);
    world.ask(HERE, {
      kind: 'case.event.upload',
      case: id,
      event: command.event.id,
      index: 0,
      caller: si(),
      upload: received('late'),
    });
    world.advance(world.now + 60_000);
    return { ...made, command, sent: world.now };
  };
  const status = ({ world, id }: Scene) => world.get(HERE, caseName(id))?.events[0]?.attachments[0]?.status;

  it('stay until their author sends it', () => {
    const made = late();
    assert.equal(status(made), 'RECEIVED');
    assert.equal(made.world.ask(HERE, patchEvent(made.command, 'SENT', si())).status, 204);
  });

  it('then stay the delay of the démarche, and go', () => {
    const made = late();
    const { world, command } = made;
    world.ask(HERE, patchEvent(command, 'SENT', si()));
    const due = afterDays(world.now, PURGE.fileDays);
    world.advance(due - 1);
    assert.equal(status(made), 'RECEIVED');
    world.advance(due);
    assert.equal(status(made), 'DELETED');
    assert.deepEqual(unlinked(world), ['b0', 'late']);
  });

  it('go with the archived case though never sent', () => {
    const made = late();
    made.world.advance(DUE + 40 * DAY);
    assert.equal(status(made), 'DELETED');
    assert.deepEqual(unlinked(made.world), ['b0', 'late']);
  });
});

describe('archiving', () => {
  it('archives a case CLOSED long enough, with its files, then removes it', () => {
    const { world, given, id } = scene();
    const purge: PurgeSettings = { ...PURGE, fileDays: 400 };
    world.ask(HERE, patchCase(id, 'CLOSED', osl, purge));
    const archived = afterDays(world.now, PURGE.archiveDays);
    world.advance(archived - 1);
    assert.equal(world.get(HERE, caseName(id))?.status, 'CLOSED');
    world.advance(archived);
    assert.equal(world.get(HERE, caseName(id))?.status, 'ARCHIVED');
    assert.equal(world.get(HERE, caseName(id))?.attachments[0]?.status, 'DELETED');
    assert.deepEqual(unlinked(world), ['b0']);
    world.advance(afterDays(archived, PURGE.deleteDays));
    assert.equal(world.get(HERE, caseName(id)), undefined);
    assert.deepEqual(world.get(HERE, folderName(given.folder))?.removed, [0]);
  });

  it('begins anew when a case is reopened and closed again', () => {
    const { world, id } = scene();
    world.ask(HERE, patchCase(id, 'CLOSED', osl));
    world.advance(world.now + 20 * DAY);
    world.ask(HERE, patchCase(id, 'HUBEE_NOTIFIED', osl));
    world.ask(HERE, patchCase(id, 'CLOSED', osl));
    world.advance(world.now + 20 * DAY);
    assert.equal(world.get(HERE, caseName(id))?.status, 'CLOSED');
    world.advance(world.now + 12 * DAY);
    assert.equal(world.get(HERE, caseName(id))?.status, 'ARCHIVED');
  });

  it('archives a folder CLOSED long enough and removes it after its last case', () => {
    const { world, given } = scene({ recipients: [TOWN, CITY] });
    const [first, second] = given.cases;
    world.ask(HERE, patchFolder(given, 'CLOSED'));
    world.ask(HERE, patchCase(first?.id as never, 'CLOSED', osl));
    world.advance(world.now + 31 * DAY);
    assert.equal(world.get(HERE, folderName(given.folder))?.status, 'ARCHIVED');
    assert.equal(world.ask(HERE, patchFolder(given, 'HUBEE_NOTIFIED')).status, 400);
    world.advance(world.now + 200 * DAY);
    assert.ok(world.get(HERE, folderName(given.folder)), 'a case is still open');
    world.ask(THERE, patchCase(second?.id as never, 'CLOSED', osl));
    world.advance(world.now + 140 * DAY);
    for (const place of [world.place(HERE), world.place(THERE)]) {
      assert.deepEqual(
        [...place.records.keys()].filter((name) => !/^[no]/.test(name)),
        [],
      );
      assert.equal(place.timers.size, 0);
    }
    assert.equal(world.counts.get('cases_removed'), 2);
    assert.equal(world.counts.get('folders_removed'), 1);
    assert.equal(world.box(HERE, TOWN, PROCESS).length, 1);
  });

  it('leaves a folder reopened in time alone', () => {
    const { world, given } = scene();
    world.ask(HERE, patchFolder(given, 'CLOSED'));
    world.advance(world.now + 10 * DAY);
    world.ask(HERE, patchFolder(given, 'HUBEE_NOTIFIED'));
    world.advance(world.now + 100 * DAY);
    assert.equal(world.get(HERE, folderName(given.folder))?.status, 'HUBEE_NOTIFIED');
  });
});
