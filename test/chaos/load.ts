import { Random } from '../sim/random.ts';
import { Caller } from './caller.ts';
import type { Country } from './country.ts';
import { Desk, HANDS } from './desk.ts';
import { type History, SENDER_DESK } from './history.ts';
import { depositAll } from './sender.ts';

/** All clients of a run at work: what they draw follows from the seed. */
export interface Load {
  /** Ends when each has finished what it was doing. */
  stop(): Promise<void>;
}

/** To each town: so that concurrent completions to one happen. */
const FLOWS = 2;
/** Streams of chance: flows from 0, desks from here. */
const DESK_STREAM = 1_000;

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
  return {
    async stop() {
      over.abort();
      await Promise.all(work);
      for (const one of callers) one.close();
    },
  };
}
