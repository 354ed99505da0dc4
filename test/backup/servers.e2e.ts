import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { masterKey } from '#engine/master-key.ts';
import { connect, disconnect, masters, reach } from '#engine/redis/connect.ts';
import { backUp, type Made } from '#ops/backup/backup.ts';
import { WrongBackup } from '#ops/backup/manifest.ts';
import { restore } from '#ops/backup/restore.ts';
import { NotEmpty } from '#ops/backup/target.ts';
import { type RedisCluster, startCluster } from '#ops/redis/cluster.ts';
import { type RedisServer, startRedis } from '#ops/redis/server.ts';
import { Member, type Role } from '#test/chaos/member.ts';
import { enrol } from '#test/contract/hub.ts';
import { Partner } from '#test/contract/wire.ts';
import { deposit, send } from '#test/native/calls.ts';

/** Servers of the operator's, named by HUB_REDIS_URL: one, and a cluster; engines that write their journals somewhere else. */
const ADMIN = { HUB_ADMIN_CLIENT_ID: 'backup-admin', HUB_ADMIN_CLIENT_SECRET: 'a secret of these tests only' };
const LIST = '/teledossiers/v1/notifications?eventDetails=true';

const dir = mkdtempSync(join(tmpdir(), 'relais-servers-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const READY_MS = 30_000;

/** Each a process of its own, as on machines: one process has one API in its life. */
const start = async (role: Role, data: string, url: string): Promise<Member> => {
  const env = {
    ...process.env,
    ...ADMIN,
    HUB_REDIS_URL: url,
    HUB_LOG_LEVEL: 'error',
    HUB_MASTER_KEY: KEY.toString('hex'),
    HUB_BLOBS: join(dir, data === 'again' ? 'again/blobs' : 'blobs'),
  };
  const member = await Member.start({ dir, data: join(dir, data), env }, `${data}-${role}`, role);
  // It listens before its engine has compared all with the journals.
  for (const deadline = performance.now() + READY_MS; !(await fetch(`${member.url}/health/ready`)).ok; )
    ok(performance.now() < deadline, `${data}-${role} is not ready`);
  return member;
};
const KEY = masterKey('ab'.repeat(32), dir, (message) => new Error(message));
const save = (data: string, redisUrl: string, to: string): Promise<Made> =>
  backUp({
    data: join(dir, data),
    blobs: join(dir, 'blobs'),
    redisUrl,
    masterKey: KEY,
    to: join(dir, to),
    passphrase: undefined,
    copies: 1,
  });
const putBack = (folder: string, redisUrl: string) =>
  restore(folder, { data: join(dir, 'again'), blobs: join(dir, 'again/blobs'), redisUrl, kept: new Set() }, KEY);

async function flush(url: string): Promise<void> {
  const client = connect(url, () => undefined);
  await reach(client);
  for (const master of masters(client)) {
    await master.flushall();
    await master.function('FLUSH');
  }
  await disconnect(client);
}

describe('a hub on a cluster', () => {
  let [cluster, services]: [RedisCluster, Member] = [] as never;
  before(async () => {
    cluster = await startCluster(join(dir, 'cluster'), { 'min-replicas-to-write': '0' });
    services = await start('all', 'cluster-data', cluster.url);
  });
  after(async () => {
    await services?.stop();
    await cluster?.stop();
  });

  it('answers the same when its masters were emptied and filled again, key by key', async () => {
    const admin = await new Partner(
      services.url,
      'ADMIN',
      ADMIN.HUB_ADMIN_CLIENT_ID,
      ADMIN.HUB_ADMIN_CLIENT_SECRET,
    ).login();
    const { dgs, orly } = await enrol(admin);
    for (let each = 0; each < 3; each += 1) equal((await send(dgs, deposit())).status, 201);
    const made = await save('cluster-data', cluster.url, 'of-cluster');
    ok(made.journals);
    const said = (await orly.get(LIST)).json;
    equal(said.length, 3);
    await rejects(
      putBack(made.folder, cluster.url),
      (error: Error) => error instanceof NotEmpty && /holds \d+ keys/.test(error.message),
    );
    await rejects(
      putBack(made.folder, ''),
      (error: Error) => error instanceof WrongBackup && /is of a cluster/.test(error.message),
    );
    await services.stop();
    await flush(cluster.url);
    const { keys } = await putBack(made.folder, cluster.url);
    ok(keys > 0);
    services = await start('all', 'again', cluster.url);
    const again = new Partner(services.url, orly.scope, orly.clientId, orly.clientSecret);
    await again.login();
    deepEqual((await again.get(LIST)).json, said);
  });

  it('is not saved by halves, when its journals are somewhere else', async () => {
    await rejects(
      save('nowhere', cluster.url, 'of-none'),
      /written by engines whose journals are not in this data folder/,
    );
  });
});

describe('a hub on one server, its engine on another machine', () => {
  let [server, engine, api]: [RedisServer, Member, Member] = [] as never;
  before(async () => {
    server = await startRedis({ dir: join(dir, 'one') });
    rmSync(join(dir, 'blobs'), { recursive: true, force: true });
    rmSync(join(dir, 'again'), { recursive: true, force: true });
    engine = await start('engine', 'engine', server.url);
    api = await start('api', 'api', server.url);
  });
  after(async () => {
    await api?.stop();
    await engine?.stop();
    await server?.stop();
  });

  it('is saved as its server was at one moment, without journals, and says so', async () => {
    const admin = await new Partner(api.url, 'ADMIN', ADMIN.HUB_ADMIN_CLIENT_ID, ADMIN.HUB_ADMIN_CLIENT_SECRET).login();
    const { dgs, orly } = await enrol(admin);
    equal((await send(dgs, deposit())).status, 201);
    const said = (await orly.get(LIST)).json;
    const made = await save('api', server.url, 'of-one');
    equal(made.journals, false);
    await api.stop();
    await engine.stop();
    await flush(server.url);
    await putBack(made.folder, server.url);
    api = await start('all', 'again', server.url);
    const again = await new Partner(api.url, orly.scope, orly.clientId, orly.clientSecret).login();
    const answer = await again.get(LIST);
    deepEqual(answer.json, said);
    match(answer.text, /CERTDC/);
  });
});
