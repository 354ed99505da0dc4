import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type RedisServer, startRedis } from '#ops/redis/server.ts';
import { type Services, startServices } from '#ops/services.ts';
import { until } from '#test/engine/world.ts';
import { ROWS } from '#test/security/rows.ts';
import { Things } from '#test/security/things.ts';
import { deposit, enrol, type World } from './hub.ts';
import { type Called, call, Partner } from './wire.ts';

/** Reads while Redis is away, or holds what no owner vouches for: put off, never a fault, and nothing old is shown. */

/** What needs neither: it is of this process, or of its copy of the referential. */
const SERVED = new Set([
  'GET /health/live',
  'GET /metrics',
  'GET /openapi.json',
  'GET /asyncapi.json',
  'GET /relais/v1/problems/{code}',
  'GET /referential/v1/organizations',
  'GET /referential/v1/organizations/{id}',
  'GET /referential/v1/processes',
  'GET /referential/v1/processes/{code}',
  'GET /referential/v1/subscriptions',
  'GET /referential/v1/subscriptions/{subscriptionId}',
  'GET /admin/v1/clients',
]);
const ADMIN = { HUB_ADMIN_CLIENT_ID: 'away-admin', HUB_ADMIN_CLIENT_SECRET: 'a secret of these tests only' };

const dir = mkdtempSync(join(tmpdir(), 'away-'));
let redis: RedisServer;
let engine: Services;
let api: Services;
const asked: [name: string, send: () => Promise<Called>][] = [];

before(async () => {
  redis = await startRedis({ dir: join(dir, 'redis') });
  const env = { ...ADMIN, HUB_REDIS_URL: redis.url, HUB_LOG_LEVEL: 'silent' };
  const start = (role: 'engine' | 'api') =>
    startServices({ role, data: join(dir, 'data'), port: 0, host: '127.0.0.1', env }, () => undefined);
  engine = await start('engine');
  api = await start('api');
  const url = api.url as string;
  const admin = await new Partner(url, 'ADMIN', ADMIN.HUB_ADMIN_CLIENT_ID, ADMIN.HUB_ADMIN_CLIENT_SECRET).login();
  const world = { url, admin, ...(await enrol(admin)) } as World;
  await deposit(world.dgs, {}, false);
  for (const [name, row] of Object.entries(ROWS)) {
    const [method, template] = name.split(' ') as [string, string];
    // what tells a supervisor that the hub is not ready is no request put off
    if (method !== 'GET' || name === 'GET /health/ready') continue;
    const who = row.expected.split(' ')[5] === '403' ? world.orly : world.admin;
    const { params = {}, query = '', headers = {} } = (await row.given?.(new Things(world))) ?? {};
    const path = template.replace(/\{(\w+)\}/g, (_, one: string) => params[one] as string);
    asked.push([name, () => call(url, method, `${path}?${query}`, { token: who.token as string, headers })]);
  }
});
after(async () => {
  await api?.stop();
  await redis.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function putOff(): Promise<void> {
  const wrong: string[] = [];
  for (const [name, send] of asked) {
    const { status, headers, text } = await send();
    const fine =
      status === 503 ? headers['retry-after'] !== undefined : SERVED.has(name) || (status >= 400 && status < 500);
    if (!fine) wrong.push(`${name}: ${status} ${text}`);
  }
  assert.deepEqual(wrong, []);
}

test('while Redis is away', async () => {
  await engine.stop();
  process.kill(redis.pid, 'SIGKILL');
  await redis.ended;
  await putOff();
});

test('while it holds what no owner vouches for', async () => {
  redis = await startRedis({ dir: join(dir, 'redis'), port: redis.port });
  const ready = async () => (await call(api.url as string, 'GET', '/health/ready')).text;
  await until('the API has found it again', async () => !(await ready()).includes('Redis does not answer'));
  await putOff();
});
