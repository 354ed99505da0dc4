import { randomUUID } from 'node:crypto';
import { depositBody } from './native.ts';
import type { Town } from './town.ts';
import { Wire } from './wire.ts';

export interface DepositingTo {
  url: string;
  /** the sender's */
  token: string;
  towns: readonly Town[];
  /** connections */
  lanes: number;
  fileBytes: number;
}

const SHOWN = 300;

/** Deposits in one call, each lane on its connection to towns of its own, so that what a town gets of it has an order. */
export class Depositing {
  /** case ids by town, in the order they were answered in */
  readonly answered = new Map<number, string[]>();
  readonly #to: DepositingTo;
  readonly #wires: readonly Wire[];
  readonly #fixed: string;
  readonly #bodies: ReturnType<typeof depositBody>;
  readonly #next: number[];

  private constructor(to: DepositingTo, wires: readonly Wire[]) {
    this.#to = to;
    this.#wires = wires;
    this.#fixed = `Authorization: Bearer ${to.token}\r\nContent-Type: application/json\r\n`;
    this.#bodies = depositBody(to.fileBytes);
    this.#next = wires.map((_, lane) => lane);
  }

  static async open(to: DepositingTo): Promise<Depositing> {
    return new Depositing(to, await Promise.all(Array.from({ length: to.lanes }, () => Wire.open(to.url))));
  }

  /** Resolves when the recipient can read it; false: refused. */
  async one(lane: number): Promise<boolean> {
    const { towns, lanes } = this.#to;
    const town = this.#next[lane] as number;
    this.#next[lane] = town + lanes < towns.length ? town + lanes : lane % towns.length;
    const headers = `${this.#fixed}Idempotency-Key: ${randomUUID()}\r\n`;
    const body = this.#bodies((towns[town % towns.length] as Town).identity);
    const answer = await (this.#wires[lane] as Wire).send('POST', '/relais/v1/folders', headers, body);
    if (answer.status !== 201) {
      console.error(`${answer.status} ${answer.body.toString().slice(0, SHOWN)}`);
      return false;
    }
    const { cases } = JSON.parse(answer.body.toString()) as { cases: [{ id: string }] };
    const told = this.answered.get(town % towns.length);
    if (told) told.push(cases[0].id);
    else this.answered.set(town % towns.length, [cases[0].id]);
    return true;
  }

  close(): void {
    for (const wire of this.#wires) wire.close();
  }
}
