import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { decodeMessage } from '#engine/domain/envelope.ts';
import { parseLetter } from '#engine/partition/letters.ts';
import { keysOf, parkKey } from '#engine/redis/keys.ts';
import { type Toy, toy, toyBehaviourWith } from './toy.ts';
import { type Api, type Engine, openWorld, until, type World } from './world.ts';

/** Several deliveries in one message: each is treated as if it had come alone. */
const FROM = 20;
const TO = 21;

let world: World;
let engine: Engine;
let api: Api;
const faulty = new Set<string>();
const behaviour = toyBehaviourWith(faulty);

before(async () => {
  world = await openWorld();
  engine = await world.engine('e1', behaviour);
  api = await world.api(behaviour);
});
after(async () => {
  await engine.stop();
  await world.close();
});
beforeEach(() => faulty.clear());

const add = (actor: string, value: number): Toy => ({ kind: 'add', actor, value });
const all = (...messages: Toy[]): Toy => ({ kind: 'all', actor: 'folder', messages });
/** Sends through the lane, and waits for every one of them. */
const send = (message: Toy): Promise<{ status: number }> =>
  api.ask(FROM, toy({ kind: 'send', actor: 'sender', to: TO, message }));

/** Whether a request is still unanswered after another one took the same way behind it. */
async function isOpen(request: Promise<unknown>): Promise<boolean> {
  let open = true;
  void request.then(() => {
    open = false;
  });
  await send(add('behind', 0));
  return open;
}

test('each is decided, in order, and the answer waits for all', async () => {
  assert.equal((await send(all(add('a', 1), add('b', 2), add('a', 3)))).status, 204);
  await send(add('a', 4));
  assert.deepEqual([await world.added(TO, 'a'), await world.added(TO, 'b')], [['1', '3', '4'], ['2']]);
});

test('one that fails is a dead letter of its own, which holds it alone; replayed, it ends what waited', async () => {
  faulty.add('c');
  const request = send(all(add('d', 1), add('c', 2), add('e', 3), add('c', 4)));
  await until('the others are decided', async () => (await world.added(TO, 'e')).length === 1);
  assert.deepEqual(await world.added(TO, 'd'), ['1']);
  const letters = (await world.redis.xrange(keysOf(TO).dead, '-', '+')).map((entry) => parseLetter(entry));
  assert.deepEqual(
    letters.map(({ actor, kind, payload }) => [actor, kind, decodeMessage(payload).command]),
    [['oc', 'toy.add', toy(add('c', 2))]],
  );
  assert.equal(await world.redis.xlen(parkKey(TO, 'oc')), 1, 'what follows for the same actor waits');
  assert.ok(await isOpen(request));
  faulty.clear();
  assert.equal((await api.dead.replay(`${TO}-${letters[0]?.number}`)).status, 204);
  assert.equal((await request).status, 204);
  assert.deepEqual(await world.added(TO, 'c'), ['2', '4']);
});

test('one whose actor is parked waits, the others do not', async () => {
  await api.dead.park(`${TO}-of`);
  const request = send(all(add('f', 1), add('g', 2)));
  await until('the other is decided', async () => (await world.added(TO, 'g')).length === 1);
  await until('it waits', async () => (await world.redis.xlen(parkKey(TO, 'of'))) === 1);
  assert.ok(await isOpen(request));
  assert.equal((await api.dead.unpark(`${TO}-of`)).status, 204);
  assert.equal((await request).status, 204);
  assert.deepEqual(await world.added(TO, 'f'), ['1']);
});
