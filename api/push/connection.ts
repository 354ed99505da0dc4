import { cloudEvent } from '#api/answers/cloudevent.ts';
import type { Admitted } from '#api/auth/auth.ts';
import type { FeedItem } from '#api/feed/reader.ts';
import { dateText } from '#api/schemas/dates.ts';
import { type ClientFrame, DEFAULT_CREDIT, type HubFrame } from '#api/schemas/push.ts';
import type { Peer, Session } from '#api/server/peer.ts';
import { CLOSE, type Closing } from './codes.ts';
import type { Consumer } from './consumer.ts';
import { frameText, readFrame } from './frames.ts';
import type { Taker } from './ledger.ts';

/** What a client has not read beyond which it gets no more events, bytes. */
const UNREAD_BYTES = 64 * 1024;
/** Events of one frame: some 25 kB, and the client can begin before the last one is written. */
const EVENTS_PER_FRAME = 50;
/** Time given to the first frame, ms. */
const OPEN_MS = 5_000;
/** Frames between two looks (push.ts): ten times what the fastest honest client sends. */
const FRAMES = 50_000;

type Opening = Extract<ClientFrame, { type: 'open' }>;

/** What a connection asks of the process it is to. */
export interface Desk {
  /** @throws Refused when the token is not good */
  admit(authorization: string): Promise<Admitted>;
  /** Finds the reader the connection is for, and has it join. @throws Refused */
  open(connection: Connection, claims: Admitted, frame: Opening): Promise<Consumer>;
  renewable(connection: Connection, claims: Admitted): boolean;
  /** why the connection is closed when this was thrown */
  blame(error: unknown): Closing;
  left(connection: Connection, why: Closing | undefined): void;
  counted(what: 'sent' | 'acknowledged', events: number): void;
}

/** One connection of `/relais/v1/push`: opened by its first frame, then events one way and acknowledgements the other. */
export class Connection implements Session, Taker {
  /** undefined until the token is accepted */
  claims: Admitted | undefined;
  /** no longer there: nothing is done for it any more */
  gone = false;
  readonly #peer: Peer;
  readonly #desk: Desk;
  readonly #authorization: string;
  readonly #begun: number;
  #state: 'new' | 'opening' | 'open' = 'new';
  #consumer: Consumer | undefined;
  #credit = DEFAULT_CREDIT;
  #flowing = true;
  #frames = 0;
  /** sequence of the furthest event sent */
  #furthest = 0;
  #why: Closing | undefined;

  constructor(peer: Peer, desk: Desk, authorization: string, now: number) {
    this.#peer = peer;
    this.#desk = desk;
    this.#authorization = authorization;
    this.#begun = now;
  }

  get credit(): number {
    return this.#flowing ? this.#credit : 0;
  }

  receive(text: string): void {
    if (this.gone) return;
    this.#frames += 1;
    const frame = readFrame(text);
    if (frame?.type === 'ping') this.#send({ type: 'pong' });
    else if (frame?.type === 'open' && this.#state === 'new') void this.#open(frame);
    else if (frame === undefined || frame.type === 'open' || this.#state !== 'open') this.close(CLOSE.malformed);
    else if (frame.type === 'acknowledge') this.#acknowledge(frame.position);
    else if (frame.type === 'renew') void this.#renew(frame.token);
    else {
      this.#credit = frame.credit;
      this.#consumer?.stir();
    }
  }

  drained(): void {
    if (this.#flowing || this.#peer.buffered > UNREAD_BYTES / 2) return;
    this.#flowing = true;
    this.#consumer?.stir();
  }

  closed(): void {
    this.gone = true;
    this.#consumer?.leave(this);
    this.#desk.left(this, this.#why);
  }

  close(why: Closing): void {
    if (this.gone) return;
    this.#why = why;
    this.#peer.close(why.code, why.reason);
  }

  /** Now and then: closes a connection that never opened, or sends without measure. @param now ms */
  tend(now: number): void {
    if (this.#state === 'new' && now - this.#begun > OPEN_MS) this.close(CLOSE.silent);
    if (this.#frames > FRAMES) this.close(CLOSE.tooMany);
    this.#frames = 0;
  }

  /** Events that are this connection's to deal with. */
  events(items: readonly FeedItem[]): void {
    const org = this.claims?.caller.org as string;
    for (let from = 0; from < items.length; from += EVENTS_PER_FRAME) {
      const events = items.slice(from, from + EVENTS_PER_FRAME).map((item) => cloudEvent(org, item));
      this.#send({ type: 'events', events } as HubFrame);
    }
    for (const { sequence } of items) this.#furthest = Math.max(this.#furthest, sequence);
    this.#desk.counted('sent', items.length);
    if (this.#peer.buffered > UNREAD_BYTES) this.#flowing = false;
  }

  /** The reader's cursor is on disk. */
  acknowledged(position: number): void {
    this.#send({ type: 'acknowledged', position });
  }

  /** The reader has taken this connection in: its events may follow at once. */
  opened(consumer: string, position: number, last: number): void {
    this.#state = 'open';
    const expires = dateText(this.claims?.expires as number);
    this.#send({ type: 'opened', consumer, position, last, credit: this.#credit, expires });
  }

  async #open(frame: Opening): Promise<void> {
    this.#state = 'opening';
    this.#credit = frame.credit ?? DEFAULT_CREDIT;
    try {
      const authorization = frame.token === undefined ? this.#authorization : `Bearer ${frame.token}`;
      const claims = await this.#desk.admit(authorization);
      if (this.gone) return;
      this.claims = claims;
      this.#consumer = await this.#desk.open(this, claims, frame);
      // It went while its reader took it in.
      if (this.gone) this.#consumer.leave(this);
    } catch (error) {
      this.close(this.#desk.blame(error));
    }
  }

  #acknowledge(position: number): void {
    if (position > this.#furthest) this.close(CLOSE.malformed);
    else this.#desk.counted('acknowledged', this.#consumer?.acknowledge(this, position) ?? 0);
  }

  async #renew(token: string): Promise<void> {
    try {
      const claims = await this.#desk.admit(`Bearer ${token}`);
      if (this.gone) return;
      if (this.#desk.renewable(this, claims)) {
        this.claims = claims;
        this.#send({ type: 'renewed', expires: dateText(claims.expires) });
      } else this.close(CLOSE.forbidden);
    } catch (error) {
      this.close(this.#desk.blame(error));
    }
  }

  #send(frame: HubFrame): void {
    if (!this.gone) this.#peer.send(frameText(frame));
  }
}
