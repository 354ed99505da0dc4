import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Answer } from '#engine/domain/decision.ts';
import type { Journal } from '#engine/journal/journal.ts';
import { Local } from '#engine/local.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { toy, toyBehaviour } from '../engine/toy.ts';
import { type Api, type Engine, openWorld, until, type World } from '../engine/world.ts';
import { contentOf, imageOf, journalFolder, openJournal, rollBack } from './world.ts';

/** A Redis that goes back to an older state: what was answered is there again, once and in order, or named. */
const [HOME, OTHER] = [21, 22];
const COUNT = 40;
/** A request whose place in the mailbox was rolled back is never answered: not to be waited for long. */
const PATIENCE_MS = 2_000;

let world: World;
let folder: ReturnType<typeof journalFolder>;
const engines: Engine[] = [];
const journals: Journal[] = [];
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(async () => {
  await world.redis.flushall();
  folder = journalFolder();
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
  for (const journal of journals.splice(0)) await journal.close();
  folder.remove();
});

async function start(member: string, path = folder.folder): Promise<{ engine: Engine; api: Api; far: Api }> {
  const local = new Local();
  const journal = await openJournal(path);
  journals.push(journal);
  const engine = await world.engine(member, toyBehaviour, { local, journal });
  engines.push(engine);
  const timeoutMs = PATIENCE_MS;
  return {
    engine,
    api: await world.api(toyBehaviour, { local, timeoutMs }),
    far: await world.api(toyBehaviour, { timeoutMs }),
  };
}

const add = (actor: string, value: number) => toy({ kind: 'add', actor, value });
const send = (value: number, kind: 'send' | 'post' = 'send') =>
  toy({ kind, actor: 'src', to: OTHER, message: { kind: 'add', actor: 'dst', value } });
const outcome = (answer: Promise<Answer>): Promise<number> =>
  answer.then(
    ({ status }) => status,
    () => 503,
  );
const told = (engine: Engine, word: string): string[] => engine.events.filter((event) => event.startsWith(word));

/** Work of every kind: requests of this process and of another, deliveries, chunks of one command, timers, jobs. */
async function work({ api, far }: { api: Api; far: Api }, from: number): Promise<void> {
  const asked: Promise<unknown>[] = [];
  for (let i = from; i < from + COUNT; i += 1) {
    asked.push((i % 2 === 0 ? api : far).ask(HOME, add(`a${i % 3}`, i)));
    asked.push(api.ask(HOME, send(i)));
  }
  asked.push(far.ask(HOME, toy({ kind: 'many', actor: 'many', value: 6 })));
  asked.push(api.ask(HOME, toy({ kind: 'job', actor: `job${from}` })));
  const due = { kind: 'add', actor: `timer${from}`, value: 1 } as const;
  asked.push(api.ask(HOME, toy({ kind: 'later', actor: `timer${from}`, due: 1, message: due })));
  await Promise.all(asked);
  await until('the timer fired', async () => (await world.added(HOME, `timer${from}`)).length === 1);
}
const rest = async (): Promise<void> => {
  for (const partition of [HOME, OTHER]) {
    const { in: mailbox, jobs } = keysOf(partition);
    await until('all is done', async () => (await world.redis.xlen(mailbox)) + (await world.redis.xlen(jobs)) === 0);
  }
};

test('an owner that lives finds out by itself, and everything is as it was', async () => {
  const one = await start('e1');
  await work(one, 0);
  const image = await imageOf(world.redis);
  await work(one, 1_000);
  await rest();
  await until('deliveries are noted', async () => {
    const [sent, lane] = await Promise.all([
      world.redis.hget(keysOf(HOME).sent, String(OTHER)),
      world.redis.hget(keysOf(HOME).lane, String(OTHER)),
    ]);
    return sent === lane;
  });
  const before_ = await contentOf(world.redis);
  await rollBack(world.redis, image);
  await until('both partitions are mended', () => {
    const mended = told(one.engine, 'mended').map((event) => Number(event.split(' ')[1]));
    return mended.includes(HOME) && mended.includes(OTHER);
  });
  await rest();
  assert.deepEqual(await contentOf(world.redis), before_);
  assert.deepEqual(told(one.engine, 'lost commits'), []);
  await work(one, 2_000);
});

