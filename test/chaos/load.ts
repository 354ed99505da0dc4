import { Random } from '../sim/random.ts';
import { pourAll } from './batch.ts';
import { Caller } from './caller.ts';
import type { Country } from './country.ts';
import { depositNatively } from './depositor.ts';
import { Desk, HANDS } from './desk.ts';
import { type History, SENDER_DESK } from './history.ts';
import { Hook } from './hook.ts';
import { Poller } from './poller.ts';
import { depositAll } from './sender.ts';
import { Subscriber } from './subscriber.ts';

/** All clients of a run at work: what they draw follows from the seed. */
export interface Load {
  /** Ends when each has finished what it was doing, and every reader of a feed has read it to its end. */
  stop(): Promise<void>;
}

/** To each town: so that concurrent completions to one happen. */
const FLOWS = 2;
/** Connections for lots of lines, each to all towns. */
const BATCHES = 2;
/** Streams of chance: flows from 0, the others from here. */
const DESK_STREAM = 1_000;
const NATIVE_STREAM = 2_000;
const BATCH_STREAM = 3_000;
const FEED_STREAM = 4_000;

export function startLoad(url: string, country: Country, history: History, seed: number): Load {
  const over = new AbortController();
  const callers: Caller[] = [];
  const caller = (token: string): Caller => {
    const one = new Caller(url, token, history);
    callers.push(one);
    return one;
  };
  const work = country.towns.flatMap(({ identity, token }, number) => [
    ...Array.from({ length: FLOWS }, (_, flow) => {
      const random = new Random(seed, number * FLOWS + flow);
      const name = `CHAOS-BENCH-${number}${flow}`;
      return depositAll({ caller: caller(country.sender), random, town: { identity, number }, name }, over.signal);
    }),
    new Desk(number, [caller(token)], new Random(seed, DESK_STREAM + number)).work(over.signal),
  ]);
  const hands = Array.from({ length: HANDS }, () => caller(country.sender));
  work.push(new Desk(SENDER_DESK, hands, new Random(seed, DESK_STREAM - 1)).work(over.signal));
  const addressees = country.towns.map(({ identity }, number) => ({ identity, number }));
  for (const town of addressees) {
    const random = new Random(seed, NATIVE_STREAM + town.number);
    const flow = { caller: caller(country.sender), random, town, name: `CHAOS-N${town.number}` };
    work.push(depositNatively(flow, over.signal));
  }
  for (let lot = 0; lot < BATCHES; lot += 1) {
    const random = new Random(seed, BATCH_STREAM + lot);
    const flow = { url, token: country.sender, history, random, towns: addressees, name: `CHAOS-B${lot}` };
    work.push(pourAll(flow, over.signal));
  }
  const readers = [{ token: country.sender }, ...country.towns].flatMap(({ token }, at) => {
    const who = at - 1;
    const random = new Random(seed, FEED_STREAM + at);
    const poller = new Poller(who, caller(token), random);
    const subscriber = new Subscriber(who, { url, token, history }, caller(token), random);
    // The sender, who is told of all that towns answer, reads by all; every other town by one of two.
    const all = [poller, subscriber, new Hook(who, caller(token), history)];
    return who === SENDER_DESK ? all : [at % 2 === 0 ? poller : subscriber];
  });
  work.push(...readers.map((reader) => reader.work(over.signal)));
  return {
    async stop() {
      over.abort();
      await Promise.all(work);
      await Promise.all(readers.map((reader) => reader.finish()));
      for (const one of callers) one.close();
    },
  };
}
