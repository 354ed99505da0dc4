import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openServer, own, type Server } from './server.ts';

let server: Server;
before(async () => {
  server = await openServer();
});
after(() => server.close());

test('a consumer group somebody destroyed does not cut a commit in two', async () => {
  const owner = await own(server, 3);
  await server.call('accept', [owner.keys.in, owner.keys.wake], [100, 'one', 'two']);
  const { entries } = await owner.turn({ wanted: 1 });
  await server.redis.xgroup('DESTROY', owner.keys.in, 'engine');
  const operations = [['H', `${owner.keys.in.split(':')[0]}:field`, ['a', '1']]] as const;
  const next = await owner.turn({ covers: entries.map(([id]) => id), wanted: 1, operations });
  assert.deepEqual(
    next.entries.map(([, message]) => message),
    ['two'],
  );
  assert.equal(await server.redis.hget(owner.keys.lease, 'done'), entries[0]?.[0]);
});
