import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CommandOf } from '#engine/domain/commands.ts';
import { type Id, KIND } from '#engine/domain/ids.ts';
import { endOf, homeOfKey, KEY_LIFE_MS, keyHash, weekOf } from '#engine/domain/records/key.ts';
import { testId, World } from './world.ts';

/** Idempotency keys: one folder for each, as long as a key lives. */

const HASH = keyHash('client', 'k1');
const HOME = homeOfKey(HASH);
const reserve = (world: World, digest: string, folder: Id | null = testId(KIND.folder, 3, world.now), hash = HASH) => {
  const command: CommandOf<'key.reserve'> = { kind: 'key.reserve', at: world.now, keys: [{ hash, digest, folder }] };
  const answer = world.ask(HOME, command);
  assert.equal(answer.status, 200);
  return { folder, known: (answer.body as { keys: unknown[] }).keys[0] };
};

describe('idempotency keys', () => {
  it('keeps the folder of the first request, and says whether the same is asked again', () => {
    const world = new World();
    const { folder, known } = reserve(world, 'd1');
    assert.equal(known, null);
    assert.deepEqual(reserve(world, 'd1').known, [folder, 1]);
    assert.deepEqual(reserve(world, 'd2').known, [folder, 0]);
    assert.deepEqual(reserve(world, 'd1').known, [folder, 1], 'another request changed nothing');
  });

  it('is the client’s own: the same key of another is another key', () => {
    assert.notEqual(keyHash('a', 'bc'), keyHash('ab', 'c'));
    assert.match(HASH, /^[\w-]{22}$/);
  });

  it('finds without reserving', () => {
    const world = new World();
    assert.equal(reserve(world, 'd1', null).known, null);
    assert.equal(reserve(world, 'd1').known, null);
    assert.notEqual(reserve(world, 'd1', null).known, null);
  });

  it('answers several in order, and one that comes twice once', () => {
    const world = new World();
    const keys = ['a', 'b', 'a'].map((key) => ({
      hash: keyHash('client', key),
      digest: 'd',
      folder: testId(KIND.folder, 3, world.now),
    }));
    const { body } = world.ask(HOME, { kind: 'key.reserve', at: world.now, keys });
    assert.deepEqual(body, { keys: [null, null, [keys[0]?.folder, 1]] });
  });

  for (const [name, start] of [
    ['in the middle of a week', 3.5],
    ['at the end of a week', 3.999],
    ['at its beginning', 3],
  ] as const) {
    it(`lives seven days, ${name}, and is gone from the store when its week is`, () => {
      const world = new World();
      world.now = Math.ceil((weekOf(world.now) + start) * KEY_LIFE_MS);
      const began = world.now;
      const { folder } = reserve(world, 'd1');
      world.advance(began + KEY_LIFE_MS - 1);
      assert.deepEqual(reserve(world, 'd1').known, [folder, 1]);
      world.advance(began + KEY_LIFE_MS);
      const second = reserve(world, 'd2');
      assert.equal(second.known, null, 'free for another request');
      world.advance(endOf(weekOf(world.now)) + KEY_LIFE_MS);
      assert.deepEqual([...world.place(HOME).records.keys()], ['y'], 'nothing but the book of weeks stays');
      assert.equal(world.place(HOME).timers.size, 0);
    });
  }

  it('is found by a clock that was set back over the end of a week', () => {
    const world = new World();
    world.now = (weekOf(world.now) + 1) * KEY_LIFE_MS + 5;
    const { folder } = reserve(world, 'd1');
    world.now -= 10;
    assert.deepEqual(reserve(world, 'd1').known, [folder, 1]);
  });
});
