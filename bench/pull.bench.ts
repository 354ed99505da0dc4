/**
 * Pull: polls per second by 2,000 town clients that find nothing to read.
 *
 * `--clients=N --seconds=S --warm-up=S --rate=N`. A connection a client. The contract's list first, then the feed, each its whole time;
 * every answer must be an empty list. `--rate`: an open loop.
 */
import { type Driven, drive } from './load.ts';
import { option } from './measure.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { townTokens } from './tokens.ts';
import { settle } from './town.ts';
import { Wire } from './wire.ts';

const lanes = option('clients', 2_000);
const seconds = option('seconds', 60);
const warmUp = option('warm-up', 5);
const rate = option('rate', 0);
const AIM = 30_000;
const EMPTY = '[]';

const stage = await openStage();
try {
  const product = await stage.start('all');
  const { towns } = await settle(await stage.hub(), stage.config.masterKey, lanes, true);
  const tokens = await townTokens(product.url, towns);
  const headers = tokens.map((token) => `Authorization: Bearer ${token}\r\n`);
  const wires = await Promise.all(Array.from({ length: lanes }, () => Wire.open(product.url)));
  const poll = (path: string): Promise<Driven> =>
    drive(
      { lanes, seconds, warmUp, rate },
      async (lane) => {
        const { status, body } = await (wires[lane] as Wire).send('GET', path, headers[lane] as string);
        return status === 200 && body.toString() === EMPTY;
      },
      { product: product.pids, redis: stage.redisPids },
    );
  const list = await poll('/teledossiers/v1/notifications');
  const feed = await poll('/relais/v1/feed');
  for (const wire of wires) wire.close();
  report(
    'pull',
    `${list.words}, one a client, for ${seconds} s each way after ${warmUp} s of warm-up; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}. ${list.errors + feed.errors} refused or not empty. Processor time of one poll of the list: ${list.spent}; of the feed: ${feed.spent}.`,
    [
      { name: 'polls of the contract’s list', value: list.perSecond, unit: '/s', aim: { atLeast: AIM } },
      { name: '… p50', value: list.latencies.percentile(0.5), unit: 'ms' },
      { name: '… p99', value: list.latencies.percentile(0.99), unit: 'ms' },
      { name: 'polls of the feed', value: feed.perSecond, unit: '/s', aim: { atLeast: AIM } },
      { name: '… p50', value: feed.latencies.percentile(0.5), unit: 'ms' },
      { name: '… p99', value: feed.latencies.percentile(0.99), unit: 'ms' },
    ],
    stage.redisVersion,
    list.series,
  );
  await product.stop();
} finally {
  await stage.close();
}
