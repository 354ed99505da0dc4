/**
 * Recovery: pauses when one of two engines is killed, and when Redis is, with a million live cases.
 *
 * `--cases=N` fewer cases, `--kills=N` engines killed one after the other (3).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { PARTITIONS } from '#engine/domain/placement.ts';
import { PACE } from '#engine/partition/limits.ts';
import { type Client, connect } from '#engine/redis/connect.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { option, progress, spread } from './measure.ts';
import { Pulse } from './pulse.ts';
import { type Figure, report } from './results.ts';
import { openStage, type Running, type Stage } from './stage.ts';
import { tokenOf } from './token.ts';
import { folderCommands, settle } from './town.ts';
import { Wire } from './wire.ts';

const cases = option('cases', 1_000_000);
const kills = option('kills', 3);
const TOWNS = 9_200;
const AT_ONCE = 2_000;
const LOOK_MS = 20;
/** Load before and after a death. ms */
const CALM_MS = 3_000;
const S = 1_000;
const GIB = 1024 ** 3;

/** Owner of each partition: member and generation. */
const owners = (redis: Client): Promise<(string | null)[]> =>
  Promise.all(Array.from({ length: PARTITIONS }, (_, partition) => redis.hget(keysOf(partition).lease, 'owner')));

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(LOOK_MS);
}

/** Both engines have their share, and it stays so. */
async function shared(redis: Client): Promise<void> {
  await until(async () => {
    const counts = Map.groupBy(await owners(redis), (owner) => owner);
    return (
      !counts.has('') &&
      counts.size === 2 &&
      Math.min(...Array.from(counts.values(), (of) => of.length)) > PARTITIONS / 4
    );
  });
}

async function engineDeaths(stage: Stage, redis: Client): Promise<Figure[]> {
  const engines: Running[] = [await stage.start('engine'), await stage.start('engine')];
  const pulse = new Pulse(await stage.hub());
  let [own, others, answers, seconds] = [0, 0, 0, 0];
  for (let kill = 0; kill < kills; kill += 1) {
    await shared(redis);
    await pulse.all(performance.now());
    await pause(CALM_MS);
    const victim = engines.shift() as Running;
    const before = await owners(redis);
    const at = performance.now();
    process.kill(victim.pid, 'SIGKILL');
    await pulse.all(at);
    await pause(CALM_MS);
    const end = performance.now();
    for (const [partition, owner] of before.entries()) {
      // A member's name ends with its process number.
      const dead = owner?.includes(`:${victim.pid}#`);
      if (dead) own = Math.max(own, pulse.longest(partition, at, end));
      else others = Math.max(others, pulse.longest(partition, at, end));
    }
    answers += pulse.count(at, end);
    seconds += (end - at) / S;
    engines.push(await stage.start('engine'));
  }
  await pulse.stop();
  for (const engine of engines) await engine.stop();
  console.log(`engines: ${(answers / seconds).toFixed(0)} folders made each second meanwhile`);
  return [
    {
      name: `engine killed: longest pause of its partitions (${kills} deaths)`,
      value: own / S,
      unit: 's',
      aim: { atMost: (2 * PACE.leaseMs) / S },
    },
    { name: 'longest pause of the other engine’s partitions', value: others / S, unit: 's' },
  ];
}

async function fill(stage: Stage): Promise<{ id: string; secret: string }> {
  const engine = await stage.start('engine');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, TOWNS, false);
  const show = progress('cases', cases);
  let done = 0;
  await spread(cases, AT_ONCE, async (index) => {
    const { home, create, upload, complete } = folderCommands(
      hub,
      (towns[index % TOWNS] as { key: string }).key,
      index,
    );
    for (const command of [create, upload, complete]) {
      const answer = await hub.ask(home, command);
      if (answer.status >= 400) throw new Error(`${command.kind}: ${JSON.stringify(answer)}`);
    }
    done += 1;
    show(done);
  });
  await engine.stop();
  return sender;
}

async function redisDeath(stage: Stage, redis: Client): Promise<Figure[]> {
  const sender = await fill(stage);
  const { url, stop } = await stage.start('all');
  const token = await tokenOf(url, sender, 'OSL');
  const status = async (path: string): Promise<number> => {
    const wire = await Wire.open(url);
    const { status } = await wire.send('GET', path, `Authorization: Bearer ${token}\r\n`);
    wire.close();
    return status;
  };
  const list = '/teledossiers/v1/notifications?maxResult=1';
  await until(async () => (await status('/health/ready')) === 200);
  const bytes = Number(/aof_current_size:(\d+)/.exec(await redis.info('persistence'))?.[1]);
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  const at = performance.now();
  const loaded = stage.restartRedis().then(() => performance.now() - at);
  const seen = async (path: string): Promise<number> => {
    await until(async () => (await status(path)) === 200);
    return performance.now() - at;
  };
  // Down first: an answer kept from before would do for a recovery.
  await until(async () => (await status('/health/ready')) === 503);
  const [ready, answered, read] = await Promise.all([seen('/health/ready'), seen(list), loaded]);
  await stop();
  const what = `Redis killed with ${cases} live cases`;
  console.log(`${what}: ${(used / GIB).toFixed(2)} GiB in memory, ${(bytes / GIB).toFixed(2)} GiB of append-only file`);
  return [
    { name: `${what}: it has read its file`, value: read / S, unit: 's' },
    { name: '… a request is answered', value: answered / S, unit: 's' },
    { name: '… /health/ready says 200', value: ready / S, unit: 's' },
  ];
}

// Every partition says that it was lost, which is what is done here.
process.env['HUB_LOG_LEVEL'] ??= 'error';
const stage = await openStage();
const redis = connect(stage.config.redisUrl, () => undefined);
try {
  const figures = [...(await engineDeaths(stage, redis)), ...(await redisDeath(stage, redis))];
  report(
    'recovery',
    `Two engine processes, every partition asked for a folder one request after the other, one engine killed and replaced; then ${cases} cases, one process of all roles, Redis killed and started at once on its file. Lease ${PACE.leaseMs / S} s.`,
    figures,
    stage.redisVersion,
  );
} finally {
  redis.disconnect();
  await stage.close();
}
