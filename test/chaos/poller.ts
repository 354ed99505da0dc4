import type { Random } from '../sim/random.ts';
import type { Caller } from './caller.ts';
import { acknowledged, type News } from './history.ts';

/** A reader of a feed that asks page after page, and says now and then how far it has dealt with it. */
export const FEED = '/relais/v1/feed';
const CONSUMER = 'chaos-poll';
const LIMIT = 50;
/** Longest wait for news. s */
const WAIT_S = 1;
/** Pages that it forgets as if it had died with them. */
const FORGOTTEN = 1 / 6;
/** What is left is read and dealt with by then. ms */
const FINISH_MS = 40_000;

interface CloudEvent {
  sequence: string;
  id: string;
  type: string;
  data: { caseId: string; eventId?: string };
}

export const newsOf = ({ sequence, id, type, data }: CloudEvent): News => ({
  sequence: Number(sequence),
  id,
  type,
  case: data.caseId,
  event: data.eventId ?? null,
});

export const pageOf = (body: Buffer): News[] => (JSON.parse(body.toString()) as CloudEvent[]).map(newsOf);

export class Poller {
  readonly #who: number;
  readonly #caller: Caller;
  readonly #random: Random;

  constructor(who: number, caller: Caller, random: Random) {
    this.#who = who;
    this.#caller = caller;
    this.#random = random;
  }

  async work(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const news = await this.#page(WAIT_S);
      if (news === undefined || news.length === 0 || this.#random.chance(FORGOTTEN)) continue;
      // The whole page, or the part of it that it came to deal with.
      const part = this.#random.chance(1 / 2) ? news.length : 1 + this.#random.below(news.length);
      await this.#acknowledge(news[part - 1] as News);
    }
  }

  /** Everything that is left, once nobody writes any more. */
  async finish(): Promise<void> {
    for (const deadline = performance.now() + FINISH_MS; performance.now() < deadline; ) {
      const news = await this.#page(0);
      if (news?.length === 0) return;
      if (news !== undefined) await this.#acknowledge(news.at(-1) as News);
    }
  }

  async #page(wait: number): Promise<News[] | undefined> {
    const path = `${FEED}?consumer=${CONSUMER}&limit=${LIMIT}&wait=${wait}`;
    const answer = await this.#caller.ask(
      { kind: 'feed', who: this.#who, reader: 'poll' },
      { method: 'GET', path },
      ({ body }) => ({ news: pageOf(body) }),
    );
    return acknowledged(answer) ? pageOf(answer.body) : undefined;
  }

  async #acknowledge({ sequence: position }: News): Promise<void> {
    const call = { method: 'PUT', path: `${FEED}/consumers/${CONSUMER}`, type: 'application/json' };
    const body = JSON.stringify({ position });
    await this.#caller.ask({ kind: 'acknowledge', who: this.#who, reader: 'poll', position }, { ...call, body });
  }
}