test('under load: every request answered before, during or after is applied once', async () => {
  const one = await start('e1');
  await work(one, 0);
  const outcomes = new Map<number, number>();
  let next = 10_000;
  let running = true;
  const clients = Array.from({ length: 8 }, async (_, lane) => {
    while (running) {
      const value = next;
      next += 1;
      outcomes.set(value, await outcome((lane % 2 === 0 ? one.api : one.far).ask(HOME, add('load', value))));
    }
  });
  const answered = (): number => [...outcomes.values()].filter((status) => status === 200).length;
  for (let turn = 1; turn <= 3; turn += 1) {
    const image = await imageOf(world.redis);
    const reached = answered() + 50;
    await until('more is answered', () => answered() > reached);
    await rollBack(world.redis, image);
    const mended = answered() + 50;
    await until('and again', () => answered() > mended);
  }
  running = false;
  await Promise.all(clients);
  await rest();
  const applied = (await world.added(HOME, 'load')).map(Number);
  assert.equal(new Set(applied).size, applied.length);
  const missing = [...outcomes].filter(([value, status]) => status === 200 && !applied.includes(value));
  assert.deepEqual(missing, []);
  assert.ok(told(one.engine, 'mended').length >= 3);
});

test('deliveries that only their destination lost are sent again, though their sender had let go of them', async () => {
  const one = await start('e1');
  const mine = (key: string): boolean => key.startsWith(keysOf(OTHER).in.slice(0, keysOf(OTHER).in.indexOf('}')));
  await one.api.ask(HOME, send(0));
  const image = await imageOf(world.redis, mine);
  for (let i = 1; i <= 5; i += 1) await one.api.ask(HOME, send(i, 'post'));
  await until('all are applied', async () => (await world.added(OTHER, 'dst')).length === 6);
  await rest();
  await rollBack(world.redis, image, mine);
  await until('they are there again', async () => (await world.added(OTHER, 'dst')).length === 6);
  assert.deepEqual(await world.added(OTHER, 'dst'), ['0', '1', '2', '3', '4', '5']);
  await one.api.ask(HOME, send(6));
  assert.deepEqual(await world.added(OTHER, 'dst'), ['0', '1', '2', '3', '4', '5', '6']);
});

test('an owner killed with its Redis rolled back meanwhile mends it when it comes again', async () => {
  const one = await start('e1');
  await work(one, 0);
  const image = await imageOf(world.redis);
  await work(one, 1_000);
  await rest();
  const applied = await world.added(HOME, 'a1');
  await engines.pop()?.crash();
  await rollBack(world.redis, image);
  const again = await start('e1');
  await until('it is mended', () => told(again.engine, 'mended').length >= 2);
  assert.deepEqual(await world.added(HOME, 'a1'), applied);
  await work(again, 2_000);
});

test('an owner that is told to end when its Redis has just been rolled back mends it before it goes', async () => {
  const one = await start('e1');
  await one.api.ask(HOME, add('a', 1));
  const image = await imageOf(world.redis);
  await one.api.ask(HOME, add('a', 2));
  await rollBack(world.redis, image);
  await engines.pop()?.stop();
  assert.deepEqual(await world.added(HOME, 'a'), ['1', '2']);
});

test('commits made on the state that lacked some cannot be mended: these are dead letters, by name, and replayed', async () => {
  const one = await start('e1');
  await one.api.ask(HOME, add('a', 1));
  const image = await imageOf(world.redis);
  await one.api.ask(HOME, add('a', 2));
  await one.api.ask(HOME, add('b', 3));
  await engines.pop()?.crash();
  await rollBack(world.redis, image);
  const other = journalFolder();
  const two = await start('e2', other.folder);
  await until('it is taken', () => told(two.engine, `taken ${HOME}`).length > 0);
  assert.equal((await two.api.ask(HOME, add('a', 4))).status, 200);
  const back = await start('e1');
  await until('what is missing is told', async () => (await two.api.dead.list({ limit: 10 })).length === 2);
  const letters = await two.api.dead.list({ limit: 10 });
  assert.deepEqual(
    letters.map(({ actor, kind, error }) => [actor, kind, error]),
    [
      ['oa', 'toy.add', 'LostCommit turn 2'],
      ['ob', 'toy.add', 'LostCommit turn 3'],
    ],
  );
  assert.equal(told(back.engine, `lost commits ${HOME} 2 2`).length, 1);
  for (const { id } of letters) assert.equal((await two.api.dead.replay(id)).status, 204);
  assert.deepEqual([await world.added(HOME, 'a'), await world.added(HOME, 'b')], [['1', '4', '2'], ['3']]);
  other.remove();
});
