/**
 * Activated records of one partition, least recently written first out (an order by reads would cost two map
 * operations per read, on the hottest path there is). Between turns a cell keeps the record's text: one flat string
 * instead of some twenty objects that a garbage collection would copy again and again. The state decoded from it lives
 * for one turn.
 * Every state is persisted by the turn that made it, so passivation is forgetting. The whole map goes when the
 * partition is lost or a call's outcome is unknown.
 */
interface Cell {
  text: string | undefined;
  /** undefined: there is no such record, when there is no text either */
  state: unknown;
  bytes: number;
}

/** Map entry, key and cell. */
const OVERHEAD_BYTES = 200;
/** Small and hot: a recipient's mailbox and the counters change at every turn, and stay decoded. */
const KEPT_DECODED = new Set(['o', 'n', 'x']);

/** Looked at once: forgotten with the turn. */
const PASSING = 'i';

/** State of a record whose text cannot be read: its messages fail, its neighbours' do not. */
export class Unreadable {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

export class Cells {
  readonly #cells = new Map<string, Cell>();
  /** decoded in this turn */
  readonly #warm: Cell[] = [];
  readonly #passing: string[] = [];
  readonly #budget: number;
  readonly #decode: (name: string, text: string) => unknown;
  #bytes = 0;

  /** @param budget bytes this partition's cells may take */
  constructor(budget: number, decode: (name: string, text: string) => unknown) {
    this.#budget = budget;
    this.#decode = decode;
  }

  get size(): number {
    return this.#cells.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(name: string): boolean {
    return this.#cells.has(name);
  }

  /** The state of a record in memory; undefined when there is no such record, Unreadable when its text is damaged. */
  get(name: string): unknown {
    const cell = this.#cells.get(name);
    if (cell === undefined || cell.text === undefined || cell.state !== undefined) return cell?.state;
    try {
      cell.state = this.#decode(name, cell.text);
    } catch (error) {
      cell.state = new Unreadable(error);
    }
    this.#warm.push(cell);
    return cell.state;
  }

  /** A record as stored: null when there is none, which is worth remembering too. */
  load(name: string, text: string | null): void {
    if (name[0] === PASSING) this.#passing.push(name);
    this.#set(name, text ?? undefined, undefined, text?.length ?? 0);
  }

  /** A record just written, or decoded elsewhere. */
  set(name: string, state: unknown, text: string): void {
    if (KEPT_DECODED.has(name[0] as string) || state === undefined) this.#set(name, undefined, state, text.length);
    else this.#set(name, text, undefined, text.length);
  }

  forget(name: string): void {
    const cell = this.#cells.get(name);
    if (cell === undefined) return;
    this.#cells.delete(name);
    this.#bytes -= cell.bytes;
  }

  /** Some of them hold what was not written. */
  clear(): void {
    this.#cells.clear();
    this.#warm.length = 0;
    this.#passing.length = 0;
    this.#bytes = 0;
  }

  /** Called between turns only: a turn's own records must stay while it is decided. */
  rest(): void {
    for (const cell of this.#warm) if (cell.text !== undefined) cell.state = undefined;
    this.#warm.length = 0;
    for (const name of this.#passing) this.forget(name);
    this.#passing.length = 0;
    if (this.#bytes <= this.#budget) return;
    for (const [name, cell] of this.#cells) {
      this.#cells.delete(name);
      this.#bytes -= cell.bytes;
      if (this.#bytes <= this.#budget) return;
    }
  }

  #set(name: string, text: string | undefined, state: unknown, length: number): void {
    const bytes = length + name.length + OVERHEAD_BYTES;
    const known = this.#cells.get(name);
    this.#bytes += bytes - (known?.bytes ?? 0);
    if (known === undefined) this.#cells.set(name, { text, state, bytes });
    else {
      known.text = text;
      known.state = state;
      known.bytes = bytes;
    }
  }
}
