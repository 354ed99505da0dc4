import type { MetricObject, MetricValue } from 'prom-client';
import type { CompiledRoute } from './table.ts';

/** Upper bounds of the latency histogram, seconds: around the promised 250 ms and the 2 s enrolment clients wait. */
const BOUNDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15] as const;
const MS_PER_S = 1000;
const NAME = 'relais_http_request_seconds';
const HELP = 'Time from the headers of a request to the end of its answer; status 499: the client left.';

interface Series {
  buckets: Uint32Array;
  sum: number;
}

/**
 * Requests by route and status. Counted in arrays: prom-client's own histogram sorts and hashes labels at each call,
 * which costs as much as the rest of the request path.
 */
export class Meter {
  readonly name = NAME;
  readonly help = HELP;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly collect = undefined;
  readonly #routes = new Map<CompiledRoute, Map<number, Series>>();

  record(route: CompiledRoute, status: number, ms: number): void {
    let statuses = this.#routes.get(route);
    if (statuses === undefined) {
      statuses = new Map();
      this.#routes.set(route, statuses);
    }
    let series = statuses.get(status);
    if (series === undefined) {
      series = { buckets: new Uint32Array(BOUNDS.length + 1), sum: 0 };
      statuses.set(status, series);
    }
    const seconds = ms / MS_PER_S;
    let index = 0;
    while (index < BOUNDS.length && seconds > (BOUNDS[index] as number)) index += 1;
    series.buckets[index] = (series.buckets[index] as number) + 1;
    series.sum += seconds;
  }

  /** prom-client's way to read a metric. */
  async get(): Promise<MetricObject & { values: MetricValue<string>[] }> {
    const values: (MetricValue<string> & { metricName: string })[] = [];
    for (const [route, statuses] of this.#routes) {
      for (const [status, series] of statuses) {
        const labels = { method: route.method, route: route.path, status: String(status) };
        let count = 0;
        for (const [index, hits] of series.buckets.entries()) {
          count += hits;
          const le = index < BOUNDS.length ? String(BOUNDS[index]) : '+Inf';
          values.push({ metricName: `${NAME}_bucket`, labels: { ...labels, le }, value: count });
        }
        values.push({ metricName: `${NAME}_sum`, labels, value: series.sum });
        values.push({ metricName: `${NAME}_count`, labels, value: count });
      }
    }
    return { name: NAME, help: HELP, type: 'histogram' as never, aggregator: 'sum', collect: () => undefined, values };
  }

  reset(): void {
    this.#routes.clear();
  }
}
