import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { PARKED_PER_TURN } from '#engine/partition/limits.ts';
import { keysOf, parkKey } from '#engine/redis/keys.ts';
import { type Toy, toy, toyBehaviourWith } from './toy.ts';
import { type Api, type Engine, openWorld, until, type World } from './world.ts';

/** Deliveries that wait: three chunks. */
const MANY = PARKED_PER_TURN * 2 + 40;
const POSTMEN = 8;
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
/** Sends through the lane from one partition to the other, without waiting for the delivery; one actor has its quota. */
const post = (message: Toy): Promise<unknown> =>
  api.ask(FROM, toy({ kind: 'post', actor: `postman${(message.value ?? 0) % POSTMEN}`, to: TO, message }));
const waiting = (actor: string): Promise<number> => world.redis.xlen(parkKey(TO, `o${actor}`));
const letterOf = async (actor: string): Promise<string> => {
  const letters = await api.dead.list({ partition: TO, limit: 1_000 });
  return letters.findLast((letter) => letter.actor === `o${actor}`)?.id ?? 'none';
};
const isParked = async (actor: string): Promise<boolean> =>
  (await api.dead.parked({ partition: TO, limit: 1_000 })).some((parked) => parked.actor === `o${actor}`);
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const texts = (from: number, to: number): string[] => numbers(from, to).map(String);

/** The first delivery fails for good, `count` more wait behind it. */
async function park(actor: string, count: number): Promise<string> {
  faulty.add(actor);
  await post(add(actor, 0));
  await until('the actor is parked', () => isParked(actor));
  await Promise.all(numbers(1, count).map((value) => post(add(actor, value))));
  await until('all wait', async () => (await waiting(actor)) === count);
  return letterOf(actor);
}

/** Nothing of it is left but what it decided. */
async function free(actor: string): Promise<void> {
  assert.equal(await isParked(actor), false);
  assert.equal(await world.redis.exists(parkKey(TO, `o${actor}`)), 0);
  assert.equal(await letterOf(actor), 'none');
}

test('a delivery that fails parks its actor: what follows waits, requests get 503, others flow', async () => {
  await park('p1', 2);
  assert.equal((await api.ask(TO, toy(add('p1', 9)))).status, 503);
  assert.equal((await api.ask(TO, toy(add('neighbour', 1)))).status, 200);
  const [parked] = (await api.dead.parked({ partition: TO, limit: 10 })).filter(({ actor }) => actor === 'op1');
  assert.deepEqual([parked?.waiting, parked?.letter, parked?.id], [2, await letterOf('p1'), `${TO}-op1`]);
  faulty.clear();
  assert.equal((await api.dead.unpark(`${TO}-op1`)).status, 409, 'what waits behind a letter does not overtake it');
  assert.deepEqual(await world.added(TO, 'p1'), []);
});

test('the list names actor, kind, error and time, never the message', async () => {
  const [letter] = (await api.dead.list({ partition: TO, limit: 10 })).filter(({ actor }) => actor === 'op1');
  assert.deepEqual(Object.keys(letter ?? {}).sort(), ['actor', 'at', 'error', 'id', 'kind']);
  assert.match(letter?.error ?? '', /^TypeError at /);
  assert.doesNotMatch(letter?.error ?? '', /a fault of ours/);
  assert.ok(Math.abs((letter?.at ?? 0) - Date.now()) < 60_000);
});

test('a replayed letter comes first, then all that waited in its order, then the rest; and the actor is free', async () => {
  const letter = await park('p2', MANY);
  faulty.clear();
  const replayed = api.dead.replay(letter);
  const newer = numbers(MANY + 1, MANY + 300).map((value) => post(add('p2', value)));
  assert.equal((await replayed).status, 204);
  await Promise.all(newer);
  await until('all are decided', async () => (await world.added(TO, 'p2')).length === MANY + 301);
  assert.deepEqual(await world.added(TO, 'p2'), texts(0, MANY + 300));
  await free('p2');
  assert.equal((await api.ask(TO, toy(add('p2', 1)))).status, 200);
});

test('a letter is replayed once, however often it is asked for', async () => {
  const letter = await park('p3', 3);
  faulty.clear();
  const answers = await Promise.all([1, 2, 3].map(() => api.dead.replay(letter)));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 404, 404]);
  assert.equal((await api.dead.replay(letter)).status, 404);
  assert.deepEqual(await world.added(TO, 'p3'), texts(0, 3));
});

test('a replay that fails again is a new letter, and all stays as it was', async () => {
  const letter = await park('p4', 3);
  assert.equal((await api.dead.replay(letter)).status, 409);
  const again = await letterOf('p4');
  assert.notEqual(again, letter);
  assert.deepEqual([await waiting('p4'), await isParked('p4')], [3, true]);
  faulty.clear();
  assert.equal((await api.dead.replay(again)).status, 204);
  assert.deepEqual(await world.added(TO, 'p4'), texts(0, 3));
  await free('p4');
});

