import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Caller, Upload } from '#engine/domain/commands/contents.ts';
import { MAX_ATTACHMENTS, MAX_CASES, MAX_LINKS } from '#engine/domain/deciders/folder/create.ts';
import type { FolderStatus } from '#engine/domain/records/folder.ts';
import { caseName, folderName } from '#engine/domain/records/names.ts';
import {
  admin,
  CITY,
  createCommand,
  created,
  foreignOsl,
  HERE,
  notified,
  osl,
  PROCESS,
  patchFolder,
  received,
  si,
  TOWN,
  upload,
  uploaded,
} from './samples.ts';
import { World } from './world.ts';

const NEXT: FolderStatus[] = [
  'HUBEE_NOTIFIED',
  'SENT',
  'SI_RECEIVED',
  'IN_PROGRESS',
  'ADD_AWAITING',
  'REFUSED',
  'DONE',
  'CLOSED',
];

describe('POST folder', () => {
  it('writes one record, whatever the number of cases, and tells nobody', () => {
    const world = new World();
    const { folder, cases } = created(world, { recipients: [TOWN, CITY] });
    const state = world.get(HERE, folderName(folder));
    assert.equal(state?.status, 'HUBEE_RECEIVED');
    assert.deepEqual(
      state?.attachments.map((file) => file.status),
      ['PENDING'],
    );
    for (const { id, home } of cases) assert.equal(world.get(home, caseName(id)), undefined);
    assert.deepEqual(world.box(HERE, TOWN, PROCESS), []);
  });

  it('keeps cases and attachments in the order given, in chunks when they are many', () => {
    const world = new World();
    const recipients = Array.from({ length: 600 }, () => TOWN);
    const { folder } = created(world, { recipients, files: [[3, 1], recipients.map((_, index) => index)] });
    const state = world.get(HERE, folderName(folder));
    assert.equal(state?.caseCount, 600);
    assert.equal(state?.cases.length, 256);
    assert.equal(world.get(HERE, `g${folder}.1`)?.cases.at(-1)?.externalId, 'DILA-EC-1-600');
    assert.deepEqual(state?.attachments[0]?.recipients, [3, 1]);
    assert.equal(state?.attachments[1]?.recipients.length, 600);
  });

  it('is the same folder when the same id comes again', () => {
    const world = new World();
    const command = createCommand();
    assert.equal(world.ask(HERE, command).status, 201);
    upload(world, { folder: command.folder, home: HERE, cases: [] }, 0);
    assert.equal(world.ask(HERE, command).status, 201);
    assert.equal(world.get(HERE, folderName(command.folder))?.attachments[0]?.status, 'RECEIVED');
  });
});

describe('a folder too large', () => {
  it('is refused before anything is written', () => {
    const world = new World();
    const command = createCommand();
    const [case_, file] = [command.cases[0] as never, command.attachments[0] as never];
    const cases = Array.from({ length: MAX_CASES + 1 }, () => case_);
    assert.equal(world.ask(HERE, { ...command, cases }).status, 413);
    const attachments = Array.from({ length: MAX_ATTACHMENTS + 1 }, () => file);
    assert.equal(world.ask(HERE, { ...command, attachments }).status, 413);
    const recipients = Array.from({ length: MAX_LINKS + 1 }, () => 0);
    assert.equal(
      world.ask(HERE, { ...command, attachments: [{ ...(file as object), recipients } as never] }).status,
      413,
    );
    assert.equal(world.place(HERE).records.size, 0);
  });
});

