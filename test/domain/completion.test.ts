import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caseName, folderName } from '#engine/domain/records/names.ts';
import { casesOf } from './migrate.ts';
import {
  CITY,
  created,
  event,
  foreignOsl,
  HERE,
  notified,
  osl,
  PROCESS,
  patchCase,
  patchFolder,
  recipientsIn,
  SENDER,
  SENDER_HOME,
  si,
  THERE,
  TOWN,
  upload,
  uploaded,
} from './samples.ts';
import { World } from './world.ts';

describe('PATCH folder HUBEE_COMPLETED', () => {
  it('notifies folder, cases and recipients at once, in one partition without a lane', () => {
    const world = new World();
    const deposit = uploaded(world);
    const [case_] = deposit.cases as [(typeof deposit.cases)[0]];
    world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    world.step({ kind: 'turn', partition: HERE });
    assert.deepEqual(world.steps(), []);
    assert.equal(world.get(HERE, folderName(deposit.folder))?.status, 'HUBEE_NOTIFIED');
    const state = world.get(HERE, caseName(case_.id));
    assert.equal(state?.status, 'HUBEE_NOTIFIED');
    assert.equal(state?.transmitted, world.now);
    assert.equal(state?.updated, world.now);
    assert.deepEqual(
      world.box(HERE, TOWN, PROCESS).map((one) => ({ ...one, id: undefined })),
      [
        {
          id: undefined,
          case: case_.id,
          event: null,
          transmitter: SENDER,
          recipient: TOWN,
          process: PROCESS,
          sequence: 1,
        },
      ],
    );
  });

  it('answers only when every partition lists its case', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients: [TOWN, CITY] });
    const ask = world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    world.step({ kind: 'turn', partition: HERE });
    assert.equal(ask.settled, false);
    world.step({ kind: 'lane', from: HERE, to: THERE });
    world.step({ kind: 'turn', partition: THERE });
    assert.equal(ask.settled, true);
    assert.equal(world.box(THERE, CITY, PROCESS).length, 1);
  });

  it('gives each case the files that name it, in the order of the folder', () => {
    const world = new World();
    const { cases } = notified(world, { recipients: [TOWN, CITY], files: [[0], [1, 0], [1]] });
    const files = (n: number) => world.get(cases[n]?.home as number, caseName(cases[n]?.id as never))?.attachments;
    assert.deepEqual(
      files(0)?.map((file) => file.index),
      [0, 1],
    );
    assert.deepEqual(
      files(1)?.map((file) => [file.index, file.fileName, file.blob]),
      [
        [1, 'acte 1.pdf', 'b1'],
        [2, 'acte 2.pdf', 'b2'],
      ],
    );
  });

  it('refuses while an attachment is PENDING, and not for a rejected or infected one', () => {
    const world = new World();
    const deposit = created(world, { files: [[0], [0], [0]] });
    upload(world, deposit, 0, { status: 'REJECTED', sha256: null, blob: null });
    upload(world, deposit, 1, { status: 'CORRUPTED', sha256: null, blob: null });
    assert.equal(world.ask(HERE, patchFolder(deposit, 'HUBEE_COMPLETED')).status, 400);
    assert.equal(world.get(HERE, folderName(deposit.folder))?.status, 'HUBEE_RECEIVED');
    upload(world, deposit, 2);
    assert.equal(world.ask(HERE, patchFolder(deposit, 'HUBEE_COMPLETED')).status, 204);
  });

  it('repeated, notifies nobody twice and waits for what is still on its way', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients: [TOWN, CITY] });
    world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    world.step({ kind: 'turn', partition: HERE });
    const again = world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    world.step({ kind: 'turn', partition: HERE });
    assert.equal(again.settled, false);
    world.run();
    assert.equal(again.settled, true);
    for (const status of ['CLOSED', 'DONE'] as const) {
      world.ask(HERE, patchFolder(deposit, status));
      assert.equal(world.ask(HERE, patchFolder(deposit, 'HUBEE_COMPLETED')).status, 204);
      assert.equal(world.get(HERE, folderName(deposit.folder))?.status, status);
    }
    assert.equal(world.box(HERE, TOWN, PROCESS).length + world.box(THERE, CITY, PROCESS).length, 2);
  });

  it('refuses other senders', () => {
    const world = new World();
    const deposit = uploaded(world);
    assert.equal(world.ask(HERE, patchFolder(deposit, 'HUBEE_COMPLETED', { caller: foreignOsl })).status, 403);
  });
});

