import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PARTITIONS, partitionOf } from '#engine/domain/placement.ts';
import { caseName, folderName } from '#engine/domain/records/names.ts';
import { osl, PROCESS, patchFolder, recipientsIn, SENDER_HOME, uploaded } from './samples.ts';
import { type Ask, World } from './world.ts';

/** Folders of any recipients, completed once or several times, in any order of turns and lanes, with dying processes. */
const TOWNS = [1, 2, 3].flatMap((offset) => recipientsIn((SENDER_HOME + offset) % PARTITIONS, 2));

const folder = fc.record({
  recipients: fc.array(fc.constantFrom(...TOWNS), { minLength: 1, maxLength: 6 }),
  /** how often the recipients' list is repeated: beyond 256 cases a completion goes in chunks */
  times: fc.constantFrom(1, 1, 1, 60),
  completions: fc.integer({ min: 1, max: 3 }),
  opened: fc.boolean(),
});

describe('deposits in any order', () => {
  it('tell every recipient of every case exactly once, in a dense sequence, before the answer', () => {
    const schedule = fc.array(fc.record({ pick: fc.nat(), crash: fc.boolean() }), { maxLength: 80 });
    fc.assert(
      fc.property(fc.array(folder, { minLength: 1, maxLength: 3 }), schedule, (folders, list) => {
        const world = new World();
        const asks: { ask: Ask; cases: string[] }[] = [];
        const deposits = folders.map(({ recipients, times, completions, opened }) => {
          const deposit = uploaded(world, { recipients: Array.from({ length: times }, () => recipients).flat() });
          const last = deposit.cases.at(-1) as (typeof deposit.cases)[0];
          if (opened) world.ask(deposit.home, { kind: 'folder.open', case: last.id, caller: osl });
          for (let n = 0; n < completions; n += 1) {
            const ask = world.send(deposit.home, patchFolder(deposit, 'HUBEE_COMPLETED'));
            asks.push({ ask, cases: deposit.cases.map((one) => one.id) });
          }
          return deposit;
        });
        const listed = (): string[] =>
          TOWNS.flatMap((town) => world.box(partitionOf(town), town, PROCESS)).map((one) => one.case);
        for (const { pick, crash } of list) {
          const steps = world.steps();
          const step = steps[pick % Math.max(steps.length, 1)];
          if (!step) break;
          if (crash && step.kind === 'turn') world.crash(step.partition);
          world.step(step);
          const settled = asks.filter(({ ask }) => ask.settled);
          if (settled.length === 0) continue;
          const seen = new Set(listed());
          for (const { cases } of settled)
            for (const id of cases) assert.ok(seen.has(id), 'answered before it is listed');
        }
        world.run();
        for (const { ask } of asks) assert.ok(ask.settled && ask.answer?.status === 204);
        const all = deposits.flatMap(({ cases }) => cases.map((one) => one.id as string));
        assert.deepEqual(listed().sort(), all.sort());
        for (const { cases, home, folder: id } of deposits) {
          assert.equal(world.get(home, folderName(id))?.status, 'HUBEE_NOTIFIED');
          for (const one of cases) assert.equal(world.get(one.home, caseName(one.id))?.status, 'HUBEE_NOTIFIED');
        }
        for (const town of TOWNS) {
          const sequences = world.box(partitionOf(town), town, PROCESS).map((one) => one.sequence);
          assert.deepEqual(
            sequences,
            Array.from(sequences, (_, index) => index + 1),
          );
        }
      }),
      { numRuns: 60 },
    );
  });
});
