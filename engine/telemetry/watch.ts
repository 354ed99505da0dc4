import type { NodeWatch } from '../cluster/node.ts';
import { traceId } from '../domain/trace.ts';
import { errorTrace } from '../partition/supervisor.ts';
import { isFenced } from '../redis/calls.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { ServiceCounts } from './service.ts';
import type { Tracer } from './tracer.ts';

/** What an engine's life looks like in logs and metrics. */
export function nodeWatch(log: Log, metrics: Metrics, tracer?: Pick<Tracer, 'begin'>): NodeWatch {
  const service = ServiceCounts.of(metrics.registry);
  return {
    committed(partition, entries, backlog) {
      if (entries > 0) {
        metrics.messages.inc(entries);
        metrics.turnEntries.observe(entries);
      }
      metrics.backlog.set({ partition }, backlog);
    },
    timed(times) {
      for (const [what, ms] of times) service.timed(what, ms);
    },
    fault(partition, kind, error, trace) {
      metrics.faults.inc({ kind });
      const from = trace === undefined ? {} : { trace: traceId(trace) };
      log.error({ partition, kind, error: errorTrace(error), ...from }, 'decision.threw');
    },
    ...(tracer && {
      span: (trace, kind) =>
        tracer.begin(trace, { name: `decide ${kind}`, kind: 'consumer', attributes: { 'relais.command': kind } }),
    }),
    laneError(partition, to, error) {
      metrics.laneErrors.inc();
      log.warn({ partition, to, error: error.message }, 'lane.repeated');
    },
    taken(partition, epoch) {
      metrics.takes.inc();
      log.debug({ partition, epoch }, 'partition.taken');
    },
    lost(partition, error) {
      metrics.lost.inc();
      if (isFenced(error)) metrics.fenced.inc();
      metrics.backlog.remove({ partition });
      log.warn({ partition, error: (error as Error).message }, 'partition.lost');
    },
    dropped(partition) {
      metrics.backlog.remove({ partition });
      log.debug({ partition }, 'partition.dropped');
    },
    jobFailed(partition, kind, tries, gaveUp, error) {
      metrics.jobs.inc({ kind, outcome: gaveUp ? 'given up' : 'repeated' });
      log.warn({ partition, kind, tries, gaveUp, error: errorTrace(error) }, 'job.failed');
    },
    mended(partition, turns) {
      metrics.mended.inc(turns);
      log.error({ partition, turns }, 'commits.mended');
    },
    damaged(partition, keys) {
      log.error({ partition, keys }, 'keys.damaged');
    },
    repaired(partition, elements) {
      metrics.repaired.inc(elements);
      log.error({ partition, elements }, 'records.repaired');
    },
    strange(partition, figures) {
      log.warn({ partition, figures }, 'figures.strange');
    },
    commitsLost(partition, turns, messages) {
      metrics.commitsLost.inc(turns);
      log.error({ partition, turns, messages }, 'commits.lost');
    },
    trouble(error) {
      log.warn({ error: (error as Error).message }, 'node.trouble');
    },
  };
}