describe('a completion of many recipients', () => {
  const recipients = Array.from({ length: 600 }, (_, index) => (index % 2 === 0 ? TOWN : CITY));
  const seen = (world: World): number => world.box(HERE, TOWN, PROCESS).length + world.box(THERE, CITY, PROCESS).length;

  it('shows nothing before its last chunk, then everything, and answers after it', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients });
    const ask = world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    for (let chunk = 0; chunk < 3; chunk += 1) {
      world.step({ kind: 'turn', partition: HERE });
      assert.equal(world.get(HERE, folderName(deposit.folder))?.status, 'HUBEE_COMPLETED');
      while (world.steps().some((step) => step.kind === 'lane')) world.step({ kind: 'lane', from: HERE, to: THERE });
      while (world.place(THERE).inbox.length > 0) world.step({ kind: 'turn', partition: THERE });
      assert.equal(seen(world), 0);
      assert.equal(ask.settled, false);
    }
    world.run();
    assert.equal(ask.settled, true);
    assert.equal(seen(world), 600);
    assert.equal(world.get(HERE, folderName(deposit.folder))?.status, 'HUBEE_NOTIFIED');
    const sequences = world.box(HERE, TOWN, PROCESS).map((one) => one.sequence);
    assert.deepEqual(
      sequences,
      [...sequences.keys()].map((index) => index + 1),
    );
    for (const name of world.place(HERE).records.keys()) assert.ok(!name.startsWith('s'), `${name} is left over`);
  });

  it('sends every address its e-mail', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients });
    const mails = recipients.map((_, index) => (index % 3 === 0 ? `m${index}@commune.test` : null));
    world.ask(HERE, patchFolder(deposit, 'HUBEE_COMPLETED', { mails }));
    const sent = world.jobs.map((job) => (job.body as { to: string; case: string }).to);
    assert.deepEqual(new Set(sent), new Set(mails.filter((one) => one !== null)));
    assert.equal(sent.length, 200);
  });

  it('lets a repeated or another status wait for its end', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients });
    const asks = [
      world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED')),
      world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED')),
      world.send(HERE, patchFolder(deposit, 'SENT')),
    ];
    world.run();
    assert.deepEqual(
      asks.map((ask) => [ask.settled, ask.answer?.status]),
      asks.map(() => [true, 204]),
    );
    assert.equal(seen(world), 600);
    assert.equal(world.get(HERE, folderName(deposit.folder))?.status, 'SENT');
  });
});

describe('a folder whose many recipients share a partition', () => {
  for (const count of [200, 300]) {
    it(`loads what ${count} of them need at once, opened early or not`, () => {
      const world = new World();
      const recipients = recipientsIn(HERE, count);
      const deposit = uploaded(world, { recipients });
      for (const { id } of deposit.cases.slice(0, 20)) {
        world.ask(HERE, { kind: 'folder.open', case: id, caller: osl });
      }
      world.ask(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
      for (const recipient of recipients) assert.equal(world.box(HERE, recipient, PROCESS).length, 1);
      for (const { id } of deposit.cases) world.ask(HERE, patchCase(id, 'CLOSED', osl));
      world.advance(world.now + 10 * 24 * 3_600_000);
      assert.equal(world.jobs.length, 1);
      for (const { id } of deposit.cases) {
        assert.equal(world.get(HERE, caseName(id))?.attachments[0]?.status, 'DELETED');
      }
    });
  }

  it('loads the cases opened early at once when it is deleted', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients: recipientsIn(HERE, 30) });
    for (const { id } of deposit.cases) world.ask(HERE, { kind: 'folder.open', case: id, caller: osl });
    assert.equal(world.ask(HERE, { kind: 'folder.delete', folder: deposit.folder, caller: osl }).status, 204);
    assert.equal(world.place(HERE).records.size, 0);
  });
});

