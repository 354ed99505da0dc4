import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect, disconnect } from '#engine/redis/connect.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { type RedisServer, startRedis } from '#ops/redis/server.ts';
import { type Services, startServices } from '#ops/services.ts';
import { ORLY, organization } from './country.ts';
import { Partner } from './wire.ts';

/** Engines in threads of their own, as they ship: two beside an API, and one that is a process. */
const ADMIN = { HUB_ADMIN_CLIENT_ID: 'threads-admin', HUB_ADMIN_CLIENT_SECRET: 'secret of the tests of threads' };
const PARTITIONS = 64 + 1;

const data = mkdtempSync(join(tmpdir(), 'threads-'));
let redis: RedisServer;
before(async () => {
  redis = await startRedis({ dir: join(data, 'redis') });
});
after(async () => {
  await redis.stop();
  rmSync(data, { recursive: true, force: true });
});

const start = (role: 'all' | 'engine', env: Record<string, string> = {}, url = redis.url): Promise<Services> =>
  startServices(
    {
      role,
      data: join(data, 'hub'),
      port: 0,
      env: { HUB_REDIS_URL: url, HUB_LOG_LEVEL: 'silent', HUB_MEMBER: 'm', ...ADMIN, ...env },
    },
    () => undefined,
  );

/** Values of a metric by thread. */
async function values(url: string | undefined, name: string): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = [...text.matchAll(new RegExp(`^${name}\\{(.*)\\} (\\S+)$`, 'gm'))];
  return Object.fromEntries(
    found.map(([, labels, value]) => [/thread="([^"]*)"/.exec(labels ?? '')?.[1] ?? '', Number(value)]),
  );
}

test('two engines beside the API share the partitions, are asked without the mailbox, and are measured one by one', async () => {
  const services = await start('all', { HUB_ENGINES: '2' });
  const watcher = connect(redis.url, () => undefined);
  try {
    const held = await values(services.url, 'engine_partitions_held');
    assert.deepEqual(Object.keys(held).sort(), ['m', 'm/2', 'main']);
    const admin = await new Partner(
      services.url ?? '',
      'ADMIN',
      ADMIN.HUB_ADMIN_CLIENT_ID,
      ADMIN.HUB_ADMIN_CLIENT_SECRET,
    ).login();
    assert.equal((await admin.post('/referential/v1/organizations', organization(ORLY, 'Orly'))).status, 201);
    const mailed = await Promise.all(
      Array.from({ length: PARTITIONS }, async (_, partition) => {
        const info = (await watcher.xinfo('STREAM', keysOf(partition).in)) as unknown[];
        return Number(info[info.indexOf('entries-added') + 1]);
      }),
    );
    assert.deepEqual(new Set(mailed), new Set([0]));
    const messages = await values(services.url, 'engine_messages_total');
    assert.equal((messages['m'] ?? 0) + (messages['m/2'] ?? 0), 1);
    assert.equal(messages['main'] ?? 0, 0);
    const lag = await values(services.url, 'nodejs_eventloop_lag_seconds');
    assert.deepEqual(Object.keys(lag).sort(), ['m', 'm/2', 'main']);
    assert.deepEqual(Object.keys(await values(services.url, 'process_resident_memory_bytes')), ['main']);
  } finally {
    await disconnect(watcher);
    await services.stop();
  }
});

test('an engine process says how it is, and serves nothing else', async () => {
  const services = await start('engine');
  try {
    assert.equal(services.url, undefined);
    assert.equal((await fetch(`${services.monitor}/health/live`)).status, 200);
    const ready = await fetch(`${services.monitor}/health/ready`);
    assert.deepEqual([ready.status, await ready.json()], [200, { status: 'ok', reasons: [] }]);
    const held = await values(services.monitor, 'engine_partitions_held');
    assert.ok('m' in held, JSON.stringify(held));
    assert.equal((await fetch(`${services.monitor}/teledossiers/v1/notifications`)).status, 404);
  } finally {
    await services.stop();
  }
});

test('a thread that cannot start stops the start, and its reason keeps its name', async () => {
  const unfit = await startRedis({ dir: join(data, 'unfit'), extra: { appendfsync: 'everysec' } });
  try {
    await assert.rejects(start('engine', {}, unfit.url), { name: 'UnfitServer', message: /appendfsync/ });
  } finally {
    await unfit.stop();
  }
});
