import type { Random } from '../sim/random.ts';
import type { Country } from './country.ts';
import type { History } from './history.ts';
import type { Needs, Site } from './site.ts';

/** What a fault may look at besides what it does. */
export interface Scene {
  country: Country;
  history: History;
}

/** One thing that goes wrong, and what an operator or the machine does about it. */
export interface Fault extends Needs {
  name: string;
  /** Its share of a run's time, where another has 1. */
  weight?: number;
  /** With the load running; ends when everything is started again. @throws when the product behaved as it must not */
  act(site: Site, random: Random, scene: Scene): Promise<void>;
}
