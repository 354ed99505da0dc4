import { isMainThread } from 'node:worker_threads';
import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';

/** prom-client's own metrics that each thread has for itself; the others are the process's, told by its main thread. */
const OF_A_THREAD = /^nodejs_(?:eventloop_lag|gc|heap_)/;

/** Adds what prom-client knows by itself, and says of all of it whose it is; `whole`: it speaks for the whole process. */
export function withDefaults(registry: Registry, role: string, thread: string, whole: boolean): Registry {
  registry.setDefaultLabels({ role, thread });
  const own = registry.getMetricsAsArray().length;
  collectDefaultMetrics({ register: registry });
  if (whole) return registry;
  for (const { name } of registry.getMetricsAsArray().slice(own))
    if (!OF_A_THREAD.test(name)) registry.removeSingleMetric(name);
  return registry;
}

/** What a thread counted, as it passes to the one that serves `/metrics`. */
export type Counted = MetricObjectWithValues<MetricValue<string>>[];

/** What an engine says of itself to whoever serves `/metrics` and `/health`, in another thread. */
export interface Look {
  counted: Counted;
  /** why it does not work now; empty: it does */
  reasons: string[];
}

/** Everything a process counts, declared in one place; labels are bounded, never a recipient, a case or a person. */
export class Metrics {
  readonly registry = new Registry();

  readonly turnEntries = new Histogram({
    name: 'engine_turn_entries',
    help: 'Messages committed by one turn',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers: [this.registry],
  });
  readonly messages = new Counter({
    name: 'engine_messages_total',
    help: 'Messages decided and committed',
    registers: [this.registry],
  });
  readonly takes = new Counter({ name: 'engine_takes_total', help: 'Partitions taken', registers: [this.registry] });
  readonly lost = new Counter({
    name: 'engine_lost_total',
    help: 'Partitions lost: fenced, or a call without answer',
    registers: [this.registry],
  });
  readonly fenced = new Counter({
    name: 'engine_fenced_total',
    help: 'Turns refused because another owner has the partition',
    registers: [this.registry],
  });
  readonly mended = new Counter({
    name: 'engine_commits_mended_total',
    help: 'Commits Redis lost, done again from the journal',
    registers: [this.registry],
  });
  readonly repaired = new Counter({
    name: 'engine_elements_repaired_total',
    help: 'Records and other elements that were not what had been written last when Redis was started, and are again',
    registers: [this.registry],
  });
  readonly commitsLost = new Counter({
    name: 'engine_commits_lost_total',
    help: 'Commits Redis lost that could not be done again: their messages are dead letters',
    registers: [this.registry],
  });
  readonly faults = new Counter({
    name: 'engine_faults_total',
    help: 'Decisions that threw',
    labelNames: ['kind'],
    registers: [this.registry],
  });
  readonly laneErrors = new Counter({
    name: 'engine_lane_errors_total',
    help: 'Deliveries between partitions that failed and are repeated',
    registers: [this.registry],
  });
  readonly jobs = new Counter({
    name: 'engine_jobs_total',
    help: 'External effects by outcome',
    labelNames: ['kind', 'outcome'],
    registers: [this.registry],
  });
  readonly backlog = new Gauge({
    name: 'engine_backlog_entries',
    help: 'Messages waiting in a partition',
    labelNames: ['partition'],
    registers: [this.registry],
  });
  readonly backlogOldest = new Gauge({
    name: 'engine_backlog_oldest_seconds',
    help: 'Age of the oldest message that waits in a partition of this engine',
    aggregator: 'max',
    registers: [this.registry],
  });
  readonly partitions = new Gauge({
    name: 'engine_partitions_held',
    help: 'Partitions this process owns',
    registers: [this.registry],
  });
  readonly outbox = new Gauge({
    name: 'engine_outbox_entries',
    help: 'Messages on their way to other partitions',
    registers: [this.registry],
  });
  readonly outboxOldest = new Gauge({
    name: 'engine_outbox_oldest_seconds',
    help: 'Longest time that the first message of a lane, which all behind it wait for, has been on its way',
    aggregator: 'max',
    registers: [this.registry],
  });
  readonly stuckLanes = new Gauge({
    name: 'engine_lanes_stuck',
    help: 'Lanes whose first message has been on its way for a minute',
    registers: [this.registry],
  });
  readonly dead = new Gauge({
    name: 'engine_dead_letters',
    help: 'Messages given up that wait for an administrator: sum over the engines',
    registers: [this.registry],
  });
  readonly parked = new Gauge({
    name: 'engine_parked_actors',
    help: 'Actors whose deliveries wait behind a dead letter, or by an administrator’s wish: sum over the engines',
    registers: [this.registry],
  });
  readonly cells = new Gauge({ name: 'engine_cells', help: 'Records activated in memory', registers: [this.registry] });
  readonly cellBytes = new Gauge({
    name: 'engine_cell_bytes',
    help: 'Estimated memory of activated records, bytes',
    registers: [this.registry],
  });
  readonly figures = new Gauge({
    name: 'engine_counted',
    help: 'What the partitions of this engine have counted since the hub was created, by name: sum over the engines',
    labelNames: ['name'],
    registers: [this.registry],
  });
  readonly unfinished = new Gauge({
    name: 'engine_folders_unfinished',
    help: 'Folders still HUBEE_RECEIVED after HUB_UNFINISHED_HOURS: sum over the engines',
    registers: [this.registry],
  });
  readonly unfetchable = new Gauge({
    name: 'engine_cases_unfetchable',
    help: 'Cases shown and not closed of which a file cannot be fetched: sum over the engines',
    registers: [this.registry],
  });
  readonly heldBoxes = new Gauge({
    name: 'engine_held_boxes',
    help: 'Organisations to invite, by démarche: cases wait for their subscription; sum over the engines',
    registers: [this.registry],
  });
  readonly heldSince = new Gauge({
    name: 'engine_held_oldest_seconds',
    help: 'How long the first of them has waited: of this engine',
    aggregator: 'max',
    registers: [this.registry],
  });
  readonly asks = new Gauge({
    name: 'api_asks_in_flight',
    help: 'Requests waiting for their answers',
    registers: [this.registry],
  });
  readonly swept = new Counter({
    name: 'api_blobs_swept_total',
    help: 'Uploads that no command ever named, erased',
    registers: [this.registry],
  });
  readonly sweepFailures = new Counter({
    name: 'api_blob_sweeps_failed_total',
    help: 'Looks for such uploads that were broken off',
    registers: [this.registry],
  });

