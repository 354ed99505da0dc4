/**
 * Contract path: complete folders per second, each POST folder, PUT one 20 kB file, PATCH completed, until listed.
 *
 * `--flows=N --seconds=S --warm-up=S --towns=N --rate=N --durability=fsync|followed|replicated|everysec`. Each flow deposits to towns of its own and then reads the town's notifications
 * with the town's token: a folder counts when its case is in that list. `--rate`: an open loop. Authentication and validation are the
 * product's; every deposit and file is on disk before its answer.
 */
import { Filing } from './filing.ts';
import { drive } from './load.ts';
import { option } from './measure.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { tokenOf } from './token.ts';
import { townTokens } from './tokens.ts';
import { FILE_BYTES, SENDER, settle, type Town } from './town.ts';
import { Wire } from './wire.ts';

const flows = option('flows', 192);
const seconds = option('seconds', 60);
const warmUp = option('warm-up', 5);
const townCount = option('towns', 9_200);
const rate = option('rate', 0);

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, townCount, true);
  const filing = new Filing(await tokenOf(product.url, sender, 'OSL'));
  const tokens = await townTokens(product.url, towns);
  const wires = await Promise.all(Array.from({ length: flows }, () => Wire.open(product.url)));
  const next = wires.map((_, lane) => lane);
  const file = async (lane: number): Promise<boolean> => {
    const town = next[lane] as number;
    next[lane] = town + flows < townCount ? town + flows : lane;
    return (await filing.file(wires[lane] as Wire, towns[town] as Town, tokens[town] as string)) !== undefined;
  };
  const run = await drive({ lanes: flows, seconds, warmUp, rate }, file, {
    product: product.pids,
    redis: stage.redisPids,
  });
  for (const wire of wires) wire.close();
  for (const [step, times] of Object.entries(filing.steps)) console.log(`${step.padEnd(6)} ${times}`);
  report(
    'contract',
    `${run.words} for ${seconds} s after ${warmUp} s of warm-up, ${townCount} towns of sender ${SENDER.companyRegister}, file of ${FILE_BYTES} B; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}. ${run.errors} errors, ${filing.patience.repeated} calls refused for now and repeated. Processor time of one folder: ${run.spent}.`,
    [
      { name: 'complete folders', value: run.perSecond, unit: '/s', aim: { atLeast: 2_500 } },
      { name: 'p50, POST to listed', value: run.latencies.percentile(0.5), unit: 'ms' },
      { name: 'p99, POST to listed', value: run.latencies.percentile(0.99), unit: 'ms', aim: { atMost: 250 } },
      { name: 'backlog at the end', value: run.backlog, unit: 's', aim: { atMost: 1 } },
    ],
    stage.redisVersion,
    run.series,
  );
  await product.stop();
} finally {
  await stage.close();
}
