import { Counter, type Registry } from 'prom-client';
import { parentId, type Trace, traceId } from '../domain/trace.ts';

/** A recorded step of a request. */
export interface Step {
  /** its own context: the trace and, as parent of what follows, its own id */
  trace: Trace;
  /** the step before; '': it is the first */
  parent: string;
  name: string;
  kind: keyof typeof KINDS;
  /** ms since 1970, with fractions */
  start: number;
  end: number;
  /** what may be known of it: never whom or what it is about */
  attributes: Readonly<Record<string, string | number>>;
  failed: boolean;
}

/** Where spans are sent to, and what they say of this process. */
export interface Destination {
  /** base address of a collector (OTLP/HTTP); `/v1/traces` is added */
  endpoint: string;
  version: string;
  /** this process among those of the hub */
  instance: string;
  role: string;
}

/** opentelemetry-proto, trace.proto: SpanKind. */
const KINDS = { server: 2, client: 3, consumer: 5 } as const;
const ERROR = 2;
/** Spans of one request to the collector, and those that wait while it is away: some 2 MB; beyond, they are dropped. */
const BATCH = 512;
const WAITING = 4_096;
const EVERY_MS = 2_000;
const DEADLINE_MS = 5_000;
/** The collector asks for them again (OTLP 1.x, retryable status codes). */
const AGAIN = new Set([429, 502, 503, 504]);
const NS_PER_MS = 1_000_000n;
const FRACTION = 1_000_000;

/** Sends recorded steps to a collector, by OTLP/HTTP in JSON. It never keeps anybody waiting: what is too much is dropped, and counted. */
export class Exporter {
  readonly #to: Destination;
  readonly #counts: Counter<'outcome'>;
  #waiting: Step[] = [];
  #sending: Promise<void> | undefined;

  constructor(to: Destination, registry: Registry) {
    this.#to = to;
    this.#counts = new Counter({
      name: 'relais_trace_spans_total',
      help: 'Steps of requests by what became of them: exported to the collector, or dropped',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of ['exported', 'dropped'] as const) this.#counts.inc({ outcome }, 0);
    setInterval(() => this.#leave(), EVERY_MS).unref();
  }

  add(step: Step): void {
    if (this.#waiting.length >= WAITING) this.#counts.inc({ outcome: 'dropped' });
    else this.#waiting.push(step);
    if (this.#waiting.length >= BATCH) this.#leave();
  }

  /** Sends what there is, once. */
  async flush(): Promise<void> {
    await this.#sending;
    this.#leave();
    await this.#sending;
  }

  #leave(): void {
    if (this.#sending !== undefined || this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0, BATCH);
    this.#sending = this.#send(batch).finally(() => {
      this.#sending = undefined;
    });
  }

  async #send(batch: Step[]): Promise<void> {
    let status = 0;
    try {
      const answer = await fetch(`${this.#to.endpoint}/v1/traces`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(requestOf(this.#to, batch)),
        redirect: 'error',
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      status = answer.status;
      await answer.arrayBuffer();
    } catch {
      // Away: as one that is overloaded.
    }
    if (status >= 200 && status < 300) this.#counts.inc({ outcome: 'exported' }, batch.length);
    else if ((status === 0 || AGAIN.has(status)) && this.#waiting.length + batch.length <= WAITING)
      this.#waiting.unshift(...batch);
    else this.#counts.inc({ outcome: 'dropped' }, batch.length);
  }
}

/** ExportTraceServiceRequest, in the JSON of OTLP: ids in hexadecimal, times as decimal texts. */
export function requestOf({ version, instance, role }: Destination, steps: readonly Step[]) {
  const resource = {
    'service.name': 'relais',
    'service.version': version,
    'service.instance.id': instance,
    'relais.role': role,
  };
  const spans = steps.map(({ trace, parent, name, kind, start, end, attributes, failed }) => ({
    traceId: traceId(trace),
    spanId: parentId(trace),
    ...(parent !== '' && { parentSpanId: parent }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(end),
    attributes: attributesOf(attributes),
    status: failed ? { code: ERROR } : {},
  }));
  return {
    resourceSpans: [
      { resource: { attributes: attributesOf(resource) }, scopeSpans: [{ scope: { name: 'relais', version }, spans }] },
    ],
  };
}

const attributesOf = (attributes: Readonly<Record<string, string | number>>) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));

function nanoseconds(ms: number): string {
  const whole = Math.floor(ms);
  return String(BigInt(whole) * NS_PER_MS + BigInt(Math.floor((ms - whole) * FRACTION)));
}
