import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Acceptor } from '#engine/client/accept.ts';
import { Asks } from '#engine/client/ask.ts';
import { Local } from '#engine/local.ts';
import { Calls } from '#engine/redis/calls.ts';
import { Channels } from '#engine/redis/channels.ts';
import { type Client, connect, loadFunctions } from '#engine/redis/connect.ts';
import { guard } from '#engine/redis/guard.ts';
import { keysOf, recordKey, slotOf } from '#engine/redis/keys.ts';
import { type RedisCluster, startCluster } from '#ops/redis/cluster.ts';
import { startEngine } from '../engine/engine.ts';
import { toy, toyBehaviour } from '../engine/toy.ts';
import { patiently, until } from '../engine/world.ts';
import { openJournal } from '../journal/world.ts';

/** Partitions that lie on each of the three masters. */
const HOMES = [5, 30, 55];
const [KILLED] = HOMES as [number];
const CLIENTS_PER_HOME = 4;
const WARM = 200;

const dir = mkdtempSync(join(tmpdir(), 'relais-failover-'));
const clients: Client[] = [];
let cluster: RedisCluster;
const open = async (): Promise<Client> => {
  const client = connect(cluster.url, () => undefined);
  clients.push(client);
  await once(client, 'ready');
  return client;
};
before(async () => {
  cluster = await startCluster(dir);
  await loadFunctions(await open());
});
after(async () => {
  for (const client of clients) client.disconnect();
  await cluster.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('a replica set otherwise than its master is named at start', async () => {
  const client = await open();
  await guard(client);
  const { url, port } = cluster.replicas[1] ?? { url: '', port: 0 };
  const replica = connect(url, () => undefined);
  clients.push(replica);
  await replica.config('SET', 'appendfsync', 'everysec');
  const named = `appendfsync is “everysec” on the replica 127.0.0.1:${port}`;
  // A cluster lists a replica once its master was told how far it has read.
  await until('it is named', async () =>
    guard(await open()).then(
      () => false,
      (error: Error) => error.message.includes(named),
    ),
  );
  await replica.config('SET', 'appendfsync', 'always');
  await guard(await open());
});

test('a subscription whose connection broke comes back by itself', async () => {
  const client = await open();
  let [heard, gaps] = [0, 0];
  const { wake } = keysOf(KILLED);
  const channels = await Channels.open(await open(), [[wake]], {
    message() {
      heard += 1;
    },
    gap() {
      gaps += 1;
    },
  });
  await client.spublish(wake, '');
  await until('it hears', () => heard > 0);
  const before = gaps;
  const node = connect(cluster.masters[0]?.url ?? '', () => undefined);
  clients.push(node);
  assert.ok(Number(await node.call('CLIENT', 'KILL', 'TYPE', 'pubsub')) > 0);
  heard = 0;
  await until('it hears again', async () => {
    await client.spublish(wake, '');
    return heard > 0;
  });
  // Lost, and heard again: who waits for an answer is told both times.
  assert.ok(gaps >= before + 2);
  await channels.close();
});

test('a master killed under load: what was answered is there, once; the pause is printed', async (t) => {
  const client = await open();
  const tags = HOMES.map((home) => slotOf(/\{(.*)\}/.exec(keysOf(home).in)?.[1] ?? ''));
  assert.deepEqual(
    tags.map((slot) => Math.floor((slot * cluster.masters.length) / 16_384)),
    [0, 1, 2],
  );
  const local = new Local();
  const journal = await openJournal(join(dir, 'journal'));
  t.after(() => journal.close());
  const engine = await startEngine(cluster.url, 'e1', toyBehaviour, { local, journal });
  const asks = new Asks(
    'api',
    new Acceptor(new Calls(client), 100_000, () => undefined),
    5_000,
    toyBehaviour.actorOf,
    local,
  );
  local.attach('api', (items) => asks.take(items));
  const answered = new Map(HOMES.map((home) => [home, new Set<number>()]));
  const lastAt = new Map<number, number>();
  const gaps = new Map<number, number>();
  let [next, running, refused] = [1, true, 0];
  // Also when something fails: clients and engine would keep the process for ever.
  t.after(async () => {
    running = false;
    asks.close();
    await engine.stop();
  });
  const load = HOMES.flatMap((home) =>
    Array.from({ length: CLIENTS_PER_HOME }, async () => {
      while (running) {
        const value = next;
        next += 1;
        const answer = await asks.ask(home, toy({ kind: 'add', actor: 'a', value })).catch(() => undefined);
        if (answer?.status !== 200) {
          refused += 1;
          await new Promise((resolve) => setImmediate(resolve));
          continue;
        }
        const now = performance.now();
        gaps.set(home, Math.max(gaps.get(home) ?? 0, now - (lastAt.get(home) ?? now)));
        lastAt.set(home, now);
        answered.get(home)?.add(value);
      }
    }),
  );
  const more = async (home: number): Promise<void> => {
    const wanted = (answered.get(home)?.size ?? 0) + WARM;
    await until(`partition ${home} answers`, () => (answered.get(home)?.size ?? 0) > wanted);
  };
  for (const home of HOMES) await more(home);
  gaps.clear();
  process.kill(cluster.masters[0]?.pid ?? 0, 'SIGKILL');
  for (const home of HOMES) await more(home);
  running = false;
  await Promise.all(load);
  for (const home of HOMES) {
    const applied = (await patiently(() => client.zrange(recordKey(home, 'ba'), '0', '-1'))).map(Number);
    assert.equal(new Set(applied).size, applied.length, 'nothing twice');
    const there = new Set(applied);
    assert.deepEqual(
      [...(answered.get(home) ?? [])].filter((value) => !there.has(value)),
      [],
      `lost of ${home}`,
    );
  }
  const mended = engine.events.filter((event) => event.startsWith('mended')).length;
  const pauses = HOMES.map((home) => `${Math.round(gaps.get(home) ?? 0)} ms`).join(', ');
  console.log(
    `longest pause: ${pauses} (the first one’s master was killed); refused ${refused}, partitions mended ${mended}`,
  );
});
