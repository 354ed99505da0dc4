import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, it } from 'node:test';
import { IDLE_MS, LIFE_MS, Sessions } from '#engine/client/sessions.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { agentIdOf } from '#engine/domain/records/agent.ts';
import { type Client, connect, disconnect } from '#engine/redis/connect.ts';
import { sessionKey, sessionsKey } from '#engine/redis/keys.ts';
import { SessionStore } from '#engine/redis/sessions.ts';
import { startRedis } from '#ops/redis/server.ts';

const ADA = agentIdOf('ada@melun.test');
const WHO = { agent: ADA, acr: 'eidas1', amr: ['pwd'] };
const MINUTE = 60_000;

const dir = mkdtempSync(join(tmpdir(), 'relais-sessions-'));
let server: Awaited<ReturnType<typeof startRedis>>;
let redis: Client;
let now = 0;
let sessions: Sessions;
before(async () => {
  server = await startRedis({ dir });
  redis = connect(server.url, () => undefined);
});
beforeEach(async () => {
  await redis.flushall();
  now = Date.now();
  sessions = new Sessions(new SessionStore(redis), () => now);
});
after(async () => {
  await disconnect(redis);
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

const lifeOf = (hash: string) => redis.pttl(sessionKey(hash));
const near = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 5_000, `${found} ${expected}`);

it('Redis holds the hash of a secret, never the secret, and forgets both session and index', async () => {
  const { secret, session } = await sessions.open(WHO);
  const { hash } = (await sessions.resume(secret)) ?? assert.fail();
  assert.deepEqual(session, { ...WHO, issued: now, ends: now + LIFE_MS });
  const keys = await redis.keys('*');
  assert.deepEqual(keys.sort(), [sessionKey(hash), sessionsKey(ADA)].sort());
  assert.equal(JSON.stringify([keys, await redis.get(sessionKey(hash))]).includes(secret), false);
  near(await lifeOf(hash), IDLE_MS);
  near(await redis.pttl(sessionsKey(ADA)), LIFE_MS);
});

it('a page that looks by itself does not prolong it', async () => {
  const { secret } = await sessions.open(WHO);
  const { hash } = (await sessions.resume(secret)) ?? assert.fail();
  await redis.pexpire(sessionKey(hash), 10 * MINUTE);
  now += 2 * MINUTE;
  assert.equal((await sessions.resume(secret, false))?.hash, hash);
  near(await lifeOf(hash), 10 * MINUTE);
  await sessions.resume(secret);
  near(await lifeOf(hash), IDLE_MS);
});

it('a gesture prolongs it, once a minute at most, and never past its end', async () => {
  const { secret } = await sessions.open(WHO);
  const { hash } = (await sessions.resume(secret)) ?? assert.fail();
  await redis.pexpire(sessionKey(hash), 10 * MINUTE);
  now += MINUTE / 2;
  await sessions.resume(secret);
  near(await lifeOf(hash), 10 * MINUTE);
  now += MINUTE;
  await sessions.resume(secret);
  near(await lifeOf(hash), IDLE_MS);
  now += LIFE_MS - 3 * MINUTE;
  await sessions.resume(secret);
  near(await lifeOf(hash), 1.5 * MINUTE);
  now += 2 * MINUTE;
  assert.equal(await sessions.resume(secret), undefined);
  assert.equal(await sessions.live(hash), undefined);
});

it('a read prolongs nothing, and those of one moment are one command', async () => {
  const { secret } = await sessions.open(WHO);
  const { hash } = (await sessions.resume(secret)) ?? assert.fail();
  await redis.pexpire(sessionKey(hash), MINUTE);
  const calls = async () => Number(/cmdstat_mget:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
  const earlier = await calls();
  const found = await Promise.all([sessions.live(hash), sessions.live('nobody'), sessions.live(hash)]);
  assert.deepEqual(
    found.map((one) => one?.agent),
    [ADA, undefined, ADA],
  );
  assert.equal((await calls()) - earlier, 1);
  near(await lifeOf(hash), MINUTE);
});

it('one ends, or all of its agent’s and nobody else’s; a wrong secret ends nothing', async () => {
  const opened = await Promise.all([1, 2, 3].map(() => sessions.open(WHO)));
  const other = await sessions.open({ ...WHO, agent: agentIdOf('bob@melun.test') });
  const [one, two, three] = opened.map(({ secret }) => secret) as [string, string, string];
  const live = async (...secrets: string[]) =>
    Promise.all(secrets.map(async (secret) => (await sessions.resume(secret)) !== undefined));
  await sessions.end('wrong', true);
  await sessions.end(one, false);
  assert.deepEqual(await live(one, two, three), [false, true, true]);
  await sessions.end(two, true);
  assert.deepEqual(await live(one, two, three, other.secret), [false, false, false, true]);
  await sessions.end(two, true);
  assert.deepEqual(await redis.keys('{hub}:sessions:*'), [sessionsKey(agentIdOf('bob@melun.test'))]);
});

it('without Redis everything is to be asked again', async () => {
  const away = connect('redis://127.0.0.1:1', () => undefined);
  away.options.enableOfflineQueue = false;
  const lost = new Sessions(new SessionStore(away), () => now);
  const busy = (error: unknown) => error instanceof DomainError && error.code === 'busy';
  await assert.rejects(lost.open(WHO), busy);
  await assert.rejects(lost.live('x'), busy);
  away.disconnect();
});
