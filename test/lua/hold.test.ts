import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keysOf } from '#engine/redis/keys.ts';
import { openServer, own, type Server } from './server.ts';

let server: Server;
const TTL = 10_000;
const hold = (partition: number, token = '', nonce = 'm'): Promise<unknown> =>
  server.call('hold', [keysOf(partition).lease], ['mover#1', nonce, TTL, token]);

before(async () => {
  server = await openServer();
});
after(() => server.close());

test('who moves a slot takes its partition from its owner, whose turn is then refused', async () => {
  const owner = await own(server, 1);
  await owner.turn();
  const [token, before_] = (await hold(1)) as [string, string];
  assert.equal(before_, 'e1#a');
  await assert.rejects(owner.turn(), /^ReplyError: FENCED/);
  const keys = keysOf(1);
  const refused = (await server.call('take', [keys.lease, keys.in], ['e2#b', 'n', TTL, 3])) as [number, string];
  assert.deepEqual(refused.slice(0, 2), [0, 'mover#1']);
  assert.equal(await server.call('drop', [keys.lease, keys.free], [token]), 1);
  const [taken, next] = (await server.call('take', [keys.lease, keys.in], ['e2#b', 'n', TTL, 3])) as [number, string];
  assert.equal(taken, 1);
  assert.ok(Number.parseInt(next, 10) > Number.parseInt(token, 10), 'a later epoch');
});

test('it keeps it with its token, and not with another', async () => {
  const [token] = (await hold(2)) as [string, string];
  await server.redis.hset(keysOf(2).lease, 'until', 1);
  assert.equal(((await hold(2, token)) as [string, string])[0], token);
  assert.ok(Number(await server.redis.hget(keysOf(2).lease, 'until')) > 1);
  await hold(2);
  await assert.rejects(hold(2, token), /FENCED/);
});

test('what was committed, and who had taken it, stays as it was', async () => {
  const owner = await own(server, 3);
  await owner.turn({ commit: [1, '', 'mark'] });
  const kept = ['turn', 'mark', 'takes', 'done', 'tries', 'alone'];
  const before_ = await server.redis.hmget(keysOf(3).lease, ...kept);
  await hold(3);
  assert.deepEqual(await server.redis.hmget(keysOf(3).lease, ...kept), before_);
});
