/**
 * Tokens: client-credentials tokens per second, each client with its own secret.
 *
 * `--connections=N --clients=N --seconds=S --warm-up=S --rate=N`. `--rate`: an open loop.
 */
import { drive } from './load.ts';
import { option } from './measure.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { askToken } from './token.ts';
import { settle, type Town } from './town.ts';
import { Wire } from './wire.ts';

const lanes = option('connections', 128);
const clients = option('clients', 2_000);
const seconds = option('seconds', 60);
const warmUp = option('warm-up', 5);
const rate = option('rate', 0);

const stage = await openStage();
try {
  const product = await stage.start('all');
  const { towns } = await settle(await stage.hub(), stage.config.masterKey, clients, true);
  const wires = await Promise.all(Array.from({ length: lanes }, () => Wire.open(product.url)));
  let next = 0;
  const ask = async (lane: number): Promise<boolean> => {
    next += 1;
    const { client } = towns[next % clients] as Town;
    return (await askToken(wires[lane] as Wire, client as { id: string; secret: string }, 'SI')) !== '';
  };
  const run = await drive({ lanes, seconds, warmUp, rate }, ask, { product: product.pids, redis: stage.redisPids });
  for (const wire of wires) wire.close();
  report(
    'token',
    `${run.words} for ${seconds} s after ${warmUp} s of warm-up, ${clients} clients; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}. ${run.errors} refused. Processor time of one token: ${run.spent}.`,
    [
      { name: 'tokens', value: run.perSecond, unit: '/s', aim: { atLeast: 15_000 } },
      { name: 'p50', value: run.latencies.percentile(0.5), unit: 'ms' },
      { name: 'p99', value: run.latencies.percentile(0.99), unit: 'ms', aim: { atMost: 50 } },
      { name: 'backlog at the end', value: run.backlog, unit: 's', aim: { atMost: 1 } },
    ],
    stage.redisVersion,
    run.series,
  );
  await product.stop();
} finally {
  await stage.close();
}
