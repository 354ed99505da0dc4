import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encode } from '#engine/domain/records/codec.ts';
import { caseName, folderName } from '#engine/domain/records/names.ts';
import {
  CITY,
  HERE,
  osl,
  PROCESS,
  patchCase,
  patchFolder,
  received,
  recipientsIn,
  THERE,
  TOWN,
  upload,
  uploaded,
} from './samples.ts';
import { type Step, World } from './world.ts';

/** Folders of many recipients: every turn stays small, whatever the folder (issue 2, §1.2). */

/** What one turn may write, characters of records. */
const TURN_CHARS = 2_000_000;
const CASES_A_TURN = 256;

const recordsOf = (world: World): Map<string, string> =>
  new Map([HERE, THERE].flatMap((partition) => [...world.place(partition).records]));

/** Takes every step, and answers the most cases and characters of records one of them wrote. */
function largest(world: World, done = (): boolean => false): { cases: number; chars: number } {
  const most = { cases: 0, chars: 0 };
  for (let step: Step | undefined = world.steps()[0]; step && !done(); step = world.steps()[0]) {
    const before = recordsOf(world);
    world.step(step);
    const written = [...recordsOf(world)].filter(([name, text]) => before.get(name) !== text);
    most.cases = Math.max(most.cases, written.filter(([name]) => name.startsWith('c')).length);
    most.chars = Math.max(
      most.chars,
      written.reduce((sum, [, text]) => sum + text.length, 0),
    );
  }
  return most;
}

const seen = (world: World): number => world.box(HERE, TOWN, PROCESS).length + world.box(THERE, CITY, PROCESS).length;

describe('a folder of very many cases', () => {
  const recipients = Array.from({ length: 1200 }, (_, index) => (index < 600 ? TOWN : CITY));

  it('is completed and shown in turns of a bounded number of cases, in each partition', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients });
    const ask = world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    const most = largest(world);
    assert.equal(ask.settled, true);
    assert.equal(seen(world), 1200);
    assert.equal(most.cases, CASES_A_TURN);
    for (const partition of [HERE, THERE]) {
      const left = [...world.place(partition).records.keys()].filter((name) => name.startsWith('s'));
      assert.deepEqual(left, []);
    }
  });

  it('answers a repeated completion only when all is shown', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients });
    world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    const status = () => world.get(HERE, folderName(deposit.folder))?.status;
    largest(world, () => status() === 'HUBEE_NOTIFIED');
    assert.ok(seen(world) < 1200, 'some cases are still to be shown');
    const again = world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    largest(world, () => again.settled);
    assert.equal(seen(world), 1200);
    world.run();
    assert.equal(seen(world), 1200);
  });

  it('writes little a turn though each case has many files', () => {
    const world = new World();
    const files = Array.from({ length: 900 }, () => Array.from({ length: 60 }, (_, index) => index));
    const deposit = uploaded(world, { recipients: recipients.slice(590, 650), files });
    const ask = world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    const most = largest(world);
    assert.equal(ask.settled, true);
    assert.equal(seen(world), 60);
    assert.ok(most.chars < TURN_CHARS, `${most.chars} characters in one turn`);
  });

  it('loses its files in turns of a bounded number of cases', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients: recipientsIn(HERE, 600) });
    world.ask(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    for (const { id } of deposit.cases) world.ask(HERE, patchCase(id, 'CLOSED', osl));
    const [timer] = [...world.place(HERE).timers].filter(([name]) => name.startsWith('purge.'));
    assert.ok(timer);
    world.now = timer[1].due;
    world.place(HERE).timers.delete(timer[0]);
    world.place(HERE).inbox.push({ message: timer[1].message, delivered: false });
    const most = largest(world);
    assert.ok(most.cases <= CASES_A_TURN, `${most.cases} cases in one turn`);
    for (const { id } of deposit.cases) {
      assert.equal(world.get(HERE, caseName(id))?.attachments[0]?.status, 'DELETED');
    }
  });

  it('lets a case be opened while the completion goes on: its record is there when that is answered', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients });
    world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    world.step({ kind: 'turn', partition: HERE });
    const last = deposit.cases.at(-1);
    const open = world.send(HERE, { kind: 'folder.open', case: last?.id as never, caller: osl });
    largest(world, () => open.settled);
    assert.equal(open.answer?.status, 204);
    assert.ok(world.get(THERE, caseName(last?.id as never)), 'the case has its record');
  });
});

describe('a folder of many cases of which few live with it', () => {
  const recipients = Array.from({ length: 900 }, (_, index) => (index % 9 === 0 ? TOWN : CITY));

  it('is completed in one turn, and sends another partition a few messages with one copy of what they share', () => {
    const world = new World();
    const deposit = uploaded(world, { recipients });
    const before = world.sent.length;
    const ask = world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    world.step({ kind: 'turn', partition: HERE });
    assert.equal(world.get(HERE, folderName(deposit.folder))?.status, 'HUBEE_NOTIFIED');
    const sent = world.sent.slice(before);
    assert.equal(sent.length, Math.ceil(800 / CASES_A_TURN));
    assert.ok(JSON.stringify(sent).length < 800 * 120, `${JSON.stringify(sent).length} characters`);
    const most = largest(world, () => ask.settled);
    assert.equal(seen(world), 900);
    assert.equal(most.cases, CASES_A_TURN);
    const order = world.box(THERE, CITY, PROCESS).map((one) => one.case);
    assert.deepEqual(
      order,
      deposit.cases.filter((_, index) => index % 9 !== 0).map(({ id }) => id),
    );
  });

  it('goes in chunks when its files make too much of it', () => {
    const world = new World();
    const files = Array.from({ length: 100 }, () => Array.from({ length: 900 }, (_, index) => index));
    const deposit = uploaded(world, { recipients, files });
    const ask = world.send(HERE, patchFolder(deposit, 'HUBEE_COMPLETED'));
    const most = largest(world);
    assert.deepEqual([ask.settled, seen(world)], [true, 900]);
    assert.ok(most.chars < TURN_CHARS, `${most.chars} characters in one turn`);
  });
});

it('a completion that was given up keeps nobody waiting for ever', () => {
  const world = new World();
  const deposit = uploaded(world, { recipients: [TOWN, CITY] });
  const name = folderName(deposit.folder);
  const folder = world.get(HERE, name);
  assert.ok(folder);
  world.place(HERE).records.set(name, encode(name, { ...folder, status: 'HUBEE_COMPLETED' }));
  assert.equal(world.ask(HERE, patchFolder(deposit, 'HUBEE_COMPLETED')).status, 503);
  assert.equal(world.ask(HERE, patchFolder(deposit, 'CLOSED')).status, 503);
  const open = { kind: 'folder.open', case: deposit.cases[1]?.id as never, caller: osl } as const;
  assert.equal(world.ask(HERE, open).status, 503);
});

it('a file uploaded again and refused leaves no bytes behind', () => {
  const world = new World();
  const deposit = uploaded(world);
  upload(world, deposit, 0, received('second'));
  upload(world, deposit, 0, { status: 'REJECTED', sha256: null, blob: null });
  const gone = world.jobs.flatMap((job) => (job.body as { blobs: string[] }).blobs);
  assert.deepEqual(gone, ['b0', 'second']);
});
