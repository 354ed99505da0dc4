import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket, connect as tcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Acceptor } from '#engine/client/accept.ts';
import { Asks } from '#engine/client/ask.ts';
import { Local } from '#engine/local.ts';
import { Calls } from '#engine/redis/calls.ts';
import { type Client, connect, loadFunctions } from '#engine/redis/connect.ts';
import { recordKey } from '#engine/redis/keys.ts';
import { type RedisServer, startRedis } from '#ops/redis/server.ts';
import { startEngine } from '../engine/engine.ts';
import { toy, toyBehaviour } from '../engine/toy.ts';
import { until } from '../engine/world.ts';
import { openJournal } from '../journal/world.ts';

/** One address, behind which a master and its replica change places. */
const HOME = 21;
const COUNT = 50;
const dir = mkdtempSync(join(tmpdir(), 'relais-stale-'));
const sockets = new Set<Socket>();
let [master, replica]: RedisServer[] = [];
let target = 0;
const address = createServer((near) => {
  const far = tcp(target, '127.0.0.1');
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(one);
    one.on('error', () => undefined).on('close', () => other.destroy());
    one.pipe(other);
  }
});
const clients: Client[] = [];
const open = (url: string): Client => {
  const client = connect(url, () => undefined);
  clients.push(client);
  return client;
};
before(async () => {
  const extra = { 'repl-diskless-sync-delay': '0' };
  master = await startRedis({ dir: join(dir, 'a'), extra });
  replica = await startRedis({ dir: join(dir, 'b'), extra: { ...extra, replicaof: `127.0.0.1 ${master.port}` } });
  target = master.port;
  await once(address.listen(0, '127.0.0.1'), 'listening');
});
after(async () => {
  for (const client of clients) client.disconnect();
  for (const socket of sockets) socket.destroy();
  address.close();
  await Promise.all([master?.stop(), replica?.stop()]);
  rmSync(dir, { recursive: true, force: true });
});

test('a replica that lacks answered commits is promoted: its owner does them again, once and in order', async () => {
  const url = `redis://127.0.0.1:${(address.address() as AddressInfo).port}`;
  const [client, second] = [open(url), open(replica?.url ?? '')];
  await loadFunctions(client);
  const local = new Local();
  const journal = await openJournal(join(dir, 'journal'));
  const engine = await startEngine(url, 'e1', toyBehaviour, { local, journal });
  const acceptor = new Acceptor(new Calls(client), 100_000, () => undefined);
  const asks = new Asks('api', acceptor, 5_000, toyBehaviour.actorOf, local);
  local.attach('api', (items) => asks.take(items));
  const add = (value: number) => asks.ask(HOME, toy({ kind: 'add', actor: 'a', value }));
  const added = (from: Client) => from.zrange(recordKey(HOME, 'ba'), '0', '-1');
  for (let value = 0; value < COUNT; value += 1) assert.equal((await add(value)).status, 200);
  await until('the replica has them', async () => (await added(second)).length === COUNT);
  await second.replicaof('NO', 'ONE');
  for (let value = COUNT; value < 2 * COUNT; value += 1) assert.equal((await add(value)).status, 200);
  assert.equal((await added(second)).length, COUNT);

  target = replica?.port ?? 0;
  process.kill(master?.pid ?? 0, 'SIGKILL');
  const killedAt = performance.now();
  await until('it is mended', () => engine.events.some((event) => event.startsWith(`mended ${HOME} `)));
  console.log(`mended ${Math.round(performance.now() - killedAt)} ms after the master was killed`);
  const wanted = Array.from({ length: 2 * COUNT }, (_, value) => String(value));
  assert.deepEqual(await added(second), wanted);
  await until('it answers', () => add(2 * COUNT).then(Boolean, () => false));
  assert.deepEqual((await added(second)).slice(0, wanted.length), wanted);
  assert.deepEqual(
    engine.events.filter((event) => event.startsWith('lost commits')),
    [],
  );
  asks.close();
  await engine.stop();
  await journal.close();
});
