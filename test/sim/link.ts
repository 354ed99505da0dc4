import type { Client } from '#engine/redis/connect.ts';
import type { Clockwork, Owner } from './clockwork.ts';
import type { Reply } from './wire.ts';

/** How long a caller waits for Redis, ms: as the product's connections do. */
const CALL_DEADLINE_MS = 5_000;

/** A command a process has sent: executed or not, answered or not. */
export interface Operation {
  readonly method: string;
  readonly args: readonly (string | number)[];
  /** what Redis answered, once executed */
  reply: Reply | undefined;
  executed: boolean;
  /** the process knows an outcome, or is gone */
  settled: boolean;
  /** the caller gave it up while it may still lie before the server: it may be executed whenever */
  late: boolean;
  settle(reply: Reply): void;
}

/** One connection of a simulated process: commands are executed in their order, replies come in theirs. */
export class Link {
  readonly owner: Owner;
  readonly name: string;
  /** sent, not executed */
  sent: Operation[] = [];
  /** executed, not answered */
  replies: Operation[] = [];
  readonly client: Client;
  readonly #clockwork: Clockwork;

  constructor(owner: Owner, name: string, clockwork: Clockwork) {
    this.owner = owner;
    this.name = name;
    this.#clockwork = clockwork;
    this.client = new Proxy({} as Client, {
      get: (_, method) =>
        typeof method === 'symbol' || method === 'then'
          ? undefined
          : (...args: (string | number | (string | number)[])[]) => this.#send(method, args.flat()),
    });
  }

  #send(method: string, args: (string | number)[]): Promise<unknown> {
    if (!this.owner.alive) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      const operation: Operation = {
        method,
        args,
        reply: undefined,
        executed: false,
        settled: false,
        late: false,
        settle: (reply) => {
          if (operation.settled) return;
          operation.settled = true;
          this.#clockwork.cancel(deadline);
          if (reply instanceof Error) reject(reply);
          else resolve(method === 'hgetall' ? pairs(reply as string[]) : reply);
        },
      };
      const deadline = this.#clockwork.after(
        CALL_DEADLINE_MS,
        () => {
          operation.late = !operation.executed;
          operation.settle(new Error('Command timed out'));
        },
        undefined,
        this.owner,
      );
      this.sent.push(operation);
    });
  }
}

/** As the client of the product answers HGETALL. */
function pairs(flat: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) found[flat[i] as string] = flat[i + 1] as string;
  return found;
}
