import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { connect, disconnect } from '#engine/redis/connect.ts';
import { projectFolder } from '#ops/place.ts';
import { freePort, startRedis } from '#ops/redis/server.ts';

/** docs/sizing.md, "How, step by step": what one machine's Redis has goes on in a cluster of one master, as it is. */
const ADMIN = { HUB_ADMIN_CLIENT_ID: 'leaving', HUB_ADMIN_CLIENT_SECRET: 'a-secret-of-this-test-only' };
const SLOTS = 16_384;
const dir = mkdtempSync(join(tmpdir(), 'relais-leaving-'));
const stops: (() => Promise<void>)[] = [];

after(async () => {
  for (const stop of stops.reverse()) await stop();
  rmSync(dir, { recursive: true, force: true });
});

/** The file an operator is given, as settings of a server. */
function clusterSettings(): Record<string, string> {
  const lines = readFileSync(join(projectFolder, 'ops/cluster/redis.conf'), 'utf8').split('\n');
  const set = lines.filter((line) => /^[a-z]/.test(line)).map((line) => /^(\S+) (.*)$/.exec(line) ?? []);
  return Object.fromEntries(set.map(([, name = '', value = '']) => [name, value.replace(/^""$/, '')]));
}

/** The product in a process of its own, as an operator starts it. */
async function start(url: string): Promise<{ url: string; stop(): Promise<void> }> {
  const env = { ...process.env, ...ADMIN, HUB_REDIS_URL: url, HUB_LOG_LEVEL: 'silent' };
  const words = [join(projectFolder, 'ops/commands/start.ts'), `--data=${join(dir, 'data')}`, '--port=0'];
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  stops.push(stop);
  const [first] = await once(createInterface({ input: child.stdout }), 'line');
  return { url: first as string, stop };
}

async function call(url: string, method: string, path: string, body?: object): Promise<Response> {
  const basic = Buffer.from(`${ADMIN.HUB_ADMIN_CLIENT_ID}:${ADMIN.HUB_ADMIN_CLIENT_SECRET}`).toString('base64');
  const granted = await fetch(`${url}/oauth2/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials&scope=ADMIN',
  });
  const { access_token: token } = (await granted.json()) as { access_token: string };
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  return fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

const organization = (companyRegister: string) => ({
  ...{ type: 'SI', companyRegister, branchCode: '77372', name: 'Commune', postalCode: '77000' },
  ...{ territory: 'Seine-et-Marne', email: null, status: 'Actif' },
});
const PATH = '/referential/v1/organizations';

test('an append-only file of one machine is served by a cluster, with the settings of ops/cluster', async () => {
  const one = await startRedis({ dir: join(dir, 'one') });
  stops.push(() => one.stop());
  const before = await start(one.url);
  assert.equal((await call(before.url, 'POST', PATH, organization('21770001000019'))).status, 201);
  await before.stop();
  await one.stop();
  cpSync(join(dir, 'one'), join(dir, 'node'), { recursive: true });

  const extra = { ...clusterSettings(), 'cluster-port': String(await freePort()), 'cluster-announce-ip': '127.0.0.1' };
  const node = await startRedis({ dir: join(dir, 'node'), extra });
  stops.push(() => node.stop());
  const redis = connect(node.url, () => undefined);
  const free: number[] = [];
  const taken = (await redis.call('CLUSTER', 'SLOTS')) as [number, number][];
  for (let slot = 0; slot < SLOTS; slot += 1)
    if (!taken.some(([from, to]) => slot >= from && slot <= to)) free.push(slot);
  await redis.call('CLUSTER', 'ADDSLOTS', ...free.map(String));
  await disconnect(redis);

  const { url } = await start(`cluster:${node.url}`);
  const kept = await call(url, 'GET', `${PATH}?companyRegister=21770001000019`);
  assert.equal(((await kept.json()) as unknown[]).length, 1);
  assert.equal((await call(url, 'POST', PATH, organization('21770002000018'))).status, 201);
});
