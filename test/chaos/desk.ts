import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../sim/random.ts';
import type { Caller } from './caller.ts';
import { acknowledged, type Note } from './history.ts';

/** A partner's desk: lists its notifications, answers new cases with a status, deletes what it has read. */
const API = '/teledossiers/v1';
/** News of one list; those kept come besides. */
export const NEWS = 100;
/** Between two looks at the list. ms */
const LOOK_MS = 50;
/** Some notifications stay, so that order and repetition show at the end. */
const KEPT = 1 / 12;
/** Cases that a town answers at once. */
const ANSWERED = 1 / 3;
/** The statuses a town gives a case, one after the other. */
const STATUSES = ['IN_PROGRESS', 'DONE'];
/** Deletions of the sender's desk under way at once: every town tells it something. */
export const HANDS = 4;

interface Listed {
  id: string;
  caseId: string;
  eventId: string | null;
}

export const notesOf = (body: Buffer): Note[] =>
  (JSON.parse(body.toString()) as Listed[]).map((one) => ({ id: one.id, case: one.caseId, event: one.eventId }));

export class Desk {
  readonly #who: number;
  readonly #hands: readonly Caller[];
  readonly #random: Random;
  readonly #read = new Set<string>();
  #kept = 0;

  /** @param hands the first lists; all delete */
  constructor(who: number, hands: readonly Caller[], random: Random) {
    this.#who = who;
    this.#hands = hands;
    this.#random = random;
  }

  async work(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const news = await this.#list();
      await Promise.all(
        this.#hands.map(async (caller, hand) => {
          for (let at = hand; at < news.length && !over.aborted; at += this.#hands.length)
            await this.#treat(caller, news[at] as Note);
        }),
      );
      await pause(LOOK_MS);
    }
  }

  async #list(): Promise<Note[]> {
    const path = `${API}/notifications?maxResult=${this.#kept + NEWS}`;
    const answer = await (this.#hands[0] as Caller).ask(
      { kind: 'list', who: this.#who },
      { method: 'GET', path },
      ({ body }) => ({ list: notesOf(body) }),
    );
    return acknowledged(answer) ? notesOf(answer.body).filter(({ id }) => !this.#read.has(id)) : [];
  }

  async #treat(caller: Caller, note: Note): Promise<void> {
    this.#read.add(note.id);
    if (note.event === null && this.#random.chance(ANSWERED)) await this.#answer(caller, note.case);
    if (this.#random.chance(KEPT)) {
      this.#kept += 1;
      return;
    }
    const path = `${API}/notifications/${note.id}`;
    const deleted = await caller.ask({ kind: 'delete', who: this.#who, note }, { method: 'DELETE', path });
    // It may still be there.
    if (!acknowledged(deleted)) this.#kept += 1;
  }

  /** Not repeated when nothing is answered: it would be another event. */
  async #answer(caller: Caller, id: string): Promise<void> {
    for (const caseStatus of STATUSES) {
      const body = JSON.stringify({ actionType: 'STATUS_UPDATE', notification: true, caseNewStatus: caseStatus });
      const answer = await caller.ask(
        { kind: 'event', who: this.#who, case: id, caseStatus },
        { method: 'POST', path: `${API}/cases/${id}/events`, type: 'application/json', body },
        (told) => ({ event: (JSON.parse(told.body.toString()) as { id: string }).id }),
      );
      if (!acknowledged(answer)) return;
    }
  }
}
