import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

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
  readonly mended = new Counter({
    name: 'engine_commits_mended_total',
    help: 'Commits Redis lost, done again from the journal',
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
  readonly cells = new Gauge({ name: 'engine_cells', help: 'Records activated in memory', registers: [this.registry] });
  readonly cellBytes = new Gauge({
    name: 'engine_cell_bytes',
    help: 'Estimated memory of activated records, bytes',
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

  constructor(role: string) {
    this.registry.setDefaultLabels({ role });
    collectDefaultMetrics({ register: this.registry });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}

/** Parts of one process share one registry: `/metrics` shows the engine's figures when both run together. */
let shared: Metrics | undefined;
export function processMetrics(role: string): Metrics {
  shared ??= new Metrics(role);
  return shared;
}
