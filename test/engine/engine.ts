import { Node, type NodeWatch } from '#engine/cluster/node.ts';
import type { Behaviour } from '#engine/domain/behaviour.ts';
import type { Job } from '#engine/domain/decision.ts';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import type { Journal } from '#engine/journal/journal.ts';
import type { Local } from '#engine/local.ts';
import type { Pace } from '#engine/partition/limits.ts';
import { Calls } from '#engine/redis/calls.ts';
import { Channels } from '#engine/redis/channels.ts';
import { type Client, connect } from '#engine/redis/connect.ts';
import { keysOf, partitionOfKey } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';

/** A second of lease instead of ten, and everything else in proportion: what tests wait for comes soon. */
export const QUICK: Partial<Pace> = {
  leaseMs: 1_000,
  idleLookMs: 100,
  tickMs: 50,
  reconcileMs: 100,
  silenceMs: 1_000,
  settleMs: 200,
  compareMs: 300,
  jobRetryMs: 5,
  jobTries: 3,
};

const CELL_BYTES = 64 * 1024 * 1024;

export interface EngineOptions {
  runJob?: (job: Job) => Promise<void>;
  pace?: Partial<Pace>;
  cellBytes?: number;
  local?: Local;
  journal?: Journal;
  /** that must have each commit */
  replicas?: number;
  /** told of each event as it happens */
  onEvent?: (event: string) => void;
}

/** Parts of the engine started apart, over a real Redis, with any behaviour. */
export interface Engine {
  node: Node;
  jobs: Job[];
  events: string[];
  stop(): Promise<void>;
  /** Ends all its connections at once, as a killed process would: nothing is given up in good order. */
  crash(): Promise<void>;
}

export async function startEngine(
  url: string,
  member: string,
  behaviour: Behaviour,
  options: EngineOptions = {},
): Promise<Engine> {
  const open = (): Client => connect(url, () => undefined);
  const [main, reading, subscriber] = [open(), open(), open()];
  const jobs: Job[] = [];
  const events: string[] = [];
  const tell = (event: string): void => {
    events.push(event);
    options.onEvent?.(event);
  };
  const watch: NodeWatch = {
    committed: () => undefined,
    fault: (partition, kind, error) => tell(`fault ${partition} ${kind} ${(error as Error).message}`),
    laneError: (from, to, error) => tell(`lane ${from} ${to} ${error.message}`),
    taken: (partition) => tell(`taken ${partition}`),
    lost: (partition, error) => tell(`lost ${partition} ${(error as Error).message}`),
    dropped: (partition) => tell(`dropped ${partition}`),
    jobFailed: (partition, kind, tries) => tell(`job ${partition} ${kind} ${tries}`),
    mended: (partition, turns) => tell(`mended ${partition} ${turns}`),
    damaged: (partition, keys) => tell(`damaged ${partition} ${keys.join(' ')}`),
    repaired: (partition, elements) => tell(`repaired ${partition} ${elements}`),
    strange: (partition, figures) => tell(`strange ${partition} ${figures}`),
    commitsLost: (partition, turns, messages) => tell(`lost commits ${partition} ${turns} ${messages}`),
    trouble: (error) => tell(`trouble ${(error as Error).message}`),
  };
  const run = async (job: Job): Promise<void> => {
    jobs.push(job);
    await options.runJob?.(job);
  };
  const node = new Node(
    member,
    behaviour,
    new Calls(main, 2, options.replicas),
    new Reads(reading),
    run,
    options.cellBytes ?? CELL_BYTES,
    watch,
    { ...QUICK, ...options.pace },
    options.local,
    options.journal,
  );
  const names = Array.from({ length: ALL_PARTITIONS }, (_, partition) => keysOf(partition));
  const channels = await Channels.open(
    subscriber,
    names.map(({ wake, free }) => [wake, free]),
    {
      message(channel) {
        if (channel.endsWith('wake')) node.wake(partitionOfKey(channel));
        else node.freed();
      },
      gap: () => node.freed(),
    },
  );
  await node.start();
  const disconnect = (): void => {
    for (const client of [main, reading, subscriber]) client.disconnect();
    void channels.close();
  };
  return {
    node,
    jobs,
    events,
    async stop() {
      await node.stop();
      disconnect();
    },
    async crash() {
      disconnect();
      await node.stop();
    },
  };
}
