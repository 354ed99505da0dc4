import type { Behaviour } from '../domain/behaviour.ts';
import type { Settings } from '../domain/settings.ts';
import type { CommitLog } from '../journal/log.ts';
import type { Local } from '../local.ts';
import type { Calls } from '../redis/calls.ts';
import type { Reads } from '../redis/reads.ts';
import type { Jobs } from './jobs.ts';
import type { Pace } from './limits.ts';
import type { PartitionWatch } from './watch.ts';

/** What a partition works with; the same for all of a process, its jobs excepted. */
export interface PartitionParts {
  behaviour: Behaviour;
  calls: Calls;
  reads: Reads;
  jobs: Jobs;
  /** memory for its activated records */
  cellBytes: number;
  watch: PartitionWatch;
  pace: Pace;
  local: Local | undefined;
  journal: CommitLog | undefined;
  settings: Settings;
}
