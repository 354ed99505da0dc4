/**
 * Stuck: what recipients that never acknowledge cost the others: the p99 of `push` without and with them.
 *
 * `--rate=N --connections=N --stuck=N --seconds=S --warm-up=S --turns=N`. The two loads take turns, so that what else the machine does
 * weighs on both, and so does their order. Of each the median of its turns' p99 counts: one pause of the machine falls into
 * one turn. Those that are stuck are deposited to like the others.
 */
import { Latencies, option } from './measure.ts';
import { pushRun, pushStage } from './pushing.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';

const rate = option('rate', 1_000);
const connections = option('connections', 500);
const stuck = option('stuck', 50);
const seconds = option('seconds', 20);
const warmUp = option('warm-up', 5);
const turns = option('turns', 5);
const PERCENT = 100;
const P99 = 0.99;
const MEDIAN = 0.5;

const stage = await openStage();
try {
  const country = await pushStage(stage, connections);
  /** one value a turn */
  const p99: Record<'without' | 'with', Latencies> = { without: new Latencies(), with: new Latencies() };
  let [lost, errors] = [0, 0];
  for (let turn = 0; turn < turns; turn += 1) {
    // Towns that will be stuck acknowledge in the first load, and are left out of its figures all the same.
    const loads = [['without', 0] as const, ['with', stuck] as const];
    for (const [name, count] of turn % 2 === 0 ? loads : loads.toReversed()) {
      const run = await pushRun(country, { rate, seconds, warmUp, stuck: count, apart: stuck });
      console.log(`${name.padEnd(8)} ${run.latencies}`);
      p99[name].add(run.latencies.percentile(P99));
      lost += run.lost;
      errors += run.errors;
    }
  }
  const [alone, beside] = [p99.without.percentile(MEDIAN), p99.with.percentile(MEDIAN)];
  report(
    'stuck',
    `${rate} deposits a second to ${connections} towns with a WebSocket each, ${stuck} of which never acknowledge; ${turns} turns of ${seconds} s each way after ${warmUp} s of warm-up; otherwise as \`push\`. ${lost} never told of, ${errors} errors.`,
    [
      { name: 'p99 of the others, none stuck, median of the turns', value: alone, unit: 'ms' },
      { name: 'p99 of the others, beside them, median of the turns', value: beside, unit: 'ms' },
      { name: 'change', value: (beside / alone - 1) * PERCENT, unit: '%', aim: { atMost: 10 } },
    ],
    stage.redisVersion,
  );
  if (lost > 0) process.exitCode = 1;
} finally {
  await stage.close();
}
