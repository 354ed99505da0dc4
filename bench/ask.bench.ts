/**
 * Asks: PATCH of a case's status per second, over 10,000 cases, driven by autocannon.
 *
 * `--connections=N --seconds=S --cases=N --rate=N`. `--rate`: an open loop, whose latencies autocannon corrects for what
 * waited. Each answer follows the commit and its fsync. The sender's token, the statuses of the contract in turn, so that every
 * request changes its case.
 */
import autocannon from 'autocannon';
import { derive, KIND, toUuid } from '#engine/domain/ids.ts';
import { Cpu } from './cpu.ts';
import { option, progress, spread } from './measure.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { tokenOf } from './token.ts';
import { folderCommands, settle } from './town.ts';

const connections = option('connections', 256);
const seconds = option('seconds', 30);
const cases = option('cases', 10_000);
const rate = option('rate', 0);
const TOWNS = 2_000;
const AT_ONCE = 1_000;
const WARM_UP_SECONDS = 5;
const STATUSES = ['IN_PROGRESS', 'DONE', 'ADD_AWAITING', 'SENT'] as const;

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, TOWNS, false);
  const ids: string[] = [];
  const shown = progress('cases', cases);
  await spread(cases, AT_ONCE, async (index) => {
    const { home, folder, create, upload, complete } = folderCommands(
      hub,
      (towns[index % TOWNS] as { key: string }).key,
      index,
    );
    for (const command of [create, upload, complete]) await hub.ask(home, command);
    ids[index] = toUuid(derive(folder, KIND.case, home, 0));
    shown(ids.length);
  });
  const token = await tokenOf(product.url, sender, 'OSL');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  let next = 0;
  const requests = (): autocannon.Request[] => {
    const share = Math.ceil(cases / connections);
    const mine = ids.slice(next, next + share);
    next = (next + share) % cases;
    return STATUSES.flatMap((status) =>
      mine.map((id) => ({
        method: 'PATCH' as const,
        path: `/teledossiers/v1/cases/${id}`,
        headers,
        body: JSON.stringify({ status }),
      })),
    );
  };
  const run = (duration: number): Promise<autocannon.Result> =>
    autocannon({
      url: product.url,
      connections,
      duration,
      ...(rate > 0 && { overallRate: rate }),
      setupClient: (client) => client.setRequests(requests()),
    });
  await run(WARM_UP_SECONDS);
  const cpu = new Cpu({ product: product.pids, redis: stage.redisPids });
  const result = await run(seconds);
  const spent = cpu.each(result['2xx']);
  const refused = result.non2xx + result.errors + result.timeouts;
  await product.stop();
  report(
    'ask',
    `${connections} connections${rate > 0 ? `, open loop of ${rate}/s` : ''} for ${seconds} s after ${WARM_UP_SECONDS} s of warm-up, PATCH over ${cases} cases; one process \`hub start\`, Redis and autocannon on the same cores, ${stage.durability}. ${refused} refused or failed. Processor time of one ask: ${spent}.`,
    [
      { name: 'asks', value: result['2xx'] / result.duration, unit: '/s', aim: { atLeast: 10_000 } },
      { name: 'p50', value: result.latency.p50, unit: 'ms' },
      { name: 'p99', value: result.latency.p99, unit: 'ms' },
    ],
    stage.redisVersion,
  );
} finally {
  await stage.close();
}
