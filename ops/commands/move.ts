/**
 * `./hub move [--to=HOST:PORT --slots=A-B,C… | --partitions=N,…]`: moves hash slots of a cluster under load, one by one.
 *
 * Without options: which master serves which slots and partitions. The partition of a slot is paused while it moves: its
 * requests get 503 with Retry-After. Exit codes: 0 done, 1 not reachable or cut short, 2 wrong options.
 */
import { LEVELS } from '#engine/redis/durability.ts';
import { reach as answers } from '#engine/redis/reach.ts';
import { audited } from '#ops/console/acts.ts';
import { dataOf, keyOf } from '#ops/console/target.ts';
import { options, say, WrongOption } from '#ops/life.ts';
import { once } from '#ops/once.ts';
import { moveSlots, PARTITION_OF_SLOT } from '#ops/redis/mover.ts';
import { ClusterNodes, owns } from '#ops/redis/nodes.ts';

const SLOTS = 16_384;

function slotsOf(text: string): number[] {
  return text.split(',').flatMap((range) => {
    const [, from, to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (from === undefined || first > last || last >= SLOTS)
      throw new WrongOption(`--slots=${text}: 0-16383, like 0-99,700`);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function slotsOfPartitions(text: string): number[] {
  return text.split(',').map((number) => {
    for (const [slot, partition] of PARTITION_OF_SLOT) if (String(partition) === number) return slot;
    throw new WrongOption(`--partitions=${text}: there is no partition ${number}`);
  });
}

async function list(url: string): Promise<void> {
  await answers(url);
  const nodes = await ClusterNodes.open(url);
  try {
    for (const node of nodes.masters) {
      const partitions = [...PARTITION_OF_SLOT].filter(([slot]) => owns(node, slot)).map(([, partition]) => partition);
      const slots = node.ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
      console.log(`${node.at}\tslots ${slots.join(',') || 'none'}\tpartitions ${partitions.join(',') || 'none'}`);
    }
  } finally {
    await nodes.close();
  }
}

/** Replicas that must have what was moved, as the engines' configuration says. */
function replicas(): number {
  const level = process.env['HUB_DURABILITY'] || LEVELS[0];
  return level === 'replicated' ? Number(process.env['HUB_REPLICAS'] || 1) : 0;
}

async function main(): Promise<number> {
  const given = options(['to', 'slots', 'partitions', 'data']);
  const url = process.env['HUB_REDIS_URL'];
  if (!url) throw new WrongOption('name the cluster in HUB_REDIS_URL');
  if (given['to'] === undefined && given['slots'] === undefined && given['partitions'] === undefined) {
    await list(url);
    return 0;
  }
  if (given['to'] === undefined) throw new WrongOption('--to=HOST:PORT says where they go');
  if ((given['slots'] === undefined) === (given['partitions'] === undefined))
    throw new WrongOption('either --slots=A-B,… or --partitions=N,…');
  const slots =
    given['slots'] === undefined ? slotsOfPartitions(String(given['partitions'])) : slotsOf(String(given['slots']));
  const to = String(given['to']);
  const data = dataOf(given['data']);
  const on = `${slots.length} slots (${given['slots'] ?? `of partitions ${given['partitions']}`}) to ${to}`;
  await audited(data, keyOf(data), { what: 'move', on }, async () => {
    await answers(url);
    const moved = await moveSlots(url, slots, to, { replicas: replicas() });
    for (const { partition, keys, pausedMs } of moved)
      console.log(`partition ${partition}\t${keys} keys\tpaused ${Math.round(pausedMs)} ms`);
    return { state: 'done', note: `${moved.length} partitions moved` };
  });
  say(`${slots.length} slots are at ${to}`);
  return 0;
}

await once(main);
