import type { Ledger } from './ledger.ts';
import { type Lot, pour, type Repeats } from './lot.ts';
import { progress } from './measure.ts';
import { depositBody } from './native.ts';
import type { Population } from './population.ts';
import type { Timeline } from './timeline.ts';
import type { Town } from './town.ts';

/** Cases poured in batches as fast as they are taken, to towns by their inhabitants. */
export interface Influx extends Pick<Lot, 'url' | 'token' | 'connections' | 'window'> {
  /** keys begin with it */
  name: string;
  cases: number;
  fileBytes: number;
  towns: readonly Town[];
  /** made before the time runs: it reads every commune */
  population: Population;
  /** told what was answered, and when */
  ledger: Ledger;
  timeline: Timeline;
}

/** Resolves when every case was answered. */
export async function influx(given: Influx): Promise<{ answered: number; refused: number; repeats: Repeats }> {
  const { url, token, connections, window, name, cases, towns, population, ledger, timeline } = given;
  const bodies = depositBody(given.fileBytes);
  const shown = progress('cases', cases);
  let [serial, answered, refused] = [0, 0, 0];
  const repeats = await pour({
    url,
    token,
    connections,
    window,
    next() {
      if (serial === cases) return undefined;
      serial += 1;
      const [key, town] = [`${name}-${serial}`, population.of(serial)];
      const text = bodies((towns[town] as Town).identity, `"idempotencyKey":"${key}",`);
      return { key, town, due: performance.now(), text };
    },
    delivered({ due, town }, id, now) {
      answered += 1;
      ledger.answered(id, town, due, now);
      timeline.add(now - due, now);
      shown(answered);
    },
    refused(text) {
      refused += 1;
      console.error(text);
    },
  });
  return { answered, refused, repeats };
}
