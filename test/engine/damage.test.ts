import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeMessage } from '#engine/domain/envelope.ts';
import { encodeJob } from '#engine/partition/jobs.ts';
import { keysOf, recordKey } from '#engine/redis/keys.ts';
import { toy, toyBehaviour } from './toy.ts';
import { type Api, type Engine, openWorld, until, type World } from './world.ts';

let world: World;
let engine: Engine;
let api: Api;
before(async () => {
  world = await openWorld();
  engine = await world.engine('e1', toyBehaviour);
  api = await world.api(toyBehaviour);
});
after(async () => {
  await engine.stop();
  await world.close();
});

const add = (actor: string, value: number) => toy({ kind: 'add', actor, value });
/** One bit of the last character's. */
const flipped = (text: string): string => text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) ^ 1);

test('a mailbox entry with a flipped bit, or of another form, is a dead letter; its neighbours are decided', async () => {
  const broken = [flipped(encodeMessage({ command: add('a', 2) })), 'no message at all', ''];
  await world.redis.xadd(keysOf(8).in, '*', 'm', encodeMessage({ command: add('a', 1) }));
  for (const text of broken) await world.redis.xadd(keysOf(8).in, '*', 'm', text);
  assert.equal((await api.ask(8, add('a', 3))).status, 200);
  assert.deepEqual(await world.added(8, 'a'), ['1', '3']);
  const letters = await api.dead.list({ partition: 8, limit: 10 });
  assert.deepEqual(
    letters.map(({ kind, actor }) => [kind, actor]),
    broken.map(() => ['corrupt', '']),
  );
  const id = letters[0]?.id ?? '';
  assert.equal((await api.dead.replay(id)).status, 409, 'what cannot be read cannot be replayed');
  assert.equal((await api.dead.discard(id)).status, 204);
  assert.equal((await api.dead.list({ partition: 8, limit: 10 })).length, broken.length - 1);
});

test('messages of a record whose text is damaged fail; its neighbours and the partition go on', async () => {
  await api.ask(9, add('whole', 1));
  const text = '1deadbeef["SI",1,{},null]';
  await world.redis.set(recordKey(9, 'odamaged'), text);
  const [bad, good, again] = await Promise.all([
    api.ask(9, add('damaged', 1)),
    api.ask(9, add('whole', 2)),
    api.ask(9, add('damaged', 2)),
  ]);
  assert.deepEqual([bad.status, good.status, again.status], [500, 200, 500]);
  assert.equal(await world.redis.get(recordKey(9, 'odamaged')), text, 'never written over');
  const [letter] = await api.dead.list({ partition: 9, limit: 10 });
  assert.match(letter?.error ?? '', /^CorruptRecord/);
  assert.ok(!engine.events.some((event) => event.startsWith('lost 9')));
  await world.redis.del(recordKey(9, 'odamaged'));
  assert.equal((await api.dead.replay(letter?.id ?? '')).status, 204, 'once repaired, the message is replayed');
  assert.deepEqual(await world.added(9, 'damaged'), ['1']);
});

test('functions flushed while running are loaded again, and no request is lost', async () => {
  const asked = Array.from({ length: 50 }, (_, i) => api.ask(i % 4, add('flush', i)));
  await world.redis.call('FUNCTION', 'FLUSH');
  asked.push(...Array.from({ length: 50 }, (_, i) => api.ask(i % 4, add('flush', i + 50))));
  assert.deepEqual(
    (await Promise.all(asked)).map(({ status }) => status),
    asked.map(() => 200),
  );
});

test('cells that hold next to nothing change no result', async () => {
  await engine.stop();
  engine = await world.engine('e1', toyBehaviour, { cellBytes: 1 });
  const actors = Array.from({ length: 20 }, (_, i) => `cell${i}`);
  for (let round = 1; round <= 10; round += 1) await Promise.all(actors.map((actor) => api.ask(10, add(actor, round))));
  const expected = Array.from({ length: 10 }, (_, i) => String(i + 1));
  for (const actor of actors) assert.deepEqual(await world.added(10, actor), expected);
  const held = engine.node.held.get(10)?.partition;
  await until('the cells are within their budget', () => (held?.cells.bytes ?? 0) <= 1);
});

test('cells forget the oldest first, and stay within their budget', async () => {
  await engine.stop();
  engine = await world.engine('e1', toyBehaviour, { cellBytes: 65 * 4_000 });
  for (let i = 0; i < 200; i += 1) await api.ask(13, add(`lru${i}`, 1));
  const cells = engine.node.held.get(13)?.partition.cells;
  assert.ok((cells?.bytes ?? 0) <= 4_000 && (cells?.size ?? 0) > 1, `${cells?.bytes} bytes, ${cells?.size} cells`);
  assert.equal(cells?.has('olru199'), true);
  assert.equal(cells?.has('olru0'), false);
  assert.equal((await api.ask(13, add('lru0', 2))).status, 200);
  assert.deepEqual(await world.added(13, 'lru0'), ['1', '2']);
});

test('a stored job with a flipped bit is a dead letter; the other jobs are done and the partition goes on', async () => {
  await engine.stop();
  await world.redis.xadd(keysOf(22).jobs, '1-0', 'm', flipped(encodeJob({ kind: 'mail', body: { to: 'a' } })));
  await world.redis.xadd(keysOf(22).jobs, '2-0', 'm', encodeJob({ kind: 'mail', body: { to: 'b' } }));
  engine = await world.engine('e1', toyBehaviour);
  await until('both are settled', async () => (await world.redis.xlen(keysOf(22).jobs)) === 0);
  assert.deepEqual(engine.jobs, [{ kind: 'mail', body: { to: 'b' } }]);
  const [letter] = await api.dead.list({ partition: 22, limit: 10 });
  assert.equal(letter?.kind, 'job');
  assert.match(letter?.error ?? '', /^CorruptRecord/);
  assert.equal((await api.dead.replay(letter?.id ?? '')).status, 409);
  assert.equal((await api.dead.discard(letter?.id ?? '')).status, 204);
  assert.equal((await api.ask(22, add('a', 1))).status, 200);
});
