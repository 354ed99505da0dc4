/**
 * Engine drain: cases per second when 200,000 completed folders wait in the mailboxes.
 *
 * `--cases=N`. Folders and their files are prepared first; their completions are accepted with no engine running,
 * then one engine process starts and drains: each completion reads its folder, makes its case, lists its notification.
 */

import { Acceptor } from '#engine/client/accept.ts';
import { encodeMessage } from '#engine/domain/envelope.ts';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { Calls } from '#engine/redis/calls.ts';
import { connect } from '#engine/redis/connect.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { Cpu } from './cpu.ts';
import { option, progress, spread } from './measure.ts';
import { report } from './results.ts';
import { openStage } from './stage.ts';
import { folderCommands, settle } from './town.ts';

const cases = option('cases', 200_000);
const TOWNS = 9_200;
const AT_ONCE = 2_000;
const LOOK_MS = 50;

const stage = await openStage();
const redis = connect(stage.config.redisUrl, (error) => console.error(error.message));
try {
  const preparing = await stage.start('engine');
  const hub = await stage.hub();
  const { towns } = await settle(hub, stage.config.masterKey, TOWNS, false);
  const waiting: { home: number; payload: string }[] = [];
  const show = progress('folders prepared', cases);
  await spread(cases, AT_ONCE, async (index) => {
    const { home, create, upload, complete } = folderCommands(
      hub,
      (towns[index % TOWNS] as { key: string }).key,
      index,
    );
    await hub.ask(home, create);
    await hub.ask(home, upload);
    waiting.push({ home, payload: encodeMessage({ command: complete }) });
    show(waiting.length);
  });
  await preparing.stop();

  const acceptor = new Acceptor(new Calls(redis), cases, () => undefined);
  await spread(cases, AT_ONCE, (index) => {
    const one = waiting[index] as { home: number; payload: string };
    return acceptor.accept(one.home, one.payload);
  });
  const backlog = async (): Promise<number> => {
    const lengths = await Promise.all(
      Array.from({ length: ALL_PARTITIONS }, (_, partition) => redis.xlen(keysOf(partition).in)),
    );
    return lengths.reduce((sum, length) => sum + length, 0);
  };
  const queued = await backlog();
  const engine = await stage.start('engine');
  const cpu = new Cpu({ engine: engine.pid, redis: stage.redis.pid });
  const drained = progress('cases drained', queued);
  let [first, firstAt, left] = [0, 0, queued];
  while (left > 0) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    left = await backlog();
    if (firstAt === 0 && left < queued) [first, firstAt] = [queued - left, performance.now()];
    drained(queued - left);
  }
  const seconds = (performance.now() - firstAt) / 1000;
  const spent = cpu.each(queued);
  const listed = await countNotifications();
  if (listed !== cases) throw new Error(`${listed} notifications are listed, not ${cases}`);
  await engine.stop();
  report(
    'drain',
    `${queued} completions waiting for ${TOWNS} recipients; one engine process, appendfsync always; timed from the first commit seen (${first} cases) to the last. Processor time of one case: ${spent}.`,
    [{ name: 'cases per second', value: (queued - first) / seconds, unit: '/s', aim: { atLeast: 30_000 } }],
    stage.redisVersion,
  );
} finally {
  redis.disconnect();
  await stage.close();
}

async function countNotifications(): Promise<number> {
  let total = 0;
  for (const key of await redis.keys('{*}b*')) total += await redis.zcard(key);
  return total;
}
