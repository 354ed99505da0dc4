import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Local } from '#engine/local.ts';
import { keysOf, slotOf } from '#engine/redis/keys.ts';
import { moveSlots } from '#ops/redis/mover.ts';
import { QUICK } from '../engine/engine.ts';
import { type Ground, openGround } from './ground.ts';
import { Load } from './load.ts';

/** Partitions that lie on each of the three masters. */
const HOMES = [5, 30, 55];
const [MOVED] = HOMES as [number];
const leaseMs = QUICK.leaseMs as number;
const slot = (partition: number): number => slotOf(/\{(.*)\}/.exec(keysOf(partition).in)?.[1] ?? '');
const HUB_SLOT = slotOf('hub');

const local = new Local();
let ground: Ground;
before(async () => {
  ground = await openGround();
  await ground.engine('e1', local);
});
after(() => ground.close());

const at = (place: number): string => `127.0.0.1:${ground.cluster.masters[place]?.port}`;

test('slots moved under load: nothing lost, doubled or reordered; the pause is printed', async () => {
  for (const api of [await ground.api(local), await ground.api()]) {
    const load = new Load(ground, api.asks, HOMES);
    await load.more();
    load.forget();
    const there = await moveSlots(ground.cluster.url, [slot(MOVED)], at(1), { leaseMs });
    await load.more();
    const back = await moveSlots(ground.cluster.url, [slot(MOVED), HUB_SLOT], at(0), { leaseMs });
    await load.more();
    await load.check();
    for (const { keys, pausedMs } of [...there, ...back])
      console.log(`${keys} keys, held ${Math.round(pausedMs)} ms; no answer for ${load.pauses.join(', ')} ms`);
    console.log(`${load.refused} refused, the longest after ${Math.round(load.longestRefusal)} ms`);
    assert.ok(load.longestRefusal < 5_000, 'nobody waits for an answer that was given while nobody listened');
  }
});

test('a move cut short keeps the partition paused, and goes on when it is asked for again', async () => {
  const { asks } = await ground.api(local);
  const load = new Load(ground, asks, HOMES);
  await load.more();
  const cut = moveSlots(ground.cluster.url, [slot(MOVED)], at(2), {
    leaseMs,
    onKeys() {
      throw new Error('cut');
    },
  });
  await assert.rejects(cut, /cut/);
  await moveSlots(ground.cluster.url, [slot(MOVED)], at(2), { leaseMs });
  await load.more();
  await load.check();
});
