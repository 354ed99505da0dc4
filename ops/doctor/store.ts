/** Redis: what it must be set to, who it belongs to, how full it is, and how its clock differs. */
import { redisNow } from '#engine/client/partitions.ts';
import type { Config } from '#engine/config.ts';
import { type Client, masters } from '#engine/redis/connect.ts';
import { guard, UnfitServer, whose } from '#engine/redis/guard.ts';
import { readServers, type ServerView } from '#ops/console/servers.ts';
import { bytes } from '#ops/console/words.ts';
import { attention, type Finding, fault, ok } from './finding.ts';

const TOPIC = 'redis';
/** What is left is for the copy-on-write of a rewrite. */
const FULL_SHARE = 0.8;
/** A second of difference is a clock nobody sets; tokens and retention bear it. ms */
const SKEW_ATTENTION_MS = 500;
/** Beyond, dates that partners read are wrong, and a token may be refused. ms */
const SKEW_FAULT_MS = 5_000;
/** A fork that long stops every answer as long. µs */
const FORK_US = 500_000;

export async function examineRedis(redis: Client, config: Config): Promise<Finding[]> {
  const [settings, owner, views] = await Promise.all([
    guard(redis, config.durability).then(
      () => [ok(TOPIC, `its settings keep what HUB_DURABILITY=${config.durability.level} promises`)],
      (error: Error) =>
        error instanceof UnfitServer
          ? error.reasons.map((reason) => fault(TOPIC, reason, 'CONFIG SET it now, and correct redis.conf'))
          : [fault(TOPIC, `its settings cannot be read: ${error.message}`, 'let this user call CONFIG GET and INFO')],
    ),
    whose(redis, config.masterKey),
    readServers(redis),
  ]);
  const findings = [...settings, ...belongs(owner), ...views.flatMap((view) => server(view, config))];
  for (const master of masters(redis)) findings.push(...(await fork(master)));
  return [...findings, await clock(redis)];
}

function belongs(owner: 'nobody' | 'ours' | 'another'): Finding[] {
  if (owner === 'ours') return [ok(TOPIC, 'it holds the hub of this master key')];
  if (owner === 'nobody')
    return [attention(TOPIC, 'it holds no hub yet', 'the first start makes one; or see HUB_REDIS_URL')];
  return [fault(TOPIC, 'it holds a hub of another master key', 'give this hub’s HUB_MASTER_KEY, or its own Redis')];
}

function server(view: ServerView, { durability }: Config): Finding[] {
  const { at } = view;
  if (view.error !== '') return [fault(TOPIC, `${at}: ${view.error}`, 'look at its log; ops/runbooks')];
  const findings = [
    ok(TOPIC, `${at}: version ${view.version}, ${bytes(view.usedMemory)} in memory, aof ${bytes(view.aofBytes)}`),
  ];
  if (view.maxMemory === 0)
    findings.push(
      attention(TOPIC, `${at} has no maxmemory: the kernel would kill it`, 'set half of the machine’s memory'),
    );
  else if (view.usedMemory > FULL_SHARE * view.maxMemory)
    findings.push(
      fault(
        TOPIC,
        `${at} uses ${bytes(view.usedMemory)} of ${bytes(view.maxMemory)}`,
        'raise maxmemory; docs/sizing.md',
      ),
    );
  if (!view.aofOk)
    findings.push(fault(TOPIC, `${at} cannot write its append-only file`, 'look at its disk and its log'));
  if (!view.rewriteOk)
    findings.push(fault(TOPIC, `${at} could not rewrite its append-only file`, 'make room, then BGREWRITEAOF'));
  if (view.replicas < durability.replicas)
    findings.push(
      fault(TOPIC, `${at} has ${view.replicas} replicas of ${durability.replicas}`, 'start the missing ones'),
    );
  return findings;
}

async function fork(master: ReturnType<typeof masters>[number]): Promise<Finding[]> {
  const took = Number(/latest_fork_usec:(\d+)/.exec(await master.info('stats'))?.[1] ?? 0);
  if (took < FORK_US) return [];
  const what = `its last fork took ${Math.round(took / 1_000)} ms, during which nobody is answered`;
  return [attention(TOPIC, what, 'turn transparent huge pages off; smaller masters: docs/sizing.md')];
}

async function clock(redis: Client): Promise<Finding> {
  const sent = Date.now();
  const theirs = await redisNow(redis);
  const skew = Math.round((sent + Date.now()) / 2 - theirs);
  const what = `this machine’s clock differs from Redis’ by ${skew} ms`;
  if (Math.abs(skew) < SKEW_ATTENTION_MS) return ok('clock', what);
  const todo = 'have both synchronised by NTP';
  return Math.abs(skew) < SKEW_FAULT_MS ? attention('clock', what, todo) : fault('clock', what, todo);
}
