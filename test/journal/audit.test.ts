import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Journal } from '#engine/journal/journal.ts';
import { Local } from '#engine/local.ts';
import { keysOf, recordKey } from '#engine/redis/keys.ts';
import { newest } from '../chaos/aof.ts';
import { toy, toyBehaviour } from '../engine/toy.ts';
import { type Api, type Engine, openWorld, until, type World } from '../engine/world.ts';
import { contentOf, journalFolder, openJournal } from './world.ts';

/** A Redis started on a file in which a name has a flipped bit: what was written last is there again, and told. */
const [HOME, OTHER] = [21, 22];
const BIT = 1;

let world: World;
let engine: Engine;
let journal: Journal;
let api: Api;
let place: ReturnType<typeof journalFolder>;
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(async () => {
  await world.redis.flushall();
  place = journalFolder();
  journal = await openJournal(place.folder);
  const local = new Local();
  // a job that never ends stays in its stream
  engine = await world.engine('e1', toyBehaviour, { local, journal, runJob: () => new Promise(() => undefined) });
  api = await world.api(toyBehaviour, { local });
});
afterEach(async () => {
  await engine.stop();
  await journal.close();
  place.remove();
});

/** Turns a bit over in the last place where the file has the text. @returns false when it has it nowhere */
function flip(dir: string, text: string): boolean {
  const { path } = newest(dir);
  const bytes = readFileSync(path);
  const at = bytes.lastIndexOf(`\r\n${text}\r\n`);
  if (at < 0) return false;
  const last = at + 1 + text.length;
  bytes.writeUInt8(bytes.readUInt8(last) ^ BIT, last);
  writeFileSync(path, bytes);
  return true;
}

const add = (value: number) => toy({ kind: 'add', actor: 'a', value });

const PLACES: Record<string, string> = {
  'a record': recordKey(HOME, 'oa'),
  'a list': recordKey(HOME, 'ba'),
  'a job': keysOf(HOME).jobs,
  'a timer': keysOf(HOME).due,
  'a timer’s message': keysOf(HOME).timers,
  'the sequences sent': keysOf(HOME).sent,
  'its figures': keysOf(HOME).counters,
};

for (const [what, text] of Object.entries(PLACES)) {
  test(`a flipped bit in the name of ${what} is found when the server starts, and put right`, async () => {
    const later = { kind: 'add', actor: 'b', value: 1 } as const;
    const far = Date.now() * 2;
    await api.ask(HOME, toy({ kind: 'later', actor: 't', due: far, message: later }));
    await api.ask(HOME, toy({ kind: 'job', actor: 'j' }));
    await api.ask(HOME, toy({ kind: 'post', actor: 's', to: OTHER, message: later }));
    await until('it has arrived', async () => (await world.added(OTHER, 'b')).length === 1);
    await api.ask(HOME, add(1));
    await api.ask(HOME, add(2));
    await until('deliveries are noted', async () => (await world.redis.hget(keysOf(HOME).lane, String(OTHER))) === '1');
    const right = await contentOf(world.redis);
    const takes = engine.events.filter((event) => event === `taken ${HOME}`).length;
    await world.killRedis((dir) => assert.ok(flip(dir, text)));
    await until('it is taken again', () => engine.events.filter((event) => event === `taken ${HOME}`).length > takes);
    assert.ok(engine.events.some((event) => event.startsWith(`repaired ${HOME} `)));
    const found = await contentOf(world.redis);
    assert.deepEqual(Object.fromEntries(Object.keys(right).map((key) => [key, found[key]])), right);
    assert.equal((await api.ask(HOME, add(3))).status, 200);
    assert.deepEqual(await world.added(HOME, 'a'), ['1', '2', '3']);
  });
}

test('a flipped bit in the name of one of its figures is found, and it is what was counted', async () => {
  for (const value of [1, 2]) await api.ask(HOME, add(value));
  const { counters } = keysOf(HOME);
  const right = await world.redis.hget(counters, 'applied');
  const takes = engine.events.filter((event) => event === `taken ${HOME}`).length;
  await world.killRedis((dir) => assert.ok(flip(dir, 'applied')));
  await until('it is taken again', () => engine.events.filter((event) => event === `taken ${HOME}`).length > takes);
  assert.equal(await world.redis.hget(counters, 'applied'), right);
  assert.equal((await api.ask(HOME, add(3))).status, 200);
  assert.equal(await world.redis.hget(counters, 'applied'), String(Number(right) + 1));
  assert.ok(engine.events.includes(`strange ${HOME} 1`), 'the other name is told');
});

test('a flipped bit in the text of a record is found, too, and put right', async () => {
  await api.ask(HOME, add(1));
  const text = await world.redis.get(recordKey(HOME, 'oa'));
  const takes = engine.events.filter((event) => event === `taken ${HOME}`).length;
  await world.killRedis((dir) => assert.ok(flip(dir, text ?? '')));
  await until('it is taken again', () => engine.events.filter((event) => event === `taken ${HOME}`).length > takes);
  assert.equal(await world.redis.get(recordKey(HOME, 'oa')), text);
});

test('a key that holds something else is told and put right: the commit that needs it is not tried for ever', async () => {
  for (const value of [1, 2]) await api.ask(HOME, add(value));
  await world.redis.set(recordKey(HOME, 'ba'), 'not a list');
  assert.equal((await api.ask(HOME, add(3)).catch(() => ({ status: 503 }))).status, 503);
  await until('it is put right', async () => (await world.redis.type(recordKey(HOME, 'ba'))) === 'zset');
  await until('it answers', async () => (await api.ask(HOME, add(4)).catch(() => ({ status: 503 }))).status === 200);
  assert.deepEqual([...new Set(await world.added(HOME, 'a'))], ['1', '2', '3', '4']);
  assert.ok(engine.events.includes(`damaged ${HOME} ${recordKey(HOME, 'ba')}`));
});

test('a server started on its file as it was written is found right', async () => {
  await api.ask(HOME, add(1));
  const takes = engine.events.filter((event) => event === `taken ${HOME}`).length;
  await world.killRedis();
  await until('it is taken again', () => engine.events.filter((event) => event === `taken ${HOME}`).length > takes);
  assert.deepEqual(
    engine.events.filter((event) => event.startsWith('repaired')),
    [],
  );
});
