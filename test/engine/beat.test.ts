import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Node, type NodeWatch } from '#engine/cluster/node.ts';
import type { Calls } from '#engine/redis/calls.ts';
import type { Reads } from '#engine/redis/reads.ts';
import { toyBehaviour } from './toy.ts';

/** A node over calls that say what they are told to; it holds nothing. */
function nodeOver(several: boolean): { node: Node; called: string[]; troubles: () => number; cut: () => void } {
  const called: string[] = [];
  let [away, troubles] = [false, 0];
  const calls = {
    several,
    call(name: string): Promise<unknown> {
      called.push(name);
      if (name === 'take') return Promise.resolve([0, 'another#1', 1]);
      if (name === 'beat' && away) return Promise.reject(new Error('UNSENT no master'));
      return Promise.resolve(['e1']);
    },
  } as unknown as Calls;
  const watch = new Proxy({} as NodeWatch, {
    get: (_, name) => () => {
      if (name === 'trouble') troubles += 1;
    },
  });
  const node = new Node('e1', toyBehaviour, calls, {} as Reads, () => Promise.resolve(), 1, watch);
  return {
    node,
    called,
    troubles: () => troubles,
    cut() {
      away = true;
      called.length = 0;
    },
  };
}

test('members that cannot be asked keep nobody from taking what lies on the other masters of a cluster', async () => {
  const { node, called, troubles, cut } = nodeOver(true);
  await node.reconcile();
  cut();
  await node.reconcile();
  assert.ok(called.filter((name) => name === 'take').length > 1);
  assert.equal(troubles(), 1);
});

test('where one server has all, nothing is asked of it that it cannot answer', async () => {
  const { node, called, troubles, cut } = nodeOver(false);
  await node.reconcile();
  cut();
  await node.reconcile();
  assert.deepEqual(called, ['beat']);
  assert.equal(troubles(), 1);
});
