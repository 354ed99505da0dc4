import type { OrgKey } from '#engine/domain/organization.ts';
import { Agents } from './agents.ts';
import { SENDERS } from './cast.ts';
import { compare } from './compare.ts';
import { Exchange } from './exchange.ts';
import { checkListed } from './listed.ts';
import { lot } from './lots.ts';
import { moveAway } from './mover.ts';
import { Native } from './native.ts';
import { checkBytes } from './parcels.ts';
import { compareVersions, register } from './registrar.ts';
import { Rest } from './rest.ts';
import { Scheduler } from './scheduler.ts';
import { deposit } from './sender.ts';
import type { SimServer } from './server.ts';
import { Storm } from './storm.ts';
import type { Fault } from './weather.ts';
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
  faults: readonly string[];
}

export interface Options {
  seed: number;
  stories?: number;
  print?: boolean;
  /** numbers of faults to leave out */
  without?: readonly number[];
  /** no other kinds of faults, and these often */
  only?: readonly Fault[];
}

/** Faults end by then: clients may be kept from their ends for ever. */
const STORM_STEPS = 4_000;
/** Senders at work at once, and folders of each. */
export const STORIES = 5;
const ROUNDS = 2;
/** Seeds in which the native API is used, too, and the part of the contract's senders there. */
const NATIVE_SHARE = 0.5;
const CONTRACT_BESIDE = 0.4;
/** Folders whose cases are decided on all at once, and the part of these that nobody else acts on meanwhile. */
const LOT_SHARE = 0.2;
const ALONE = 0.5;
/** Cases that agents decide on before software does. */
const DECIDED_SHARE = 0.3;
/** Seeds in which the referential changes too. */
const REFERENTIAL_SHARE = 0.4;
/** Seeds in which an organisation migrates between a deposit and its completion. */
const MOVER_SHARE = 0.3;
const ROLES = ['all', 'api', 'engine'] as const;

/** A sender deposits a folder; its cases then go their ways, all at once. */
async function live(world: World, sender: OrgKey): Promise<void> {
  const { desk, book, chance } = world;
  const made = await deposit(desk, book, chance, sender);
  if (made === undefined) return;
  const alone = chance.chance(ALONE);
  const lots = chance.chance(LOT_SHARE) ? [lot(world, made, !alone)] : [];
  if (alone) await Promise.all(lots);
  await Promise.all([
    ...lots,
    ...made.cases.map(async (case_) => {
      if (lots.length === 0 && chance.chance(DECIDED_SHARE)) await new Agents(world, case_).run();
      await new Exchange(desk, book, chance, made, case_).run();
    }),
  ]);
}

/** One seed from an empty server to its rest. */
export async function simulate(server: SimServer, options: Options): Promise<Outcome> {
  const { seed, stories = STORIES, print = false } = options;
  await server.wire.call('FLUSHALL');
  await server.wire.call('FUNCTION', 'LOAD', 'REPLACE', server.source);
  server.published();
  const world = new World(server, seed, print);
  const start = world.clockwork.now;
  const scheduler = new Scheduler(world);
  let failure: Error | undefined;
  const storm = new Storm(world, seed, options);
  const unhandled = (error: unknown): void => {
    world.unhandled ??= new Error('a promise nobody waits for was rejected: its process would end', {
      cause: error,
    });
  };
  process.on('unhandledRejection', unhandled);
  try {
    await world.spawn('all');
    for (let extra = world.random.below(3); extra > 0; extra -= 1) await world.spawn(world.random.pick(ROLES));
    const native = world.random.chance(NATIVE_SHARE) ? new Native(world) : undefined;
    native?.begin();
    for (let story = 0; story < (native ? Math.ceil(stories * CONTRACT_BESIDE) : stories); story += 1)
      world.crew.run(async () => {
        for (let round = 0; round < ROUNDS; round += 1) await live(world, world.chance.pick(SENDERS));
      });
    if (world.random.chance(REFERENTIAL_SHARE)) world.crew.run(() => register(world));
    if (world.random.chance(MOVER_SHARE)) world.crew.run(() => moveAway(world));
    while (world.crew.busy > 0) {
      if (scheduler.steps > STORM_STEPS) break;
      await scheduler.step();
      await storm.blow();
    }
    await new Rest(world, scheduler).come(storm);
    world.checker.rest();
    await compare(world);
    await compareVersions(world);
    if (!world.checker.excused) {
      const aged = world.counts.has('fault leap');
      world.book.check(world.checker.model, aged);
      checkListed(world.checker.model);
      checkBytes(world.checker.model);
      native?.check(aged);
      world.count('judged');
    }
  } catch (error) {
    failure = error as Error;
  }
  process.off('unhandledRejection', unhandled);
  world.close();
  world.count('commits', world.checker.model.commits);
  world.count('lost', world.checker.lost);
  world.count('redone', world.checker.redone);
  world.count('told', world.checker.told);
  world.count('accepted', world.checker.accounts.accepted);
  return {
    seed,
    digest: world.trace.digest(),
    steps: scheduler.steps,
    counts: world.counts,
    lasted: world.clockwork.now - start,
    failure,
    lines: world.trace.lines,
    faults: storm.done,
  };
}