  readonly webhookCalls = new Counter({
    name: 'webhook_calls_total',
    help: 'Calls of webhooks by outcome',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  readonly webhookSeconds = new Histogram({
    name: 'webhook_call_seconds',
    help: 'Duration of calls of webhooks',
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10],
    registers: [this.registry],
  });
  readonly webhooks = new Gauge({
    name: 'webhooks',
    help: 'Webhooks this process delivers to, by how they are',
    labelNames: ['state'],
    registers: [this.registry],
  });
  readonly webhookPauses = new Counter({
    name: 'webhook_pauses_total',
    help: 'Webhooks paused by themselves, by reason',
    labelNames: ['reason'],
    registers: [this.registry],
  });
  readonly webhookSlots = new Gauge({
    name: 'webhook_slots',
    help: 'Places of webhook calls by lane: taken, and waited for',
    labelNames: ['lane', 'state'],
    registers: [this.registry],
  });

  /** @param thread `main`, or the name of an engine's thread */
  constructor(role: string, thread: string) {
    withDefaults(this.registry, role, thread, isMainThread);
  }

  counted(): Promise<Counted> {
    return this.registry.getMetricsAsJSON();
  }

  /** @param others what the other threads of this process counted */
  async text(others: readonly Counted[] = []): Promise<string> {
    if (others.length === 0) return this.registry.metrics();
    return AggregatorRegistry.aggregate([await this.counted(), ...others]).metrics();
  }
}

/** Parts of one thread share one registry. */
let shared: Metrics | undefined;
export function threadMetrics(role: string, thread = 'main'): Metrics {
  shared ??= new Metrics(role, thread);
  return shared;
}
