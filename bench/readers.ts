import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger } from './ledger.ts';
import { spread } from './measure.ts';
import { Patience } from './patience.ts';
import { Wire } from './wire.ts';

/** What the API gives at once, at most. */
const PAGE = 250;
const CONSUMER = '/relais/v1/feed/consumers/banc';
const MS = 1_000;

interface Entry {
  subject: string;
  sequence: string;
}

/** Software of towns that read their feeds from time to time, and acknowledge page by page. */
export class Readers {
  readonly #tokens: readonly string[];
  readonly #wires: readonly Wire[];
  readonly #positions: number[];
  readonly #ledger: Ledger;
  readonly #patience = new Patience();
  #over = false;
  polls = 0;
  pages = 0;
  /** entries that were not the next one of their feed */
  gaps = 0;

  private constructor(tokens: readonly string[], wires: readonly Wire[], ledger: Ledger) {
    this.#tokens = tokens;
    this.#wires = wires;
    this.#positions = tokens.map(() => 0);
    this.#ledger = ledger;
  }

  static async open(url: string, tokens: readonly string[], lanes: number, ledger: Ledger): Promise<Readers> {
    const wires = await Promise.all(Array.from({ length: lanes }, () => Wire.open(url)));
    return new Readers(tokens, wires, ledger);
  }

  /** requests refused for now, and repeated */
  get repeated(): number {
    return this.#patience.repeated;
  }

  /** Each town once every so many seconds, until it is told to stop. */
  async run(everySeconds: number): Promise<void> {
    const begun = performance.now();
    const each = (everySeconds * MS) / this.#tokens.length;
    let next = 0;
    await Promise.all(
      this.#wires.map(async (wire) => {
        while (!this.#over) {
          const turn = next;
          next += 1;
          const early = begun + turn * each - performance.now();
          if (early > 0) await pause(early);
          if (!this.#over) await this.#read(wire, turn % this.#tokens.length);
        }
      }),
    );
  }

  /** Lets `run` end. */
  stop(): void {
    this.#over = true;
  }

  /** Every town once more, as fast as it goes. */
  async drain(): Promise<void> {
    const free = [...this.#wires];
    await spread(this.#tokens.length, free.length, async (town) => {
      const wire = free.pop() as Wire;
      await this.#read(wire, town);
      free.push(wire);
    });
  }

  close(): void {
    for (const wire of this.#wires) wire.close();
  }

  async #read(wire: Wire, town: number): Promise<void> {
    const mine = `Authorization: Bearer ${this.#tokens[town]}\r\n`;
    for (let full = true; full; ) {
      const position = this.#positions[town] as number;
      const page = await this.#patience.send(wire, 'GET', `/relais/v1/feed?after=${position}&limit=${PAGE}`, mine);
      this.polls += 1;
      if (page.status !== 200) throw new Error(`feed: ${page.status} ${page.body}`);
      const entries = JSON.parse(page.body.toString()) as Entry[];
      full = entries.length === PAGE;
      if (entries.length === 0) return;
      for (const [index, { subject, sequence }] of entries.entries()) {
        if (Number(sequence) !== position + 1 + index) this.gaps += 1;
        this.#ledger.seen(subject, town);
      }
      const last = Number(entries.at(-1)?.sequence);
      const json = `${mine}Content-Type: application/json\r\n`;
      const told = await this.#patience.send(wire, 'PUT', CONSUMER, json, `{"position":${last}}`);
      if (told.status !== 200) throw new Error(`acknowledgement: ${told.status} ${told.body}`);
      this.pages += 1;
      this.#positions[town] = last;
    }
  }
}
