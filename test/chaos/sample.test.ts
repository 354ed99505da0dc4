import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { share } from '#ops/checks/sample.ts';
import { killBoth } from './nemesis/kill-both.ts';
import { rollback } from './nemesis/rollback.ts';
import { stories } from './report.ts';
import { tryFault } from './trial.ts';

/** The length of a run is `./hub chaos`'s: here each fault strikes once; `./hub test chaos` tries both. */
const ONCE = { until: 0, kills: 0 };
const SEED = 1;

describe('nothing that was answered is lost, doubled or reordered', () => {
  for (const fault of share([killBoth, rollback], [killBoth])) {
    it(`under ${fault.name}`, async (context) => {
      const outcome = await tryFault(fault, SEED, ONCE);
      context.diagnostic(`${outcome.acknowledged} requests acknowledged, seed ${SEED}`);
      deepEqual(outcome.findings, [], stories(outcome));
    });
  }
});
