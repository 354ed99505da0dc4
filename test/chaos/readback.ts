import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '#bench/wire.ts';
import { type Call, Caller } from './caller.ts';
import type { Country } from './country.ts';
import { notesOf } from './desk.ts';
import { History, type News, type Note, SENDER_DESK } from './history.ts';
import { FEED, pageOf } from './poller.ts';
import { FOLDERS } from './sender.ts';

/** Reads through the API, once all is calm, what the product holds. */
const CASES = '/teledossiers/v1/cases';
const ALL = 1_000_000;
const PAGE = 500;
/** A list or a record must be read, not refused for a moment's reason. */
const TRIES = 100;
const AGAIN_MS = 200;
const BUSY = 503;

export interface CaseSeen {
  externalId?: string;
  status: string;
  events: { id: string; caseNewStatus?: string | null }[];
}

export interface FolderSeen {
  globalStatus: string;
  attachments: { id: string; status: string }[];
}

export class Readback {
  readonly #callers: Map<number, Caller>;

  constructor(url: string, { sender, towns }: Country) {
    const forgotten = new History();
    this.#callers = new Map(towns.map(({ token }, number) => [number, new Caller(url, token, forgotten)]));
    this.#callers.set(SENDER_DESK, new Caller(url, sender, forgotten));
  }

  async list(who: number): Promise<Note[]> {
    const answer = await this.#get(who, `/teledossiers/v1/notifications?maxResult=${ALL}`);
    if (answer.status !== 200) throw new Error(`the list of ${who} is answered with ${answer.status} ${answer.body}`);
    return notesOf(answer.body);
  }

  /** An organisation's whole feed, oldest first. */
  async feed(who: number): Promise<News[]> {
    const feed: News[] = [];
    for (;;) {
      const answer = await this.#get(who, `${FEED}?after=${feed.at(-1)?.sequence ?? 0}&limit=${PAGE}`);
      if (answer.status !== 200) throw new Error(`the feed of ${who} is answered with ${answer.status} ${answer.body}`);
      const page = pageOf(answer.body);
      if (page.length === 0) return feed;
      feed.push(...page);
    }
  }

  async case(who: number, id: string): Promise<CaseSeen | undefined> {
    const answer = await this.#get(who, `${CASES}/${id}`);
    return answer.status === 200 ? (JSON.parse(answer.body.toString()) as CaseSeen) : undefined;
  }

  async folder(id: string): Promise<FolderSeen | undefined> {
    const answer = await this.#get(SENDER_DESK, `${FOLDERS}/${id}`);
    return answer.status === 200 ? (JSON.parse(answer.body.toString()) as FolderSeen) : undefined;
  }

  /** SHA-256 of what is served, hexadecimal; undefined when it is refused or cut. */
  async file(who: number, id: string, file: string): Promise<string | undefined> {
    const call = { method: 'GET', path: `${CASES}/${id}/attachments/${file}` };
    let answer = await this.#caller(who).send(call);
    for (let attempt = 1; answer.status === BUSY && attempt < TRIES; attempt += 1) {
      await pause(AGAIN_MS);
      answer = await this.#caller(who).send(call);
    }
    // One that was cut may have been a connection of the past.
    const sure = answer.status === 0 ? await this.#caller(who).send(call) : answer;
    return sure.status === 200 ? createHash('sha256').update(sure.body).digest('hex') : undefined;
  }

  close(): void {
    for (const caller of this.#callers.values()) caller.close();
  }

  #caller(who: number): Caller {
    return this.#callers.get(who) as Caller;
  }

  async #get(who: number, path: string): Promise<Answer> {
    const call: Call = { method: 'GET', path };
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#caller(who).send(call);
      if ((answer.status !== 0 && answer.status < 500) || attempt === TRIES) return answer;
      await pause(AGAIN_MS);
    }
  }
}
