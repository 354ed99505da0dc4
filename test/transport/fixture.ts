import { pino } from 'pino';
import { Budget } from '#api/server/budget.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Limits } from '#api/server/limits.ts';
import type { Route } from '#api/server/types.ts';
import { Server } from '#api/server.ts';
import { RIGHTS, type Role } from '#engine/domain/records/client.ts';

const MB = 1024 * 1024;

/** The token is the scope's name: `Bearer OSL`. */
export const as = (scope: Role): Record<string, string> => ({ Authorization: `Bearer ${scope}` });

export class Fixture {
  readonly server: Server;
  readonly uploads: Budget;
  readonly faults: string[] = [];
  readonly lines: Record<string, unknown>[] = [];
  /** how often the referential was looked at */
  fresh = 0;
  now = 0;
  port = 0;

  constructor(routes: readonly Route[], limits: Partial<Limits> = {}, uploadBytes = 256 * MB) {
    this.uploads = new Budget(uploadBytes);
    const log = pino({ level: 'debug' }, { write: (line: string) => this.#line(line) });
    const gate = {
      fresh: async () => {
        this.fresh += 1;
      },
      auth: {
        authenticate: (authorization: string) => {
          const scope = authorization.split(' ')[1];
          if (scope === undefined) throw new HttpError(401, 'Missing Credentials', 900902);
          if (scope === 'bad') throw new HttpError(401, 'Invalid Credentials', 900901);
          const caller = { scope: scope as Role, org: 'OSL-13002526500013-00000' };
          return { caller, client: 'c1', scope: scope as Role, rights: RIGHTS };
        },
        confirm: () => {
          throw new Error('only agents are confirmed');
        },
      },
    };
    const clock = () => this.now;
    this.server = new Server({ routes, gate, log, uploads: this.uploads, limits, clock });
  }

  static async start(routes: readonly Route[], limits: Partial<Limits> = {}, uploadBytes?: number): Promise<Fixture> {
    const fixture = new Fixture(routes, limits, uploadBytes);
    fixture.port = await fixture.server.listen('127.0.0.1', 0);
    return fixture;
  }

  /** Lets the fixture's time pass, and the server look at its deadlines. */
  pass(ms: number): void {
    this.now += ms;
    this.server.sweep();
  }

  #line(text: string): void {
    const line = JSON.parse(text) as Record<string, unknown>;
    this.lines.push(line);
    if (line['msg'] === 'http.fault')
      this.faults.push(String((line['err'] as { message: string } | undefined)?.message));
  }
}

/** Turns of the event loop given to something that is on its way: no time is waited for. */
const TURNS = 200_000;

export async function until(what: () => boolean): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    if (what()) return;
    await new Promise(setImmediate);
  }
  throw new Error(`never true: ${what}`);
}

const STILL_TURNS = 500;

/** Waits until a count has stopped changing, over many turns of the event loop; gives it. */
export async function settled(count: () => number): Promise<number> {
  let [last, still] = [count(), 0];
  await until(() => {
    const now = count();
    still = now === last ? still + 1 : 0;
    last = now;
    return still === STILL_TURNS;
  });
  return last;
}

export const route = (part: Partial<Route> & Pick<Route, 'method' | 'path' | 'handler'>): Route => ({
  scopes: 'public',
  summary: 'a route of a test',
  ...part,
});
