import { randomBytes } from 'node:crypto';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { further, isSampled, parentId, type Trace } from '../domain/trace.ts';
import type { Span } from '../partition/watch.ts';
import { VERSION } from '../version.ts';
import { Exporter, type Step } from './otlp.ts';

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;

/** ms since 1970, with fractions. */
export const clock = (): number => performance.timeOrigin + performance.now();

const spanId = (): string => randomBytes(SPAN_BYTES).toString('hex');

const tracers = new WeakMap<Registry, Tracer>();

/** A step under way. */
export interface OpenStep extends Span {
  end(found?: Pick<Step, 'attributes' | 'failed'>): void;
}

/** Records the steps of requests. There is none where no collector is configured: contexts then go by as they came. */
export class Tracer {
  readonly #exporter: Pick<Exporter, 'add' | 'flush'>;
  readonly #share: number;

  /** @param share of the requests without a context of their own that are recorded, 0 to 1 */
  constructor(exporter: Pick<Exporter, 'add' | 'flush'>, share: number) {
    this.#exporter = exporter;
    this.#share = share;
  }

  /** Parts of one thread share one; undefined: no collector is configured. */
  static open(
    { otlp, member, role }: Pick<Config, 'otlp' | 'member' | 'role'>,
    registry: Registry,
  ): Tracer | undefined {
    if (otlp === undefined) return undefined;
    const known = tracers.get(registry);
    if (known !== undefined) return known;
    const to = { endpoint: otlp.endpoint, version: VERSION, instance: member, role };
    const tracer = new Tracer(new Exporter(to, registry), otlp.share);
    tracers.set(registry, tracer);
    return tracer;
  }

  /** The context of a request that came with this one: its own step, if it is to be recorded. */
  enter(came: Trace | undefined): Trace | undefined {
    if (came !== undefined) return isSampled(came) ? further(came, spanId()) : came;
    if (Math.random() >= this.#share) return undefined;
    return `00-${randomBytes(TRACE_BYTES).toString('hex')}-${spanId()}-01`;
  }

  /** A step that `enter` began is over. @param came what it was given */
  left(trace: Trace, came: Trace | undefined, step: Pick<Step, 'name' | 'start' | 'attributes' | 'failed'>): void {
    if (!isSampled(trace)) return;
    const parent = came === undefined ? '' : parentId(came);
    this.#exporter.add({ ...step, trace, parent, kind: 'server', end: clock() });
  }

  /** The next step of a request; undefined: it is not recorded. */
  begin(trace: Trace, { name, kind, attributes }: Pick<Step, 'name' | 'kind' | 'attributes'>): OpenStep | undefined {
    if (!isSampled(trace)) return undefined;
    const [own, start, parent] = [further(trace, spanId()), clock(), parentId(trace)];
    return {
      trace: own,
      end: (found) => {
        const all = { ...attributes, ...found?.attributes };
        const failed = found?.failed ?? false;
        this.#exporter.add({ trace: own, parent, name, kind, start, end: clock(), attributes: all, failed });
      },
    };
  }

  /** Sends what there is: the process is about to end. */
  flush(): Promise<void> {
    return this.#exporter.flush();
  }
}
