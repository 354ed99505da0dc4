import { equal } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Ground, THIS } from './ground.ts';
import { makeNext } from './next.ts';
import { bearing } from './steps.ts';
import { calm, stories, tryUnder } from './trial.ts';

/** Other tests run beside this one: fewer than a rehearsal has. */
const TOWNS = 2;

/** The length of a rehearsal is `./hub upgrade rehearse`'s: here each version is stopped once under load. */
describe('two versions side by side, one stopped after the other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'relais-next-'));
  let ground: Ground;
  before(async () => {
    const next = makeNext(join(folder, 'next'));
    ground = await Ground.open([
      ['now', 'all', THIS],
      ['next', 'all', next],
    ]);
  });
  after(async () => {
    await ground.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('refuse no request, and lose, double or reorder nothing', async (context) => {
    const act = async (done: () => void): Promise<void> => {
      await calm();
      await ground.restart(ground.members[0] as Ground['members'][number]);
      done();
      await calm();
      await ground.members[1]?.stop();
      done();
      await calm();
    };
    const outcome = await tryUnder(ground, 'sample', 1, act, TOWNS);
    context.diagnostic(`${outcome.requests} requests, longest without an answer ${outcome.pauseMs.toFixed(0)} ms`);
    equal(outcome.errors.length + outcome.findings.length, 0, stories(outcome));
    equal(await bearing(ground), 0, 'the next version wrote what this one cannot read');
  });
});
