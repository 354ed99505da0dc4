import { SENDERS } from './cast.ts';
import { Desk } from './desk.ts';
import { Scheduler } from './scheduler.ts';
import { deposit } from './sender.ts';
import type { SimServer } from './server.ts';
import { World } from './world.ts';

export interface Outcome {
  seed: number;
  digest: string;
  steps: number;
  counts: ReadonlyMap<string, number>;
  /** ms of simulated time */
  lasted: number;
  failure: Error | undefined;
  lines: readonly string[];
}

export interface Options {
  seed: number;
  stories?: number;
  print?: boolean;
}

const MAX_STEPS = 40_000;

/** One seed from an empty server to its rest. */
export async function simulate(server: SimServer, { seed, stories = 6, print = false }: Options): Promise<Outcome> {
  await server.wire.call('FLUSHALL');
  server.published();
  const world = new World(server, seed, print);
  const start = world.clockwork.now;
  const scheduler = new Scheduler(world);
  const desk = new Desk(world);
  let failure: Error | undefined;
  try {
    await world.spawn('all');
    for (let story = 0; story < stories; story += 1)
      world.crew.run(async () => {
        await deposit(desk, world.chance, world.chance.pick(SENDERS));
      });
    while (world.crew.busy > 0) {
      if (scheduler.steps > MAX_STEPS) throw new Error('it does not come to rest');
      await scheduler.step();
    }
  } catch (error) {
    failure = error as Error;
  }
  world.close();
  world.count('commits', world.checker.model.commits);
  return {
    seed,
    digest: world.trace.digest(),
    steps: scheduler.steps,
    counts: world.counts,
    lasted: world.clockwork.now - start,
    failure,
    lines: world.trace.lines,
  };
}
