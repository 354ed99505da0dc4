import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { plan } from '#engine/cluster/plan.ts';
import { ALL_PARTITIONS, PARTITIONS } from '#engine/domain/placement.ts';
import { keysOf } from '#engine/redis/keys.ts';
import { QUICK } from './engine.ts';
import { type EngineProcess, startProcess } from './process.ts';
import { toy, toyBehaviour } from './toy.ts';
import { type Api, openWorld, until, type World } from './world.ts';

let world: World;
let api: Api;
before(async () => {
  world = await openWorld();
});
after(() => world.close());
beforeEach(async () => {
  await world.redis.flushall();
  api = await world.api(toyBehaviour);
});

const owners = async (): Promise<(string | undefined)[]> => {
  const found: (string | undefined)[] = [];
  for (let partition = 0; partition < ALL_PARTITIONS; partition += 1)
    found.push((await world.redis.hget(keysOf(partition).lease, 'owner'))?.split('#')[0]);
  return found;
};
const planned = (...members: string[]): (string | undefined)[] => {
  const target = plan(members, ALL_PARTITIONS);
  return Array.from({ length: ALL_PARTITIONS }, (_, partition) => target.get(partition));
};
const shared = (...members: string[]): Promise<void> =>
  until(`the partitions are shared by ${members.join(' and ')}`, async () => {
    const target = planned(...members);
    return (await owners()).every((owner, partition) => owner === target[partition]);
  });

/** Requests to an actor of every partition, one after the other in each, until told to stop. */
function load(): { stop(): Promise<{ sent: number[]; slowest: number; refused: number }> } {
  let running = true;
  let [slowest, refused] = [0, 0];
  const sent = Array.from({ length: PARTITIONS }, () => 0);
  const done = Promise.all(
    sent.map(async (_, partition) => {
      while (running) {
        const start = performance.now();
        try {
          const { status } = await api.ask(
            partition,
            toy({ kind: 'add', actor: 'load', value: (sent[partition] as number) + 1 }),
          );
          assert.equal(status, 200);
          (sent[partition] as number) += 1;
        } catch (error) {
          refused += 1;
          assert.match((error as Error).message, /busy/);
        }
        slowest = Math.max(slowest, performance.now() - start);
      }
    }),
  );
  return {
    async stop() {
      running = false;
      await done;
      return { sent, slowest, refused };
    },
  };
}

async function nothingLost(sent: readonly number[]): Promise<void> {
  for (const [partition, count] of sent.entries()) {
    const expected = Array.from({ length: count }, (_, i) => String(i + 1));
    assert.deepEqual(await world.added(partition, 'load'), expected, `partition ${partition}`);
  }
}

test('two engines share the partitions as planned; who leaves hands its own over: all under load, nothing lost', async (t) => {
  const first = await world.engine('e1', toyBehaviour);
  const traffic = load();
  const second = await world.engine('e2', toyBehaviour);
  await shared('e1', 'e2');
  await until('both work', () => first.node.held.size > 0 && second.node.held.size > 0);
  await first.stop();
  await shared('e2');
  const { sent, slowest, refused } = await traffic.stop();
  t.diagnostic(`${sent.reduce((sum, count) => sum + count)} requests, longest pause ${slowest.toFixed(0)} ms`);
  assert.equal(refused, 0);
  await nothingLost(sent);
  assert.ok(!first.events.some((event) => event.startsWith('lost')), first.events.join('\n'));
  await second.stop();
});

test('an engine whose connections are cut loses its partitions to the other within the lease, and nothing is lost', async (t) => {
  const first = await world.engine('e1', toyBehaviour);
  const second = await world.engine('e2', toyBehaviour);
  await shared('e1', 'e2');
  const traffic = load();
  const start = performance.now();
  await first.crash();
  await shared('e2');
  const took = performance.now() - start;
  const { sent } = await traffic.stop();
  t.diagnostic(`taken over after ${took.toFixed(0)} ms, lease ${QUICK.leaseMs} ms`);
  await nothingLost(sent);
  await second.stop();
});

test('a killed process loses its partitions to the other, and nothing is lost, doubled or reordered', async () => {
  const victim = await startProcess(world.url, 'victim');
  const other = await world.engine('other', toyBehaviour);
  await shared('other', 'victim');
  const traffic = load();
  victim.signal('SIGKILL');
  await victim.ended;
  await shared('other');
  const { sent } = await traffic.stop();
  await nothingLost(sent);
  await other.stop();
});

test('an engine that sleeps past its lease is fenced when it wakes, and writes nothing', async () => {
  const zombie: EngineProcess = await startProcess(world.url, 'zombie');
  const other = await world.engine('other', toyBehaviour);
  await shared('other', 'zombie');
  const traffic = load();
  zombie.signal('SIGSTOP');
  await shared('other');
  const { sent } = await traffic.stop();
  await nothingLost(sent);
  await api.ask(1, toy({ kind: 'add', actor: 'quiet', value: 1 }));
  zombie.signal('SIGCONT');
  const lost = await zombie.event('lost');
  assert.match(lost, /FENCED/);
  await nothingLost(sent);
  zombie.signal('SIGKILL');
  await zombie.ended;
  await other.stop();
});

test('an engine started again under its name takes its partitions at once', async () => {
  const first = await startProcess(world.url, 'same');
  first.signal('SIGKILL');
  await first.ended;
  const start = performance.now();
  const again = await startProcess(world.url, 'same');
  assert.equal(again.events.filter((event) => event.startsWith('taken')).length, ALL_PARTITIONS);
  assert.equal((await api.ask(5, toy({ kind: 'add', actor: 'a', value: 1 }))).status, 200);
  assert.ok(performance.now() - start < 10_000);
  again.signal('SIGKILL');
  await again.ended;
});
