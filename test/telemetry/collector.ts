import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '#test/contract/wire.ts';

/** A span as it was sent. */
export interface Received {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, string> }[];
  status: { code?: number };
}

/** The receiving end of OTLP/HTTP, as far as its protocol says: keeps what it was sent, answers as told. */
export class Collector {
  readonly spans: Received[] = [];
  /** of each request: its path, and what it says of who sent it */
  readonly asked: { path: string; type: string; resource: Record<string, string> }[] = [];
  status = 200;
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body: Json = JSON.parse(Buffer.concat(chunks).toString());
    const resource = body.resourceSpans[0].resource.attributes as Received['attributes'];
    this.asked.push({
      path: request.url ?? '',
      type: request.headers['content-type'] ?? '',
      resource: Object.fromEntries(resource.map(({ key, value }) => [key, value['stringValue'] as string])),
    });
    if (this.status === 200) this.spans.push(...body.resourceSpans[0].scopeSpans[0].spans);
    response.writeHead(this.status, { 'Content-Type': 'application/json' }).end('{}');
    this.#stirred.resolve();
    this.#stirred = Promise.withResolvers();
  });
  #stirred = Promise.withResolvers<void>();

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await new Promise<void>((resolve) => collector.#server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves once that is so. */
  async until(enough: () => boolean): Promise<void> {
    while (!enough()) await this.#stirred.promise;
  }

  /** Spans of one request. */
  of(trace: string): Received[] {
    return this.spans.filter(({ traceId }) => traceId === trace);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
