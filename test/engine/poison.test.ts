import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { TRIES_BEFORE_ALONE, TRIES_BEFORE_DEAD } from '#engine/partition/limits.ts';
import { keysOf, parkKey } from '#engine/redis/keys.ts';
import { share } from '#ops/checks/sample.ts';
import { launch } from './process.ts';
import { type Toy, toy, toyBehaviour } from './toy.ts';
import { type Api, openWorld, until, type World } from './world.ts';

/** A message before the poison is committed in between, so that counting begins anew when entries go alone. */
const MOST_DEATHS = TRIES_BEFORE_ALONE + TRIES_BEFORE_DEAD;
const HOME = 30;
/** Some ten starts of a process, which a busy machine makes last. ms */
const PATIENCE = 120_000;

let world: World;
let api: Api;
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(async () => {
  await world.redis.flushall();
  api = await world.api(toyBehaviour, { timeoutMs: PATIENCE });
});

/** Starts the engine again each time it dies, as a supervisor of processes would, until `done`. */
async function restarted(done: () => Promise<boolean>, most = MOST_DEATHS): Promise<number> {
  let deaths = 0;
  for (;;) {
    const engine = launch(world.url, 'e1');
    let over = false;
    void engine.ended.then(() => {
      over = true;
    });
    await until('the engine dies or all is done', async () => over || (await done()));
    if (!over) {
      engine.signal('SIGKILL');
      await engine.ended;
      return deaths;
    }
    deaths += 1;
    assert.ok(deaths <= most, `the engine died ${deaths} times`);
  }
}

const add = (actor: string, value: number): Toy => ({ kind: 'add', actor, value });

test('a request whose decision kills the process is given up alone; its neighbours are decided, once', async (t) => {
  const before_ = [1, 2, 3].map((value) => api.ask(HOME, toy(add('a', value))));
  const poison = api.ask(HOME, toy({ kind: 'kill', actor: 'k' }));
  const behind = [4, 5, 6].map((value) => api.ask(HOME, toy(add('a', value))));
  await until('all wait', async () => (await world.redis.xlen(keysOf(HOME).in)) === 7);
  const deaths = await restarted(async () => (await world.redis.xlen(keysOf(HOME).in)) === 0);
  t.diagnostic(`the process died ${deaths} times`);
  assert.ok(deaths >= TRIES_BEFORE_DEAD);
  assert.equal((await poison).status, 500);
  assert.deepEqual(
    (await Promise.all([...before_, ...behind])).map(({ status }) => status),
    [200, 200, 200, 200, 200, 200],
  );
  assert.deepEqual(await world.added(HOME, 'a'), ['1', '2', '3', '4', '5', '6']);
  const letters = await api.dead.list({ limit: 10 });
  assert.deepEqual(
    letters.map(({ actor, kind }) => [actor, kind]),
    [['ok', 'toy.kill']],
  );
});

test('a waiting delivery that kills the process is given up when its actor is freed; those before it are decided', async () => {
  const actor = 'park';
  const engine = await world.engine('e0', toyBehaviour);
  await api.dead.park(`${HOME}-o${actor}`);
  const post = (message: Toy): Promise<unknown> =>
    api.ask(HOME + 1, toy({ kind: 'post', actor: 'postman', to: HOME, message }));
  await post(add(actor, 1));
  await post(add(actor, 2));
  await post({ kind: 'kill', actor });
  await post(add(actor, 3));
  const waiting = (): Promise<number> => world.redis.xlen(parkKey(HOME, `o${actor}`));
  await until('all wait', async () => (await waiting()) === 4);
  await engine.stop();
  const freed = api.dead.unpark(`${HOME}-o${actor}`);
  const gaveUp = async (): Promise<boolean> => (await world.redis.xlen(keysOf(HOME).dead)) === 1;
  await restarted(gaveUp);
  assert.equal((await freed).status, 500);
  assert.deepEqual([await world.added(HOME, actor), await waiting()], [['1', '2'], 1]);
  const last = await world.engine('e1', toyBehaviour);
  const [letter] = await api.dead.list({ limit: 10 });
  assert.equal(letter?.kind, 'toy.kill');
  assert.equal((await api.dead.discard(letter?.id ?? '')).status, 204);
  assert.deepEqual(await world.added(HOME, actor), ['1', '2', '3']);
  await last.stop();
});

/** Some ten starts of a process for each of these tests: this one only by name, `./hub test engine`. */
const byName = share(test, test.skip);
byName('of several deliveries in one message, only the one that kills the process is given up', async () => {
  const messages: Toy[] = [add('a', 1), { kind: 'kill', actor: 'k' }, add('b', 2), add('a', 3)];
  const message: Toy = { kind: 'all', actor: 'folder', messages };
  const unanswered = api.ask(HOME + 1, toy({ kind: 'send', actor: 's', to: HOME, message }));
  unanswered.catch(() => undefined);
  const gaveUp = async (): Promise<boolean> => (await world.redis.xlen(keysOf(HOME).dead)) === 1;
  // The message ends it until its parts are taken apart; then one of them does.
  await restarted(gaveUp, TRIES_BEFORE_ALONE + MOST_DEATHS);
  const last = await world.engine('e1', toyBehaviour);
  await until('the others are decided', async () => (await world.redis.hlen(keysOf(HOME).parked)) === 1);
  assert.deepEqual([await world.added(HOME, 'a'), await world.added(HOME, 'b')], [['1', '3'], ['2']]);
  const letters = await api.dead.list({ limit: 10 });
  assert.deepEqual(
    letters.map(({ actor, kind }) => [actor, kind]),
    [['ok', 'toy.kill']],
  );
  await last.stop();
});
