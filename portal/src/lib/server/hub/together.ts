/**
 * What a page asks the hub at one moment, in one call: each answer is as if it had been asked alone. A page's five to ten
 * calls cost both sides more than making the page did (decision 033).
 */
import { type Call, call, HubProblem, problemOf, type Versioned, versioned } from './call.ts';

/** The hub takes so many in one call. */
const MOST = 12;

interface Asked {
  method: 'GET' | 'PUT';
  path: string;
}

interface Waiting extends Asked {
  resolve(answer: Versioned<never>): void;
  reject(error: unknown): void;
}

interface Answered {
  status: number;
  etag: string | null;
  body: unknown;
}

/** By token: one agent and one organisation each. */
const waiting = new Map<string, Waiting[]>();

export function askVersioned<T>(path: string, { token, method }: Pick<Call, 'token'> & { method?: 'GET' | 'PUT' }) {
  return new Promise<Versioned<T>>((resolve, reject) => {
    const one: Waiting = { path, method: method ?? 'GET', resolve, reject };
    const others = waiting.get(token);
    if (others !== undefined) {
      others.push(one);
      return;
    }
    waiting.set(token, [one]);
    // After all that the page begins at this moment, before anything that is read.
    setImmediate(() => flush(token));
  });
}

/** @throws HubProblem */
export const ask = async <T>(path: string, options: Parameters<typeof askVersioned>[1]): Promise<T> =>
  (await askVersioned<T>(path, options)).body;

function flush(token: string): void {
  const all = waiting.get(token) ?? [];
  waiting.delete(token);
  for (let from = 0; from < all.length; from += MOST) void send(token, all.slice(from, from + MOST));
}

async function send(token: string, group: readonly Waiting[]): Promise<void> {
  const [first] = group as [Waiting];
  try {
    if (group.length === 1) {
      first.resolve(await versioned<never>(first.path, { token, method: first.method }));
      return;
    }
    const calls = group.map(({ method, path }): Asked => ({ method, path }));
    const body = { calls };
    const { answers } = await call<{ answers: Answered[] }>('/relais/v1/calls', { token, method: 'POST', body });
    for (const [index, one] of group.entries()) settle(one, answers[index]);
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

function settle({ resolve, reject }: Waiting, answer: Answered | undefined): void {
  if (answer === undefined) reject(new HubProblem(503, 'unreachable', 'an answer is missing'));
  else if (answer.status >= 300) reject(problemOf(answer.status, JSON.stringify(answer.body)));
  else resolve({ body: answer.body as never, etag: answer.etag ?? '' });
}
