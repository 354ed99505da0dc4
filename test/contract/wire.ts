import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** A plain HTTP/1.1 client that hides nothing: phrases, headers, empty bodies. As partners' software calls the hub. */

/** JSON as tests index it. */
// biome-ignore lint/suspicious/noExplicitAny: an answer has whatever shape the test then proves
export type Json = any;

export interface Called {
  status: number;
  /** reason phrase: clients in the field compare it (contract §2) */
  phrase: string;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  /** undefined when the body is empty or no JSON */
  json: Json;
}

export interface Call {
  token?: string;
  headers?: Record<string, string>;
  /** sent as JSON */
  json?: unknown;
  /** sent as it is */
  body?: string | Uint8Array;
  /** sent in pieces, without `Content-Length` */
  pieces?: readonly Uint8Array[];
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function call(base: string, method: string, path: string, options: Call = {}): Promise<Called> {
  const headers: Record<string, string> = { ...options.headers };
  if (options.token !== undefined) headers['Authorization'] = `Bearer ${options.token}`;
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  if (options.json !== undefined) headers['Content-Type'] ??= 'application/json';
  if (body !== undefined) headers['Content-Length'] = String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, base), { method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          phrase: response.statusMessage ?? '',
          headers: response.headers,
          bytes,
          text,
          json: parsed(text),
        });
      });
    });
    asked.on('error', reject);
    for (const piece of options.pieces ?? []) asked.write(piece);
    // bytes: Node would write headers in the encoding of a body that is text
    asked.end(body === undefined ? undefined : Buffer.from(body as string));
  });
}

/** Credentials of one partner's software, with the token they got. */
export class Partner {
  readonly base: string;
  readonly scope: string;
  readonly clientId: string;
  readonly clientSecret: string;
  token = '';

  constructor(base: string, scope: string, clientId: string, clientSecret: string) {
    this.base = base;
    this.scope = scope;
    this.clientId = clientId;
    this.clientSecret = clientSecret;
  }

  /** Asks for a token as the contract says (§3). */
  async login(): Promise<this> {
    const basic = Buffer.from(`${this.clientId}:${this.clientSecret}`).toString('base64');
    const answer = await call(this.base, 'POST', '/oauth2/token', {
      headers: { Authorization: `Basic ${basic}`, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&scope=${this.scope}`,
    });
    if (answer.status !== 200) throw new Error(`token of ${this.clientId}: ${answer.status} ${answer.text}`);
    this.token = answer.json.access_token;
    return this;
  }

  call(method: string, path: string, options: Call = {}): Promise<Called> {
    return call(this.base, method, path, { token: this.token, ...options });
  }

  get = (path: string) => this.call('GET', path);
  post = (path: string, json: unknown, headers: Record<string, string> = {}) =>
    this.call('POST', path, { json, headers });
  patch = (path: string, json: unknown) => this.call('PATCH', path, { json });
  put = (path: string, json: unknown) => this.call('PUT', path, { json });
  remove = (path: string) => this.call('DELETE', path);

  upload(path: string, bytes: Uint8Array, headers: Record<string, string> = {}): Promise<Called> {
    return this.call('PUT', path, { body: bytes, headers: { 'Content-Type': 'application/octet-stream', ...headers } });
  }
}
