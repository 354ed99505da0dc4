import assert from 'node:assert/strict';
import { test } from 'node:test';
import { share } from '#ops/checks/sample.ts';
import { run } from './hunt.ts';

/** Every fault, in each: 200 take two minutes beside other work; `./hub sim` runs thousands. */
const SEEDS = share(200, 100);

test(`${SEEDS} seeds: whatever fails, nothing is lost, doubled or told too early`, async (context) => {
  const { code, output } = await run(`--seeds=${SEEDS}`);
  for (const line of output.trim().split('\n')) context.diagnostic(line);
  assert.equal(code, 0, output);
});
