import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandOf } from '#engine/domain/commands.ts';
import { type Id, parts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { FILE_CHECK_MS, FILE_LIFE_MS, fileId } from '#engine/domain/records/file.ts';
import { KEY_LIFE_MS } from '#engine/domain/records/key.ts';
import { caseName, fileName, folderName, tombName } from '#engine/domain/records/names.ts';
import { CITY, createCommand, HERE, PROCESS, PURGE, received, recipientIn, SENDER, THERE, TOWN } from './samples.ts';
import { World } from './world.ts';

/** A deposit in one call, and the files that were sent before it. */

function depositOf(recipients: OrgKey[] = [TOWN], over: Partial<CommandOf<'folder.deposit'>> = {}) {
  const { kind: _, attachments, ...folder } = createCommand({ recipients });
  return {
    kind: 'folder.deposit',
    ...folder,
    attachments: attachments.map((file, index) => ({ ...file, ...received(`b${index}`) })),
    mails: recipients.map(() => 'mairie@commune.test'),
    purge: PURGE,
    repeated: false,
    ...over,
  } as CommandOf<'folder.deposit'>;
}

const unlinked = (world: World): unknown[] =>
  world.jobs.flatMap(({ kind, body }) => (kind === 'unlink' ? (body as { blobs: string[] }).blobs : []));

describe('folder.deposit', () => {
  it('creates, fills, completes and delivers in one decision', () => {
    const world = new World();
    const command = depositOf();
    assert.equal(world.ask(HERE, command).status, 204);
    const folder = world.get(HERE, folderName(command.folder));
    assert.equal(folder?.status, 'HUBEE_NOTIFIED');
    assert.deepEqual(folder?.attachments[0]?.blob, 'b0');
    const [told] = world.box(HERE, TOWN, PROCESS);
    const state = world.get(HERE, caseName(told?.case as Id));
    assert.deepEqual(
      [state?.visible, state?.status, state?.attachments[0]?.status],
      [true, 'HUBEE_NOTIFIED', 'RECEIVED'],
    );
    assert.deepEqual(
      world.jobs.map(({ kind }) => kind),
      ['mail'],
    );
  });

  it('again, the same id changes nothing, tells nobody, and lets bytes sent twice go', () => {
    const world = new World();
    const command = depositOf([TOWN, CITY]);
    world.ask(HERE, command);
    const before = JSON.stringify([...world.place(HERE).records, ...world.place(THERE).records]);
    const jobs = world.jobs.length;
    const again = { ...command, repeated: true, attachments: [{ ...command.attachments[0], blob: 'other' }] };
    for (const one of [again as typeof command, { ...command, repeated: true }, command])
      assert.equal(world.ask(HERE, one).status, 201, 'which tells it from the one that made the folder');
    assert.equal(JSON.stringify([...world.place(HERE).records, ...world.place(THERE).records]), before);
    assert.equal(world.box(THERE, CITY, PROCESS).length, 1);
    assert.equal(world.jobs.length, jobs + 1);
    assert.deepEqual(unlinked(world), ['other']);
  });

  it('again, with another recipient found meanwhile, stays with the one that was taken first', () => {
    const world = new World();
    const command = depositOf([TOWN]);
    world.ask(HERE, command);
    const other = depositOf([CITY]);
    const again = { ...command, cases: other.cases, mails: other.mails };
    for (const repeated of [false, true]) assert.equal(world.ask(HERE, { ...again, repeated }).status, 201);
    world.run();
    assert.deepEqual(
      world.get(HERE, folderName(command.folder))?.cases.map(({ recipient }) => recipient),
      [TOWN],
    );
    assert.equal(world.box(THERE, CITY, PROCESS).length, 0);
  });

  it('of a key whose first request crashed before it is made by the next', () => {
    const world = new World();
    const command = depositOf([TOWN], { repeated: true });
    assert.ok(world.ask(HERE, command).status < 300);
    assert.ok(world.ask(HERE, command).status < 300);
    assert.equal(world.box(HERE, TOWN, PROCESS).length, 1);
  });

  it('of hundreds of recipients is shown to all before its answer, and to a repeated one’s too', () => {
    const world = new World();
    const towns = Array.from({ length: 600 }, (_, n) => recipientIn(n % 2 === 0 ? HERE : THERE, n >> 1));
    const command = depositOf(towns);
    const first = world.send(HERE, command);
    const second = world.send(HERE, { ...command, repeated: true });
    while (!second.settled) world.step(world.steps()[0] ?? assert.fail('nothing goes on'));
    for (const town of [towns[0], towns[598], towns[1], towns[599]] as OrgKey[]) {
      assert.equal(
        world.box(parts(command.folder).home === HERE && towns.indexOf(town) % 2 ? THERE : HERE, town, PROCESS).length,
        1,
      );
    }
    world.run();
    assert.ok(first.settled && (first.answer?.status ?? 500) < 300 && (second.answer?.status ?? 500) < 300);
  });

  it('refuses what is too large before anything is written', () => {
    const world = new World();
    const { attachments } = depositOf();
    const many = Array.from({ length: 1001 }, () => attachments[0] ?? assert.fail());
    assert.equal(world.ask(HERE, depositOf([TOWN], { attachments: many })).status, 413);
    assert.equal(world.place(HERE).records.size, 0);
  });

  it('of a folder removed since is not made again as long as its key lives, and nothing is kept after', () => {
    const world = new World();
    const purge = { ...PURGE, fileDays: 0, archiveDays: 0, deleteDays: 0 };
    const command = depositOf([TOWN], { purge, mails: [null] });
    const began = parts(command.folder).ms;
    world.ask(HERE, command);
    const [told] = world.box(HERE, TOWN, PROCESS);
    const caller = { scope: 'ADMIN', org: '' } as const;
    world.ask(HERE, { kind: 'case.patch', case: told?.case as Id, caller, status: 'CLOSED', purge });
    const closed = { closed: null, mails: [], purge, caller, folder: command.folder };
    world.ask(HERE, { kind: 'folder.patch', status: 'CLOSED', ...closed });
    world.advance(began + KEY_LIFE_MS / 2);
    assert.equal(world.get(HERE, folderName(command.folder)), undefined, 'the retention is short');
    assert.equal(world.ask(HERE, { ...command, repeated: true }).status, 410);
    world.advance(began + KEY_LIFE_MS + 1);
    assert.equal(world.get(HERE, tombName(command.folder)), undefined);
  });
});

describe('files sent before their folder', () => {
  const FILE = fileId(SENDER, 'a');
  const HOME = parts(FILE).home;
  const sent = { org: SENDER, sha256: `${'a'.repeat(43)}=`, size: 20_000, mimeType: 'application/pdf', blob: 'f1' };
  const put = (world: World, over = {}, fresh = false) =>
    world.ask(HOME, { kind: 'file.put', file: FILE, sent: { ...sent, ...over }, fresh }).status;
  const claim = (world: World, folder: Id, org = SENDER) =>
    world.ask(HOME, { kind: 'file.claim', file: FILE, org, folder });

  it('never change: the same again is the same, another is refused', () => {
    const world = new World();
    assert.equal(put(world), 201);
    assert.equal(put(world, { blob: 'f2' }), 200);
    assert.deepEqual(unlinked(world), ['f2']);
    assert.equal(put(world, { sha256: 'b', blob: 'f3' }), 409);
    assert.equal(put(world, {}, true), 412);
    assert.equal(world.get(HOME, fileName(FILE))?.blob, 'f1');
  });

  it('go after a day when no folder takes them', () => {
    const world = new World();
    put(world);
    world.advance(world.now + FILE_LIFE_MS);
    assert.equal(world.get(HOME, fileName(FILE)), undefined);
    assert.deepEqual(unlinked(world), ['f1']);
  });

  it('serve one folder, which may ask again, and no other organisation', () => {
    const world = new World();
    const [one, other] = [depositOf().folder, depositOf().folder];
    assert.equal(claim(world, one).status, 404);
    put(world);
    assert.equal(claim(world, one, 'OSL-1-2').status, 404);
    assert.deepEqual(claim(world, one).body, { ...sent, folder: one, claimed: world.now });
    assert.equal(claim(world, one).status, 200);
    assert.equal(claim(world, other).status, 409);
  });

  it('stay as long as the folder has them, and go with it', () => {
    const world = new World();
    put(world);
    const command = depositOf([TOWN], {
      attachments: depositOf().attachments.map((file) => ({ ...file, blob: 'f1' })),
    });
    claim(world, command.folder);
    world.ask(HERE, command);
    world.advance(world.now + FILE_LIFE_MS + 2 * FILE_CHECK_MS);
    assert.equal(world.get(HOME, fileName(FILE))?.folder, command.folder);
    assert.deepEqual(unlinked(world), []);
    const [told] = world.box(HERE, TOWN, PROCESS);
    const caller = { scope: 'ADMIN', org: '' } as const;
    world.ask(HERE, { kind: 'case.patch', case: told?.case as Id, caller, status: 'CLOSED', purge: PURGE });
    world.advance(world.now + 2 * FILE_CHECK_MS);
    assert.equal(world.get(HOME, fileName(FILE)), undefined);
    assert.deepEqual([...new Set(unlinked(world))], ['f1']);
  });

  it('taken for a deposit that never came, are forgotten a day after it asked for them, and not before', () => {
    const world = new World();
    put(world);
    const { folder } = depositOf();
    const abandon = (of: Id = folder) =>
      world.ask(HOME, { kind: 'file.abandon', file: FILE, folder: of }).status === 204;
    assert.equal(abandon(), false, 'no folder has it');
    claim(world, folder);
    world.advance(world.now + FILE_LIFE_MS - 1);
    assert.equal(abandon(), false);
    claim(world, folder);
    world.advance(world.now + FILE_LIFE_MS - 1);
    assert.equal(abandon(), false, 'asked for again');
    world.advance(world.now + 1);
    assert.equal(abandon(depositOf().folder), false, 'another has it');
    assert.equal(abandon(), true);
    assert.equal(world.get(HOME, fileName(FILE)), undefined);
    assert.deepEqual(unlinked(world), [], 'a deposit on its way may name them: who looks for it erases them');
    assert.equal(put(world), 201);
  });

  it('taken as their day ended, are not looked after before the deposit comes that took them', () => {
    const world = new World();
    put(world);
    const command = depositOf([TOWN], {
      attachments: depositOf().attachments.map((file) => ({ ...file, blob: 'f1' })),
    });
    claim(world, command.folder);
    // The timer of the day had become an entry, behind the claim (seed 195).
    world.send(HOME, { kind: 'file.check', file: FILE });
    world.run();
    world.ask(HERE, command);
    assert.deepEqual(unlinked(world), []);
    assert.equal(world.get(HOME, fileName(FILE))?.folder, command.folder);
  });

  it('taken for a deposit that nobody looked for go after a month', () => {
    const world = new World();
    put(world);
    claim(world, depositOf().folder);
    world.advance(world.now + FILE_CHECK_MS);
    world.run();
    assert.equal(world.get(HOME, fileName(FILE)), undefined);
    assert.deepEqual(unlinked(world), ['f1']);
  });
});