test('a discarded letter is forgotten, and what waited behind it is decided', async () => {
  const letter = await park('p5', MANY);
  faulty.clear();
  assert.equal((await api.dead.discard(letter)).status, 204);
  assert.deepEqual(await world.added(TO, 'p5'), texts(1, MANY));
  await free('p5');
});

test('a waiting delivery that fails stops the others behind it: a new letter', async () => {
  const letter = await park('p6', 0);
  await post({ kind: 'bug', actor: 'p6' });
  await post(add('p6', 2));
  await until('both wait', async () => (await waiting('p6')) === 2);
  faulty.clear();
  assert.equal((await api.dead.replay(letter)).status, 409);
  assert.deepEqual([await world.added(TO, 'p6'), await waiting('p6'), await isParked('p6')], [['0'], 1, true]);
  assert.equal((await api.dead.discard(await letterOf('p6'))).status, 204);
  assert.deepEqual(await world.added(TO, 'p6'), ['0', '2']);
  await free('p6');
});

test('an administrator parks and frees an actor by its name', async () => {
  const id = `${TO}-op7`;
  assert.equal((await api.dead.park(id)).status, 204);
  await Promise.all(numbers(1, 10).map((value) => post(add('p7', value))));
  await until('all wait', async () => (await waiting('p7')) === 10);
  assert.equal((await api.ask(TO, toy(add('p7', 0)))).status, 503);
  assert.equal((await api.dead.unpark(id)).status, 204);
  assert.deepEqual(await world.added(TO, 'p7'), texts(1, 10));
  await free('p7');
  assert.equal((await api.dead.unpark(id)).status, 204, 'freeing a free actor changes nothing');
});

test('an actor parked while its deliveries are decided keeps the rest', async () => {
  const id = `${TO}-op8`;
  await api.dead.park(id);
  await Promise.all(numbers(1, MANY).map((value) => post(add('p8', value))));
  await until('all wait', async () => (await waiting('p8')) === MANY);
  const [freed, parked] = await Promise.all([api.dead.unpark(id), api.dead.park(id)]);
  assert.equal(parked.status, 204);
  assert.equal(freed.status, 409);
  const done = (await world.added(TO, 'p8')).length;
  assert.equal(done + (await waiting('p8')), MANY);
  assert.equal((await api.dead.unpark(id)).status, 204);
  assert.deepEqual(await world.added(TO, 'p8'), texts(1, MANY));
});

test('a command that goes on over several turns waits with its actor, and its caller is answered in the end', async () => {
  const answer = api.ask(TO, toy({ kind: 'many', actor: 'p9', value: 600 }));
  await until('it is under way', async () => (await world.added(TO, 'p9')).length > 2);
  await api.dead.park(`${TO}-op9`);
  assert.equal(await waiting('p9'), 1);
  await api.dead.unpark(`${TO}-op9`);
  assert.equal((await answer).status, 200);
  assert.equal((await world.added(TO, 'p9')).length, 600);
});

test('an owner that dies while it frees an actor leaves a next one that goes on, each delivery once', async () => {
  const letter = await park('p10', MANY);
  faulty.clear();
  const replayed = api.dead.replay(letter);
  await until('some are decided', async () => (await world.added(TO, 'p10')).length > 0);
  await engine.crash();
  engine = await world.engine('e1', behaviour);
  assert.equal((await replayed).status, 204);
  assert.deepEqual(await world.added(TO, 'p10'), texts(0, MANY));
  await free('p10');
});

test('unknown letters and ids of another form are not found', async () => {
  for (const id of ['21-999999', '99-1', 'x', '21-', '21-1-1', ''])
    assert.equal((await api.dead.replay(id)).status, 404, id);
  assert.equal((await api.dead.discard('21-999999')).status, 404);
  assert.equal((await api.dead.park('oX')).status, 404);
});

test('the list goes through all partitions in pages', async () => {
  for (const partition of [0, 1, 63, 64]) {
    await api.ask(partition, toy({ kind: 'bug', actor: 'pages' }));
    await api.ask(partition, toy({ kind: 'bug', actor: 'pages' }));
  }
  const all = (await api.dead.list({ limit: 1_000 })).map(({ id }) => id);
  assert.ok(all.length >= 8);
  const paged: string[] = [];
  for (;;) {
    const page = await api.dead.list({ limit: 3, ...(paged.length > 0 && { after: paged.at(-1) as string }) });
    paged.push(...page.map(({ id }) => id));
    if (page.length < 3) break;
  }
  assert.deepEqual(paged, all);
  assert.equal(await world.redis.xlen(keysOf(64).dead), 2);
});
