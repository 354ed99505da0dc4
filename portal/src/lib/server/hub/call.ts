/** One call of the hub's API. Everything the portal does goes through here. */
import { settings } from '#lib/server/settings.ts';

const TIMEOUT_MS = 20_000;

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

/** The raw answer, for files. @throws HubProblem */
export async function open(
  path: string,
  { token, method = 'GET', body, signal, headers: more }: Call,
): Promise<Response> {
  const headers: Record<string, string> = { Authorization: `Bearer ${token}`, ...more };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(`${settings().apiUrl}${path}`, {
      method,
      headers,
      redirect: 'error',
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ?? AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new HubProblem(503, 'unreachable', `${method} ${path.split('?')[0]}: ${(error as Error).message}`);
  }
  if (answer.ok) return answer;
  throw problemOf(answer.status, await answer.text().catch(() => ''));
}

export async function call<T>(path: string, options: Call): Promise<T> {
  const answer = await open(path, options);
  const text = await answer.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

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
