/**
 * Season: 450,000 electoral registrations to 8,000 communes by their inhabitants, through batches, until delivered.
 *
 * `--cases=N --towns=N --connections=N --window=LINES --file=BYTES`. From the first line sent to the last one answered; then
 * every mailbox is read, and each case must be there once, after those that were answered before it was sent.
 */
import { Cpu } from './cpu.ts';
import { readBack } from './delivered.ts';
import { influx } from './influx.ts';
import { Ledger } from './ledger.ts';
import { repeatsOf } from './lot.ts';
import { option } from './measure.ts';
import { Population } from './population.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { Timeline } from './timeline.ts';
import { tokenOf } from './token.ts';
import { settle } from './town.ts';

const cases = option('cases', 450_000);
const townCount = option('towns', 8_000);
const connections = option('connections', 8);
const window = option('window', 500);
const fileBytes = option('file', 300);
const WHOLE = 450_000;
const AIM_S = 30;
const MS = 1_000;

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, townCount, false);
  const token = await tokenOf(product.url, sender, 'OSL');
  const ledger = new Ledger();
  const population = new Population(townCount);
  const cpu = new Cpu({ product: product.pids, redis: stage.redisPids });
  const begun = performance.now();
  const timeline = new Timeline(begun);
  const { answered, refused, repeats } = await influx({
    name: 'season',
    url: product.url,
    token,
    connections,
    window,
    cases,
    fileBytes,
    towns,
    population,
    ledger,
    timeline,
  });
  const seconds = (performance.now() - begun) / MS;
  const spent = cpu.each(answered);
  for (const [town, ids] of (await readBack(hub, towns)).entries()) for (const id of ids) ledger.seen(id, town);
  const { lost, surplus, reordered, matched } = ledger;
  const latencies = timeline.all();
  report(
    'season',
    `${cases} registrations to ${townCount} communes by their inhabitants, no warm-up; ${connections} connections of ${window} unanswered lines, file of ${fileBytes} B; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}. ${matched} read back: ${lost} lost, ${surplus} doubled, ${reordered} out of order; ${refused} refused, ${repeatsOf(repeats)}. Processor time of one registration: ${spent}.`,
    [
      {
        name: cases === WHOLE ? 'until all are delivered' : `${cases} delivered in`,
        value: seconds,
        unit: 's',
        ...(cases === WHOLE && { aim: { atMost: AIM_S } }),
      },
      { name: 'registrations', value: answered / seconds, unit: '/s', aim: { atLeast: WHOLE / AIM_S } },
      { name: 'p50, line to answer', value: latencies.percentile(0.5), unit: 'ms' },
      { name: 'p99, line to answer', value: latencies.percentile(0.99), unit: 'ms' },
    ],
    stage.redisVersion,
    timeline.series(),
  );
  if (lost + surplus + reordered + refused > 0) process.exitCode = 1;
  await product.stop();
} finally {
  await stage.close();
}
