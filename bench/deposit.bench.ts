/**
 * Deposits in one call: POST /relais/v1/folders per second, each with its key and a small file, until it is delivered.
 *
 * `--connections=N --seconds=S --warm-up=S --towns=N --file=BYTES --rate=N`. Each connection deposits to towns of its own; at the end every
 * mailbox is read, and each answered case must be there once, in order. `--rate`: an open loop, whose waiting counts too.
 * Authentication, validation and `appendfsync always` are the product's.
 */
import { compare, readBack } from './delivered.ts';
import { Depositing } from './depositing.ts';
import { drive } from './load.ts';
import { option } from './measure.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { tokenOf } from './token.ts';
import { settle } from './town.ts';

const lanes = option('connections', 400);
const seconds = option('seconds', 60);
const warmUp = option('warm-up', 5);
const townCount = option('towns', 9_200);
const fileBytes = option('file', 300);
const rate = option('rate', 0);

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, townCount, false);
  const token = await tokenOf(product.url, sender, 'OSL');
  const depositing = await Depositing.open({ url: product.url, token, towns, lanes, fileBytes });
  const run = await drive({ lanes, seconds, warmUp, rate }, (lane) => depositing.one(lane), {
    product: product.pids,
    redis: stage.redisPids,
  });
  depositing.close();
  const { answered } = depositing;
  const { lost, doubled, reordered, delivered } = compare(answered, await readBack(hub, towns), true);
  const all = [...answered.values()].reduce((sum, { length }) => sum + length, 0);
  report(
    'deposit',
    `${run.words} for ${seconds} s after ${warmUp} s of warm-up, ${townCount} towns, file of ${fileBytes} B; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}. ${all} answered, ${delivered} read back: ${lost} lost, ${doubled} doubled, ${reordered} towns out of order; ${run.errors} errors. Processor time of one deposit: ${run.spent}.`,
    [
      { name: 'deposits delivered', value: run.perSecond, unit: '/s', aim: { atLeast: 12_000 } },
      { name: 'p50', value: run.latencies.percentile(0.5), unit: 'ms' },
      { name: 'p99', value: run.latencies.percentile(0.99), unit: 'ms', aim: { atMost: 150 } },
      { name: 'backlog at the end', value: run.backlog, unit: 's', aim: { atMost: 1 } },
    ],
    stage.redisVersion,
    run.series,
  );
  if (lost + doubled + reordered > 0) process.exitCode = 1;
  await product.stop();
} finally {
  await stage.close();
}
