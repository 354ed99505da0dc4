import type { Random } from '../sim/random.ts';
import type { Layout, Site } from './site.ts';

/** One thing that goes wrong, and what an operator or the machine does about it. */
export interface Fault {
  name: string;
  layout: Layout;
  /** With the load running; ends when everything is started again. */
  act(site: Site, random: Random): Promise<void>;
}
