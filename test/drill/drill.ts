import type { Supervision } from '#ops/supervision/supervision.ts';
import type { Country } from '../chaos/country.ts';
import type { Needs, Site } from '../chaos/site.ts';
import type { Partners } from './partners.ts';

/** One fault that must set an alert off, and what ends it. */
export interface Drill {
  /** name in ops/prometheus/alerts.yml */
  alert: string;
  /** what is done, in French, for the table */
  how: string;
  /** of the alert's rules: all of them are waited for, then until they are over */
  severities: readonly Severity[];
  needs: Needs & {
    /** false: no partners are made */
    country?: false;
    /** the API serves TLS */
    secure?: true;
  };
  /** What ends by itself: its fault does, or it tells a rise and not a state. */
  passes?: readonly Severity[];
  /** The runbook's commands end it, before anything else does. */
  healed?: true;
  /** The runbook's commands come after what ends its cause: they undo what it has left. */
  mendsFirst?: true;
  /** More than the usual patience until the alert rings, s. */
  patience?: number;
  /** Before supervision begins: what else runs. */
  prepare?(site: Site): Promise<void>;
  /** Makes the fault, and what partners do meanwhile. @returns what ends it besides the runbook's commands */
  act(scene: Scene): Promise<() => Promise<void>>;
}

export type Severity = 'page' | 'ticket';

/** Where a drill takes place. */
export interface Scene {
  site: Site;
  country: Country;
  partners: Partners;
  supervision: Supervision;
  /** when the drill is over: what goes on meanwhile ends then */
  over: AbortSignal;
}
