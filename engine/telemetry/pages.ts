import { Histogram, type Registry } from 'prom-client';

const MS_PER_S = 1_000;

/** Requests of the portal by page. A page is the template of its address, and there are as many as the portal has. */
export class PageCounts {
  readonly #seconds: Histogram<'method' | 'route' | 'status'>;

  constructor(registry: Registry) {
    this.#seconds = new Histogram({
      name: 'portal_request_seconds',
      help: 'Time from the headers of a request to the portal to the end of its answer; status 499: the browser left',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15],
      registers: [registry],
    });
  }

  answered(method: string, route: string, status: number, ms: number): void {
    this.#seconds.observe({ method, route, status }, ms / MS_PER_S);
  }
}