describe('a case opened before its folder is completed', () => {
  const opened = (world: World, recipients = [CITY, TOWN], open = 1) => {
    const deposit = uploaded(world, { recipients });
    const case_ = deposit.cases[open] as (typeof deposit.cases)[0];
    const answer = world.ask(deposit.home, { kind: 'folder.open', case: case_.id, caller: osl });
    assert.equal(answer.status, 204);
    return { deposit, case_ };
  };

  it('has a record its recipient does not see, in its own partition', () => {
    const world = new World();
    const { case_ } = opened(world);
    assert.equal(world.get(HERE, caseName(case_.id))?.status, 'HUBEE_RECEIVED');
    assert.deepEqual(world.ask(HERE, patchCase(case_.id, 'DONE')), {
      status: 404,
      body: { message: 'Case is not found' },
    });
    assert.equal(world.ask(THERE, { kind: 'folder.open', case: case_.id, caller: si() }).status, 404);
    assert.deepEqual(world.box(HERE, TOWN, PROCESS), []);
  });

  it('keeps its events and takes its files when the folder is completed', () => {
    const world = new World();
    const { deposit, case_ } = opened(world);
    const comment = event(case_, osl, { actionType: 'COM_ADD', notification: true });
    assert.equal(world.ask(HERE, comment).status, 201);
    world.ask(THERE, { kind: 'folder.open', case: case_.id, caller: osl });
    world.ask(THERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    const state = world.get(HERE, caseName(case_.id));
    assert.deepEqual([state?.status, state?.events.length, state?.attachments.length], ['HUBEE_NOTIFIED', 1, 1]);
    assert.deepEqual(
      world.box(HERE, TOWN, PROCESS).map((one) => one.event),
      [null, comment.event.id],
    );
    assert.deepEqual(world.get(THERE, folderName(deposit.folder))?.opened, []);
  });

  it('shows itself when the sender sets HUBEE_NOTIFIED, and keeps that time', () => {
    const world = new World();
    const { deposit, case_ } = opened(world, [TOWN], 0);
    assert.equal(world.ask(HERE, patchCase(case_.id, 'HUBEE_NOTIFIED', osl)).status, 204);
    assert.equal(world.ask(HERE, patchCase(case_.id, 'DONE')).status, 404, 'an incomplete deposit is not shown');
    assert.equal(casesOf(world, TOWN).size, 0);
    const first = world.now;
    world.now += 60_000;
    world.ask(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    assert.equal(world.get(HERE, caseName(case_.id))?.transmitted, first);
    assert.equal(world.box(HERE, TOWN, PROCESS).length, 1);
    assert.equal(casesOf(world, TOWN).size, 1);
    assert.equal(world.ask(HERE, patchCase(case_.id, 'DONE')).status, 204);
  });

  it('tells nobody of its events before, by notification or e-mail, and of each once afterwards, in order', () => {
    const world = new World();
    const { deposit, case_ } = opened(world, [TOWN], 0);
    const quiet = event(case_, osl, { notification: false });
    const long = Array.from({ length: 12 }, () => event(case_, osl, { message: 'x'.repeat(4000) }));
    for (const command of [quiet, ...long]) world.ask(HERE, { ...command, mail: 'mairie@commune.test' });
    assert.ok((world.get(HERE, caseName(case_.id))?.eventChunks ?? 0) > 0, 'some are in older chunks');
    assert.deepEqual([world.box(HERE, TOWN, PROCESS), world.jobs], [[], []]);
    for (let times = 0; times < 2; times += 1) {
      world.ask(HERE, patchFolder(deposit, 'HUBEE_COMPLETED', { mails: ['mairie@commune.test'] }));
      const events = world.box(HERE, TOWN, PROCESS).map((one) => one.event);
      assert.deepEqual(events, [null, ...long.map((one) => one.event.id)]);
      assert.equal(world.jobs.length, 1 + long.length);
    }
    const later = event(case_, osl);
    world.ask(HERE, later);
    assert.equal(world.box(HERE, TOWN, PROCESS).at(-1)?.event, later.event.id, 'then at once');
  });

  it('is refused for a case the folder has not, or another sender', () => {
    const world = new World();
    const { deposit, case_ } = opened(world);
    const open = { kind: 'folder.open', case: case_.id, caller: foreignOsl } as const;
    assert.equal(world.ask(deposit.home, open).status, 403);
    const other = created(world, { recipients: [CITY, TOWN, TOWN] });
    const missing = other.cases[2]?.id as never;
    world.ask(THERE, { kind: 'folder.delete', folder: other.folder, caller: osl });
    assert.equal(world.ask(THERE, { ...open, caller: osl, case: missing }).status, 404);
  });

  it('waits for the delivery when the folder is completed meanwhile', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients: [TOWN, CITY] });
    world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    world.step({ kind: 'turn', partition: HERE });
    const ask = world.send(HERE, { kind: 'folder.open', case: deposit.cases[1]?.id as never, caller: osl });
    world.step({ kind: 'turn', partition: HERE });
    assert.equal(ask.settled, false);
    world.run();
    assert.equal(ask.settled, true);
    assert.equal(world.box(SENDER_HOME, SENDER, PROCESS).length, 0);
  });
});
