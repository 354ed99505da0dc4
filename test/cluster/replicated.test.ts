import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Local } from '#engine/local.ts';
import { connect } from '#engine/redis/connect.ts';
import { guard } from '#engine/redis/guard.ts';
import type { RedisServer } from '#ops/redis/server.ts';
import { toy } from '../engine/toy.ts';
import { until } from '../engine/world.ts';
import { type Ground, openGround } from './ground.ts';
import { Load } from './load.ts';

/** Partitions that lie on each of the three masters, and one more of the first. */
const HOMES = [5, 30, 55];
const [HOME] = HOMES as [number];
const OTHER = 6;
const REPLICAS = 1;

const local = new Local();
let ground: Ground;
before(async () => {
  ground = await openGround(REPLICAS);
  // Without a journal: Redis alone must keep what was answered.
  await ground.engine('e1', local, false);
});
after(() => ground.close());

const infoOf = async ({ url }: RedisServer): Promise<string> => {
  const client = connect(url, () => undefined);
  try {
    return await client.info('replication');
  } finally {
    client.disconnect();
  }
};

test('a setting that breaks the promise of the level is named', async () => {
  const client = await ground.open();
  await guard(client, { level: 'replicated', replicas: REPLICAS });
  const wanted = { level: 'replicated', replicas: REPLICAS + 1 } as const;
  await assert.rejects(guard(client, wanted), /min-replicas-to-write is “1” on .*: set it to “2”, as HUB_REPLICAS is/);
  const master = connect(ground.cluster.masters[0]?.url ?? '', () => undefined);
  await master.config('SET', 'min-replicas-max-lag', '0');
  await assert.rejects(guard(client, { level: 'replicated', replicas: 1 }), /min-replicas-max-lag is “0” on/);
  await guard(client, { level: 'fsync', replicas: 0 });
  await master.config('SET', 'min-replicas-max-lag', '10');
  master.disconnect();
});

test('a replica that does not follow: nothing is answered as done, the effect stays, others are served', async () => {
  const { asks } = await ground.api(local);
  const far = await ground.api();
  const load = new Load(ground, asks, HOMES.slice(1));
  await load.more();
  const frozen = ground.cluster.replicas[0] as RedisServer;
  process.kill(frozen.pid, 'SIGSTOP');
  const add = (by: typeof asks, home: number, value: number) =>
    by.ask(home, toy({ kind: 'add', actor: 'a', value })).then(
      ({ status }) => status,
      (error: Error & { code?: string }) => error.code,
    );
  try {
    assert.equal(await add(asks, HOME, 1), 'busy');
    // Another process's request went by the mailbox, and the deliveries that it waits for.
    assert.equal(await add(far.asks, OTHER, 2), 'busy');
    load.forget();
    await load.more();
    assert.ok(
      load.pauses.every((pause) => pause < 1_500),
      `${load.pauses} ms`,
    );
  } finally {
    process.kill(frozen.pid, 'SIGCONT');
  }
  await until('it is served again', async () => (await add(asks, HOME, 3)) === 200);
  assert.equal((await ground.added(HOME, 'a'))[0], 1, 'the effect stays');
  await load.check();
});

test('a master killed under load loses nothing, without any journal', async () => {
  const { asks } = await ground.api(local);
  const load = new Load(ground, asks, HOMES);
  await load.more();
  load.forget();
  const [killed, heir] = [ground.cluster.masters[0], ground.cluster.replicas[0]] as [RedisServer, RedisServer];
  await ground.cluster.kill(killed.port);
  await until('its replica takes its place', async () => (await infoOf(heir)).includes('role:master'));
  // Alone, it takes no write: somebody has to start the other again.
  const refused = await asks.ask(HOME, toy({ kind: 'add', actor: 'a', value: 4 })).then(Number, () => 'refused');
  assert.equal(refused, 'refused');
  await ground.cluster.start(killed.port);
  await load.more();
  console.log(
    `longest pause: ${load.pauses.join(', ')} ms (the first one’s master was killed); refused ${load.refused}`,
  );
  await load.check();
});

test('an engine that joins under load takes its share: nothing lost, doubled or reordered', async () => {
  const { asks } = await ground.api();
  const load = new Load(ground, asks, HOMES);
  await load.more();
  load.forget();
  const engine = await ground.engine('e2', undefined, false);
  await until('it has its share', () => engine.node.held.size >= 32);
  await load.more();
  console.log(`no answer for ${load.pauses.join(', ')} ms; refused ${load.refused}`);
  await load.check();
});
