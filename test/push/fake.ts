import { setImmediate as turn } from 'node:timers/promises';
import { Registry } from 'prom-client';
import type { Admitted } from '#api/auth/auth.ts';
import { Readers } from '#api/feed/readers.ts';
import { Push, type PushDeps } from '#api/push/push.ts';
import type { Peer, Session } from '#api/server/peer.ts';
import type { FeedPage } from '#engine/client/feed.ts';
import { derive, type Id, KIND, newId } from '#engine/domain/ids.ts';
import type { FeedEntry } from '#engine/domain/records/feed.ts';
import { PushCounts } from '#engine/telemetry/push.ts';
import type { Json } from '#test/contract/wire.ts';

/** The protocol without network, Redis or engine: a feed in memory, a clock that stands still, peers that read or do not. */

export const ORG = 'SI-21770001000019-77372';
const HOLDER = 'this process';
const FOLDER = newId(KIND.folder, 3, 0);
const caseOf = (number: number): Id => derive(FOLDER, KIND.case, 3, number);

export class FakePeer implements Peer {
  readonly frames: Json[] = [];
  buffered = 0;
  /** bytes each text adds to what is not read */
  unread = 0;
  closing: { code: number; reason: string } | undefined;
  session: Session | undefined;

  send(text: string): void {
    this.frames.push(JSON.parse(text));
    this.buffered += this.unread * text.length;
  }

  close(code: number, reason: string): void {
    if (this.closing) return;
    this.closing = { code, reason };
    this.session?.closed();
  }

  say(frame: Json): void {
    this.session?.receive(JSON.stringify(frame));
  }

  get sequences(): number[] {
    return this.frames.flatMap(({ events = [] }) => events.map(({ sequence }: Json) => Number(sequence)));
  }
}

export class FakeHub {
  readonly entries: FeedEntry[] = [];
  readonly asked: Json[] = [];
  cursor: { acknowledged: number; holder?: string } | undefined;
  ms = 0;
  kept = 1;
  lapsed: 'expired' | 'revoked' | undefined;
  readonly push: Push;
  readonly #followers = new Set<() => void>();

  constructor() {
    const hub = {
      now: () => this.ms,
      referential: { fresh: async () => undefined },
      holders: { id: HOLDER, begin: async () => undefined, alive: async () => true },
      news: {
        follow: async (_org: string, onNews: () => void) => {
          this.#followers.add(onNews);
          return () => this.#followers.delete(onNews);
        },
      },
      feeds: { read: this.#read, cursor: async () => this.cursor },
      ask: this.#ask,
    };
    const deps = {
      hub,
      readers: new Readers(hub as never),
      auth: { admit: (): Admitted => this.#admitted(), lapsed: () => this.lapsed },
      log: { warn: () => undefined },
      counts: PushCounts.of(new Registry()),
      acknowledgeMs: 1,
    };
    this.push = new Push(deps as unknown as PushDeps);
  }

  /** So many entries more, of so many cases in turn. */
  write(count: number, cases = count): void {
    const first = this.entries.length;
    for (let n = 0; n < count; n += 1) {
      const rest = { ms: 1, type: 'event', box: 1, event: null, status: null } as const;
      this.entries.push({ ...rest, sequence: first + n + 1, case: caseOf((first + n) % cases) });
    }
    for (const tell of this.#followers) tell();
  }

  /** A connection whose opening is done, or refused. */
  async connect(frame: Json = {}): Promise<FakePeer> {
    const peer = new FakePeer();
    peer.session = this.push.accept(peer, 'Bearer x');
    peer.say({ type: 'open', consumer: 'un', ...frame });
    await until(() => peer.frames.length > 0 || peer.closing !== undefined);
    return peer;
  }

  #admitted(): Admitted {
    const caller = { scope: 'SI', org: ORG, process: 'P' } as const;
    return { caller, client: 'client', scope: 'SI', rights: ['read', 'write'], issued: 0, expires: 1_000 };
  }

  #read = async (_org: string, after: number, limit: number): Promise<FeedPage> => {
    const last = this.entries.length;
    const entries = this.entries.filter(({ sequence }) => sequence > after && sequence >= this.kept).slice(0, limit);
    const next = entries.at(-1)?.sequence ?? after;
    return {
      kept: this.kept,
      last,
      processes: new Map([[1, 'P']]),
      entries,
      next,
      holder: this.cursor?.holder,
      migrated: 0,
    };
  };

  #ask = async (_partition: number, command: Json) => {
    this.asked.push(command);
    await turn();
    if (command.kind === 'feed.hold') {
      this.cursor = { acknowledged: command.after ?? this.cursor?.acknowledged ?? 0, holder: HOLDER };
      return { status: 200, body: this.cursor };
    }
    if (this.cursor?.holder !== HOLDER) return { status: 409 };
    if (command.kind === 'feed.acknowledge')
      this.cursor.acknowledged = Math.max(this.cursor.acknowledged, command.upTo);
    else this.cursor = { acknowledged: this.cursor.acknowledged };
    return { status: 200 };
  };
}

const TURNS = 100_000;
/** Lets everything else go on until it is so. */
export async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < TURNS; n += 1) {
    if (holds()) return;
    await turn();
  }
  throw new Error(`never so: ${holds}`);
}

/** Lets whatever can still happen happen. */
export async function quiet(): Promise<void> {
  for (let n = 0; n < 50; n += 1) await turn();
}