describe('PUT attachment', () => {
  const outcomes: [Upload, string][] = [
    [received('blob'), 'RECEIVED'],
    [{ status: 'REJECTED', sha256: null, blob: null }, 'REJECTED'],
    [{ status: 'CORRUPTED', sha256: null, blob: null }, 'CORRUPTED'],
  ];
  for (const [given, status] of outcomes) {
    it(`stores ${status}`, () => {
      const world = new World();
      const deposit = created(world);
      assert.equal(upload(world, deposit, 0, given).status, 204);
      const [file] = world.get(HERE, folderName(deposit.folder))?.attachments ?? [];
      assert.deepEqual([file?.status, file?.blob], [status, given.blob]);
    });
  }

  it('again replaces the bytes, and gives up the former ones', () => {
    const world = new World();
    const deposit = created(world);
    upload(world, deposit, 0, received('first'));
    upload(world, deposit, 0, received('second'));
    assert.deepEqual(world.jobs, [{ kind: 'unlink', body: { blobs: ['first'] } }]);
  });

  const refusals: [string, number, string, Partial<{ index: number; caller: Caller }>][] = [
    ['an unknown attachment', 404, 'Binary meta-data is not found', { index: 1 }],
    ['another sender', 403, 'Unauthorized user', { caller: foreignOsl }],
    ['a recipient', 403, 'Unauthorized user', { caller: si() }],
    ['another sender, even for an unknown attachment', 403, 'Unauthorized user', { caller: foreignOsl, index: 7 }],
  ];
  for (const [what, status, message, given] of refusals) {
    it(`refuses ${what}`, () => {
      const world = new World();
      const { folder } = created(world);
      const command = {
        kind: 'folder.upload',
        folder,
        index: 0,
        caller: osl,
        upload: received('x'),
        ...given,
      } as const;
      assert.deepEqual(world.ask(HERE, command), { status, body: { message } });
    });
  }

  it('refuses once the folder is completed', () => {
    const world = new World();
    assert.equal(upload(world, notified(world), 0).status, 400);
  });

  it('refuses an unknown folder', () => {
    const world = new World();
    const { folder } = createCommand();
    const answer = upload(world, { folder, home: HERE, cases: [] }, 0);
    assert.deepEqual(answer, { status: 404, body: { message: 'Folder is not found' } });
  });
});

describe('PATCH folder', () => {
  for (const status of NEXT) {
    it(`refuses ${status} before HUBEE_COMPLETED`, () => {
      const world = new World();
      const deposit = uploaded(world);
      assert.equal(world.ask(HERE, patchFolder(deposit, status)).status, 400);
      assert.equal(world.get(HERE, folderName(deposit.folder))?.status, 'HUBEE_RECEIVED');
    });

    for (const before of NEXT) {
      it(`takes ${before} to ${status}, and leaves the case alone`, () => {
        const world = new World();
        const deposit = notified(world);
        const [case_] = deposit.cases;
        world.ask(HERE, patchFolder(deposit, before));
        const told = world.box(HERE, TOWN, PROCESS).length;
        assert.equal(world.ask(HERE, patchFolder(deposit, status)).status, 204);
        assert.equal(world.get(HERE, folderName(deposit.folder))?.status, status);
        assert.equal(world.get(HERE, caseName(case_?.id as never))?.status, 'HUBEE_NOTIFIED');
        assert.equal(world.box(HERE, TOWN, PROCESS).length, told);
      });
    }
  }

  it('refuses what only the hub sets', () => {
    const world = new World();
    const deposit = notified(world);
    for (const status of ['ARCHIVED', 'HUBEE_RECEIVED'] as const) {
      assert.equal(world.ask(HERE, patchFolder(deposit, status)).status, 400);
    }
  });

  it('closes at the time given, else now, and forgets it on reopening', () => {
    const world = new World();
    const deposit = notified(world);
    const closed = (): number | null | undefined => world.get(HERE, folderName(deposit.folder))?.closed;
    world.ask(HERE, patchFolder(deposit, 'CLOSED'));
    assert.equal(closed(), world.now);
    world.ask(HERE, patchFolder(deposit, 'CLOSED', { closed: 1000 }));
    assert.equal(closed(), 1000);
    world.ask(HERE, patchFolder(deposit, 'HUBEE_NOTIFIED'));
    assert.equal(closed(), null);
  });

  it('changes nothing, not even the date of change, when repeated', () => {
    const world = new World();
    const deposit = notified(world);
    world.ask(HERE, patchFolder(deposit, 'DONE'));
    const before = world.get(HERE, folderName(deposit.folder));
    world.now += 5000;
    assert.equal(world.ask(HERE, patchFolder(deposit, 'DONE')).status, 204);
    assert.deepEqual(world.get(HERE, folderName(deposit.folder)), before);
  });

  it('asks existence, then right, then rules', () => {
    const world = new World();
    const deposit = uploaded(world);
    const unknown = { ...deposit, folder: createCommand().folder };
    assert.equal(world.ask(HERE, patchFolder(unknown, 'DONE', { caller: foreignOsl })).status, 404);
    assert.equal(world.ask(HERE, patchFolder(deposit, 'DONE', { caller: foreignOsl })).status, 403);
    assert.equal(world.ask(HERE, patchFolder(deposit, 'DONE', { caller: si() })).status, 403);
    assert.equal(world.ask(HERE, patchFolder(deposit, 'DONE', { caller: admin })).status, 400);
  });
});
