/** One call of the hub's API. Everything the portal does goes through here. */
import { settings } from '#lib/server/settings.ts';
import { type Answer, send } from './wire.ts';

const TIMEOUT_MS = 20_000;
const [FIRST_OK, LAST_OK] = [200, 299];

/** What the hub answered instead of what was asked. */
export class HubProblem extends Error {
  override name = 'HubProblem';
  readonly status: number;
  /** reason by which pages are chosen, like `agent-unknown`; '' when there is none */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface Call {
  token: string;
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

const headersOf = ({ token, body, headers }: Call): Record<string, string> => ({
  Authorization: `Bearer ${token}`,
  ...headers,
  ...(body !== undefined && { 'Content-Type': 'application/json' }),
});

const unreachable = (method: string, path: string, error: unknown): HubProblem =>
  new HubProblem(503, 'unreachable', `${method} ${path.split('?')[0]}: ${(error as Error).message}`);

/** The raw answer, for files. @throws HubProblem */
export async function open(path: string, options: Call): Promise<Response> {
  const { method = 'GET', body, signal } = options;
  let answer: Response;
  try {
    answer = await fetch(`${settings().apiUrl}${path}`, {
      method,
      headers: headersOf(options),
      redirect: 'error',
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw unreachable(method, path, error);
  }
  if (answer.ok) return answer;
  throw problemOf(answer.status, await answer.text().catch(() => ''));
}

/** A whole answer, and the version it is of. */
export interface Versioned<T> {
  body: T;
  /** as the header says it; '' : none */
  etag: string;
}

/** @param most bytes of the answer that are read @throws HubProblem */
async function answered(path: string, options: Call, most?: number): Promise<Answer> {
  const { method = 'GET', body, signal } = options;
  const more = {
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(most !== undefined && { most }),
    ...(signal && { signal }),
  };
  let answer: Answer;
  try {
    answer = await send(`${settings().apiUrl}${path}`, { method, headers: headersOf(options), ...more });
  } catch (error) {
    throw unreachable(method, path, error);
  }
  const { status, bytes } = answer;
  if (status < FIRST_OK || status > LAST_OK) throw problemOf(status, bytes.toString());
  return answer;
}

/** @throws HubProblem */
export async function versioned<T>(path: string, options: Call): Promise<Versioned<T>> {
  const { bytes, headers } = await answered(path, options);
  return { body: (bytes.length === 0 ? undefined : JSON.parse(bytes.toString())) as T, etag: headers.etag ?? '' };
}

/** The first bytes of an answer, and whether there are more. @throws HubProblem */
export async function start(path: string, options: Call, most: number): Promise<{ bytes: Buffer; more: boolean }> {
  const { bytes, more } = await answered(path, options, most);
  return { bytes: bytes.subarray(0, most), more };
}

/** The whole answer. @throws HubProblem */
export const call = async <T>(path: string, options: Call): Promise<T> => (await versioned<T>(path, options)).body;

/** Both forms: the contract's envelope and the native problem. */
export function problemOf(status: number, text: string): HubProblem {
  try {
    const body = JSON.parse(text) as {
      code?: unknown;
      type?: unknown;
      title?: string;
      detail?: string;
      errors?: { message?: string }[];
    };
    const type = typeof body.type === 'string' ? (body.type.split('/').pop() ?? '') : '';
    const code = typeof body.code === 'string' ? body.code : type;
    return new HubProblem(status, code, body.detail ?? body.title ?? body.errors?.[0]?.message ?? '');
  } catch {
    return new HubProblem(status, '', text.slice(0, 200));
  }
}
