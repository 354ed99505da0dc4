import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keysOf, recordKey } from '#engine/redis/keys.ts';
import { type Owner, openServer, own, type Server } from './server.ts';

let server: Server;
let owner: Owner;
const keys = keysOf(4);
const record = recordKey(4, 'f0');
const heal = (token: string, mark: string): Promise<unknown> =>
  server.call('heal', [keys.lease, record], [token, mark, 'S', 2, 1, 'as compared']);

before(async () => {
  server = await openServer();
});
after(() => server.close());
beforeEach(async () => {
  await server.redis.flushall();
  owner = await own(server, 4);
  await owner.turn({ commit: [1, '', 'a'], operations: [['S', recordKey(4, 'f'), ['one']]] });
});

test('what differs from the last commit is put right', async () => {
  assert.equal(await heal(owner.token, 'a'), 1);
  assert.equal(await server.redis.get(record), 'as compared');
});

test('refused for another token, and when another commit is the last one by now: nothing is written', async () => {
  const before_ = await server.snapshot();
  await assert.rejects(heal('1:other', 'a'), /FENCED/);
  await assert.rejects(heal(owner.token, 'before'), /BEHIND/);
  assert.deepEqual(await server.snapshot(), before_);
});
