/**
 * Activated records of one partition: decoded states kept in memory between turns, least recently written first out
 * (an order by reads would cost two map operations per read, on the hottest path there is).
 * Every state is persisted by the turn that made it, so passivation is forgetting. The whole map goes when the
 * partition is lost or a call's outcome is unknown.
 */
interface Cell {
  state: unknown;
  bytes: number;
}

/** A decoded state takes about this many times the bytes of its text. */
const MEMORY_PER_TEXT = 4;
/** Map entry, key and cell. */
const OVERHEAD_BYTES = 160;

/** State of a record whose text cannot be read: its messages fail, its neighbours' do not. */
export class Unreadable {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

export class Cells {
  readonly #cells = new Map<string, Cell>();
  readonly #budget: number;
  #bytes = 0;

  /** @param budget bytes this partition's cells may take */
  constructor(budget: number) {
    this.#budget = budget;
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

  get(name: string): unknown {
    return this.#cells.get(name)?.state;
  }

  /** @param text length of the stored text; 0 when there is no such record, which is worth remembering too */
  set(name: string, state: unknown, text: number): void {
    this.forget(name);
    const bytes = text * MEMORY_PER_TEXT + name.length + OVERHEAD_BYTES;
    this.#cells.set(name, { state, bytes });
    this.#bytes += bytes;
  }

  forget(name: string): void {
    const cell = this.#cells.get(name);
    if (cell === undefined) return;
    this.#cells.delete(name);
    this.#bytes -= cell.bytes;
  }

  /** Called between turns only: a turn's own records must stay while it is decided. */
  shrink(): void {
    if (this.#bytes <= this.#budget) return;
    for (const [name, cell] of this.#cells) {
      this.#cells.delete(name);
      this.#bytes -= cell.bytes;
      if (this.#bytes <= this.#budget) return;
    }
  }
}
