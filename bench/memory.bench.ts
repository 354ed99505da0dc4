/**
 * Redis memory per case: growth of used_memory over 100,000 bench folders, everything kept for them counted.
 *
 * `--folders=N`; `--show` lists what takes it, by kind of key. One case, one file, notified, unread; 9,200 recipients, the larger ones more often.
 */
import { connect } from '#engine/redis/connect.ts';
import { option, progress, spread } from './measure.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { folderCommands, settle } from './town.ts';

const folders = option('folders', 100_000);
const TOWNS = 9_200;
const AT_ONCE = 1_000;

const stage = await openStage();
const redis = connect(stage.config.redisUrl, (error) => console.error(error.message));
const used = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
try {
  const engine = await stage.start('engine');
  const hub = await stage.hub();
  const { towns } = await settle(hub, stage.config.masterKey, TOWNS, false);
  const before = await used();
  const show = progress('folders', folders);
  let done = 0;
  await spread(folders, AT_ONCE, async (index) => {
    // The n-th town receives in proportion to 1/n: as populations go.
    const rank = Math.floor(TOWNS ** (((index * 7919) % folders) / folders)) - 1;
    const { home, create, upload, complete } = folderCommands(
      hub,
      (towns[Math.max(rank, 0)] as { key: string }).key,
      index,
    );
    for (const command of [create, upload, complete]) {
      const answer = await hub.ask(home, command);
      if (answer.status >= 400) throw new Error(`${command.kind}: ${JSON.stringify(answer)}`);
    }
    done += 1;
    show(done);
  });
  const after = await used();
  await engine.stop();
  report(
    'memory',
    `${folders} folders to ${TOWNS} recipients (weights 1/rank), each one case, one file of 20 kB, notified and unread.`,
    [{ name: 'Redis memory per case', value: (after - before) / folders, unit: 'B', aim: { atMost: 1_400 } }],
    stage.redisVersion,
  );
  if (process.argv.includes('--show')) {
    const keys = await redis.keys('{*}*');
    const kinds = new Map<string, [number, number]>();
    for (const key of keys) {
      const kind = key
        .slice(key.indexOf('}') + 1)
        .slice(0, 2)
        .replace(/^([a-z]).*/, '$1');
      const bytes = Number(await redis.memory('USAGE', key, 'SAMPLES', 0));
      const [count, sum] = kinds.get(kind) ?? [0, 0];
      kinds.set(kind, [count + 1, sum + bytes]);
    }
    for (const [kind, [count, sum]] of kinds)
      console.log(kind, count, 'keys', (sum / folders).toFixed(0), 'B per folder');
  }
} finally {
  redis.disconnect();
  await stage.close();
}
