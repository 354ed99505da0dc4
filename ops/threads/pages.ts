/** What the portal's thread counts of its requests. */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Registry } from 'prom-client';
import { buildInfo } from '#engine/telemetry/host.ts';
import { type Counted, withDefaults } from '#engine/telemetry/metrics.ts';
import { PageCounts } from '#engine/telemetry/pages.ts';

/** Where the portal, which shares no code with the hub, says which of its routes a request is for (hooks.server.ts). */
const ROUTED = 'relais:portal.routed';
interface Routed {
  request: IncomingMessage;
  route: string;
}

/** What no route of the portal's answers: scripts and styles, whose names change with each build, or nothing at all. */
const BUILT = '/_app/';
const FILE = 'file';
const NONE = 'none';
/** Whatever a client calls a method, there are no more than these. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);
const LEFT = 499;
const PATH = '/metrics';

export class Pages {
  readonly #registry = new Registry();
  readonly #counts: PageCounts;
  readonly #alone: boolean;
  readonly #routes = new WeakMap<IncomingMessage, string>();

  /** @param alone a process of its own: it answers `/metrics`; beside an API, that one does */
  constructor(alone: boolean) {
    this.#alone = alone;
    withDefaults(this.#registry, alone ? 'portal' : 'all', 'portal', alone);
    this.#counts = new PageCounts(this.#registry);
    if (alone) buildInfo(this.#registry);
    subscribe(ROUTED, (message) => {
      const { request, route } = message as Routed;
      this.#routes.set(request, route);
    });
  }

  counted(): Promise<Counted> {
    return this.#registry.getMetricsAsJSON();
  }

  /** Whether it was for figures, and is answered. */
  serves(request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.#alone || request.url !== PATH || request.method !== 'GET') return false;
    this.#registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': this.#registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
    return true;
  }

  /** Counts a request once its answer has ended. */
  watch(request: IncomingMessage, response: ServerResponse): void {
    const began = performance.now();
    response.once('close', () => {
      const { method = '', url = '' } = request;
      const route = this.#routes.get(request) ?? (url.startsWith(BUILT) ? FILE : NONE);
      const status = response.writableFinished ? response.statusCode : LEFT;
      this.#counts.answered(METHODS.has(method) ? method : 'other', route, status, performance.now() - began);
    });
  }
}
