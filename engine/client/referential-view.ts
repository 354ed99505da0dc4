/** An order of a list endpoint. Two orders of one name must compare alike: views are kept by name. */
export interface Order<T> {
  name: string;
  compare(a: T, b: T): number;
}

export interface Page<T> {
  items: T[];
  /** how many there are in all pages */
  total: number;
}

/** Items in one order, kept so by inserting and removing one at a time: a list request never sorts them again. */
export class View<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #items: T[];

  /** @param compare total: 0 only for one and the same item */
  constructor(compare: (a: T, b: T) => number, items: Iterable<T>) {
    this.#compare = compare;
    this.#items = [...items].sort(compare);
  }

  add(item: T): void {
    this.#items.splice(this.#position(item), 0, item);
  }

  remove(item: T): void {
    const at = this.#position(item);
    if (this.#items[at] !== item) throw new Error('a view has lost an item');
    this.#items.splice(at, 1);
  }

  page(where: (item: T) => boolean, offset: number, limit: number): Page<T> {
    return pageOf(this.#items, where, offset, limit);
  }

  /** The first item for which `reached` holds; it must hold for all that follow, too. */
  first(reached: (item: T) => boolean): T | undefined {
    return this.#items[this.#firstAt(reached)];
  }

  #position(item: T): number {
    return this.#firstAt((other) => this.#compare(other, item) >= 0);
  }

  #firstAt(reached: (item: T) => boolean): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (reached(this.#items[middle] as T)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

export function pageOf<T>(sorted: readonly T[], where: (item: T) => boolean, offset: number, limit: number): Page<T> {
  const items: T[] = [];
  let total = 0;
  for (const item of sorted) {
    if (!where(item)) continue;
    if (total >= offset && items.length < limit) items.push(item);
    total += 1;
  }
  return { items, total };
}
