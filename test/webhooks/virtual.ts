import { Courier, type Hold } from '#api/webhooks/courier.ts';
import type { Desk } from '#api/webhooks/desk.ts';
import type { Called } from '#api/webhooks/outbound.ts';
import { WebhookSecrets } from '#api/webhooks/secrets.ts';
import { Slots } from '#api/webhooks/slots.ts';
import type { Command } from '#engine/domain/commands.ts';
import { type Id, KIND } from '#engine/domain/ids.ts';
import { cursorOf } from '#engine/domain/records/feed.ts';
import { consumersName, recipientName, webhookName } from '#engine/domain/records/names.ts';
import { type WebhookState, webhookConsumer } from '#engine/domain/records/webhook.ts';
import { HERE, NOON, TOWN } from '#test/domain/samples.ts';
import { testId, World } from '#test/domain/world.ts';

export const DELIVERED: Called = { outcome: 'delivered', status: 200, retryAfterMs: null, text: '' };
export const REFUSED: Called = { outcome: 'refused', status: 500, retryAfterMs: null, text: '' };

/** A call as it was made. */
export interface Made {
  at: number;
  position: number;
  id: string;
  outcome: Called['outcome'];
}

/** Real couriers before the domain's own records, with a clock that only a test moves: three days pass in no time. */
export class Virtual {
  readonly world = new World();
  readonly made: Made[] = [];
  /** why it was paused by itself, each time */
  readonly pauses: string[] = [];
  readonly id: Id = testId(KIND.other, HERE, NOON);
  /** what the receiver answers from now on */
  answer: (position: number) => Called = () => DELIVERED;
  /** what becomes of the next request to the hub */
  fate: 'done' | 'lost before' | 'lost after' = 'done';
  #timers: { due: number; work: () => void }[] = [];
  #secrets = new WebhookSecrets(Buffer.alloc(32, 1));
  #courier: Courier | undefined;
  #epoch = 0;

  constructor(processes: string[] | null = null) {
    const { sealed, publicKey } = this.#secrets.make(this.id);
    this.ask({
      kind: 'webhook.create',
      id: this.id,
      org: TOWN,
      url: 'https://mairie.example/',
      processes,
      email: 'mairie@commune.test',
      secret: { sealed, publicKey },
      after: null,
    });
  }

  get webhook(): WebhookState {
    return this.world.get(HERE, webhookName(this.id)) as WebhookState;
  }

  get cursor(): number | null {
    return cursorOf(this.world.get(HERE, consumersName(TOWN)), webhookConsumer(this.id))?.acknowledged ?? null;
  }

  get delivered(): number[] {
    return this.made.filter(({ outcome }) => outcome === 'delivered').map(({ position }) => position);
  }

  ask(command: Command) {
    return this.world.ask(HERE, command);
  }

  /** Another process takes over; what the one before it knew is gone. */
  async takeOver(): Promise<void> {
    this.#epoch += 1;
    const courier = `courier ${this.#epoch}`;
    this.#timers = [];
    const place = { id: this.id, org: TOWN, version: 1 };
    this.world.advance(this.world.now + 10_000);
    const { body } = this.ask({ kind: 'courier.claim', courier, leaseMs: 10_000 });
    const { epoch } = body as { epoch: number };
    const hold: Hold = { partition: HERE, epoch, mayCall: () => true, lost: () => undefined };
    this.#courier = new Courier(place, hold, this.#desk(courier));
    await this.#courier.start();
    await this.settled();
  }

  /** The courier waits for time to pass. */
  async settled(): Promise<void> {
    while (this.#timers.length === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets time pass, one wait after the other. */
  async pass(ms: number): Promise<void> {
    const until = this.world.now + ms;
    for (;;) {
      await this.settled();
      const [next] = this.#timers;
      if (next === undefined || next.due > until) break;
      this.world.advance(next.due);
      this.#timers = [];
      next.work();
    }
    this.world.advance(until);
  }

  wake(): void {
    this.#timers = [];
    this.#courier?.wake(0);
  }

  #desk(courier: string): Desk {
    const { world } = this;
    return {
      courier,
      ask: async (_, command) => {
        const { fate } = this;
        this.fate = 'done';
        if (fate === 'lost before') throw new Error('no answer');
        const answer = this.ask(command);
        if (fate === 'lost after') throw new Error('no answer');
        return answer;
      },
      news: { follow: async () => () => undefined } as never,
      feeds: {
        read: async (org, after, limit) => {
          const recipient = world.get(HERE, recipientName(org));
          const last = recipient?.sequence ?? 0;
          const kept = recipient?.feed?.kept ?? last + 1;
          const processes = new Map(Object.entries(recipient?.boxes ?? {}).map(([process, box]) => [box, process]));
          const entries = world.feed(org).filter(({ sequence }) => sequence > after);
          const read = entries.slice(0, limit);
          return {
            kept,
            last,
            processes,
            migrated: 0,
            entries: read,
            next: Math.max(after + 1, kept) + read.length - 1,
            holder: undefined,
          };
        },
      },
      find: async () => ({ webhook: this.webhook, cursor: this.cursor }),
      outbound: {
        call: async ({ headers, body }) => {
          const position = Number(JSON.parse(body).sequence);
          const called = this.answer(position);
          this.made.push({ at: world.now, position, id: headers['webhook-id'] ?? '', outcome: called.outcome });
          return called;
        },
        close: () => undefined,
      },
      secrets: this.#secrets,
      slots: new Slots(),
      clock: {
        now: () => world.now,
        after: (ms, work) => {
          const timer = { due: world.now + ms, work };
          this.#timers.push(timer);
          return () => {
            this.#timers = this.#timers.filter((one) => one !== timer);
          };
        },
      },
      jitter: () => 0.5,
      mailOf: () => null,
      count: () => undefined,
      paused: (reason) => this.pauses.push(reason),
      onTrouble: () => undefined,
    };
  }
}
